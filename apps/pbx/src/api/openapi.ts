import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { z } from 'zod';
import { OPERATION, type OperationSettings } from './operation.ts';
import { catalogue, type ProblemCode } from './problem.ts';

type Json = Record<string, unknown>;
type ControllerClass = abstract new (...ports: never[]) => object;

interface RouteArgument {
  readonly data?: unknown;
  readonly schema?: z.ZodType;
}

/**
 * OpenAPI 3.1 from the controllers themselves: paths and answers from `@Operation`, what comes in from the schemas that
 * @Body, @Query and @Param parse with. Schemas with an `id` become components.
 */
export function openApi(controllers: readonly ControllerClass[], version: string): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const controller of controllers) {
    const base = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
    for (const name of Object.getOwnPropertyNames(controller.prototype)) {
      const method = (controller.prototype as Record<string, unknown>)[name];
      if (typeof method !== 'function' || Reflect.getMetadata(METHOD_METADATA, method) === undefined) continue;
      const settings = Reflect.getMetadata(OPERATION, method) as OperationSettings;
      const path = `/${[base, settings.path].filter((part) => part !== '' && part !== '/').join('/')}`.replace(/:([a-z]+)/g, '{$1}');
      const routeArguments = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, RouteArgument>;
      (paths[path] ??= {})[settings.method.toLowerCase()] = operation(settings, tagOf(base), routeArguments, components);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tipring', version, summary: 'An on-prem hybrid IP PBX', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }, description },
    servers: [{ url: '/' }],
    tags: [...new Set(controllers.map((controller) => tagOf(String(Reflect.getMetadata(PATH_METADATA, controller) ?? ''))))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...components, Problem: problemSchema },
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: Authorization: Bearer tip_…' } },
    },
    security: [{ apiKey: [] }],
  };
}

function operation(settings: OperationSettings, tag: string, routeArguments: Record<string, RouteArgument>, components: Json): Json {
  const parameters: Json[] = [];
  let requestBody: Json | undefined;
  for (const [key, argument] of Object.entries(routeArguments)) {
    if (argument.schema === undefined) continue;
    const kind = Number(key.split(':')[0]) as RouteParamtypes;
    if (kind === RouteParamtypes.BODY) {
      const mediaTypes = settings.bodyTypes ?? [settings.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'];
      const schema = jsonSchema(argument.schema, 'input', components);
      const content = Object.fromEntries(mediaTypes.map((type) => [type, { schema: type === 'application/yaml' ? { type: 'string' } : type === 'audio/wav' ? { type: 'string', format: 'binary' } : schema }]));
      requestBody = { required: !argument.schema.safeParse(undefined).success, content };
    } else if (kind === RouteParamtypes.QUERY) parameters.push(...fields(argument.schema, 'query'));
    else if (kind === RouteParamtypes.PARAM) parameters.push(...fields(argument.schema, 'path'));
  }
  if (settings.ifMatch === true) parameters.push({ name: 'If-Match', in: 'header', required: true, schema: { type: 'string' }, description: 'The ETag it was read with, or *' });
  if (settings.method === 'POST' && settings.scope !== null) {
    parameters.push({ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 255 }, description: 'Makes a repetition harmless for a day' });
  }
  return {
    operationId: settings.id,
    summary: settings.summary,
    ...(settings.description === undefined ? {} : { description: settings.description }),
    tags: [tag],
    ...(settings.scope === null ? { security: [] } : { 'x-scope': settings.scope }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: { [String(settings.status)]: success(settings, components), ...refusals(settings, requestBody !== undefined || parameters.length > 0) },
  };
}

function success(settings: OperationSettings, components: Json): Json {
  const headers = settings.etag === true ? { headers: { ETag: { schema: { type: 'string' }, description: 'For If-Match' } } } : {};
  const content =
    settings.response !== undefined
      ? { content: { 'application/json': { schema: jsonSchema(settings.response, 'output', components) } } }
      : settings.mediaType !== undefined
        ? { content: { [settings.mediaType]: { schema: { type: 'string' } } } }
        : {};
  return { description: settings.status === 204 ? 'Done' : settings.summary, ...headers, ...content };
}

function refusals(settings: OperationSettings, takesInput: boolean): Json {
  const codes = new Set<ProblemCode>(settings.problems);
  if (takesInput) codes.add('invalidValue');
  if (settings.scope !== null) codes.add('unauthenticated').add('forbidden');
  if (settings.ifMatch === true) codes.add('preconditionRequired').add('preconditionFailed');
  if (settings.scope === 'write') codes.add('storeUnavailable');
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) byStatus.set(catalogue[code][0], [...(byStatus.get(catalogue[code][0]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, among]) => [
      String(status),
      { description: among.map((code) => `\`${code}\`: ${catalogue[code][1]}`).join('. '), content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    ]),
  );
}

function fields(schema: z.ZodType, where: 'query' | 'path'): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, { description: text, id: _id, ...shape }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(text === undefined ? {} : { description: text }),
    schema: shape,
  }));
}

/** The schema by reference when it has an id; what it refers to goes into the components too. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $schema: _dialect, $defs = {}, ...own } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json> };
  for (const [name, definition] of Object.entries($defs)) components[name] = inComponents(definition);
  const id = schema.meta()?.id;
  // A schema with an id may already come as a reference to its own definition.
  if (id === undefined || '$ref' in own) return inComponents(own);
  components[id] = inComponents(own);
  return { $ref: `#/components/schemas/${id}` };
}

/** Without zod's `readOnly`: it says that code does not change the object, in OpenAPI it would say that a client must not send it. */
function inComponents(schema: Json): Json {
  const isOurs = (key: string, value: unknown) => !(key === 'id' && typeof value === 'string') && !(key === 'readOnly' && value === true);
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (isOurs(key, value) ? value : undefined)).replaceAll('#/$defs/', '#/components/schemas/')) as Json;
}

function tagOf(base: string): string {
  return base.startsWith('api/v1/') ? (base.split('/')[2] ?? 'system') : 'system';
}

const description = `Everything is under \`/api/v1\`. Send \`Authorization: Bearer KEY\`.

- A thing has an opaque \`id\` and, where people configure it, a stable \`key\` of their choice.
- PATCH takes a JSON merge patch. Every change of a versioned thing needs \`If-Match\` with the ETag it was read with (428 without, 412 when it was changed since).
- A POST with an \`Idempotency-Key\` may be repeated without harm for a day.
- Lists are paged: \`limit\`, and \`after\` with the \`next\` of the page before.
- What is refused is explained as \`application/problem+json\` (RFC 9457) with a stable \`code\`, a \`hint\` and, where a field is at fault, a \`pointer\`.`;

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'code', 'hint'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(catalogue) },
    hint: { type: 'string', description: 'What to do about it' },
    pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) into the request’s body' },
    problems: { type: 'array', items: { type: 'object', required: ['code', 'pointer', 'hint'], properties: { code: { type: 'string' }, pointer: { type: 'string' }, hint: { type: 'string' } } } },
  },
};
