import { Body, Controller, Headers, Inject, Param, Query, Res, type Type } from '@nestjs/common';
import { type Kind, kinds, rowsOf, type RowOf, saidOf, type Snapshot, StableKey } from '@tipring/config';
import { type Author, LiveConfiguration, newId } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { change, changed, remove } from './change.ts';
import { requireMatch, withEtag } from './etag.ts';
import { mergePatch, patchOf } from './merge-patch.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { type Cards, CARDS } from './ports.ts';
import { refuse, refuseAll } from './problem.ts';
import { ById } from './representations.ts';

/** A kind of thing that people configure, as the API has it. What is absent is as with every kind. */
export interface ConfiguredKind<Of extends Kind> {
  readonly kind: Of;
  /** As in the OpenAPI document: `LineGroup`, `LineGroups`. */
  readonly names: readonly [one: string, many: string];
  /** In sentences: `line group`, `line groups`. */
  readonly words: readonly [one: string, many: string];
  readonly description: string;
  readonly texts?: { readonly create?: string; readonly change?: string };
  /** What may be said of a new one, and of one that is changed; `saidOf(kind)`. */
  readonly creation?: z.ZodObject;
  readonly settings?: z.ZodObject;
  readonly patch?: z.ZodObject;
  readonly representation?: z.ZodObject;
  /** Made for each request; asks what its answers need. */
  presenter?(cards: Cards): Promise<(row: RowOf<Of>) => object>;
  /** Beside its key. */
  readonly filters?: Readonly<Record<string, { readonly schema: z.ZodType; of(row: RowOf<Of>): string }>>;
  /** Refuses, by throwing, what only the world can judge. */
  check?(said: Readonly<Record<string, unknown>>, cards: Cards): Promise<void>;
  /** What a patch leaves to be understood from the row. */
  completed?(patch: Readonly<Record<string, unknown>>, row: RowOf<Of>): Readonly<Record<string, unknown>>;
}

type Row = { readonly id: string; readonly key: string; readonly version: number; readonly createdAt: string; readonly updatedAt: string } & Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, unknown>>;

const Cursor = z.tuple([z.string()]);

/** `lineGroups` → `line-groups` */
export function pathOf(kind: Kind): string {
  return kinds[kind].rows.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The five ways of every kind that is configured: list, look at, make, change, delete. */
export function configuredController<Of extends Kind>(about: ConfiguredKind<Of>): Type<object> {
  const { kind, names: [name, plural], words: [one, many], filters = {} } = about;
  const { schema: whole, rows: rowsName, order, prefix } = kinds[kind];
  const path = `api/v1/${pathOf(kind)}`;
  const a = /^[aeio]/.test(one) ? `an ${one}` : `a ${one}`;

  const settings = about.settings ?? saidOf(kind);
  const Creation = (about.creation ?? settings).meta({ id: `${name}Creation` });
  const Patch = (about.patch ?? patchOf(settings)).meta({ id: `${name}Change`, description: 'JSON merge patch (RFC 7396): null puts a setting back to what holds when nothing is said' });
  const Representation = (about.representation ?? z.object((whole as unknown as z.ZodObject).shape)).meta({ id: name, description: about.description });
  const ListQuery = PageQuery.extend({ key: StableKey.optional(), ...Object.fromEntries(Object.entries(filters).map(([field, { schema }]) => [field, schema.optional()])) });

  const all = (snapshot: Snapshot) => snapshot[rowsName] as unknown as ReadonlyMap<string, Row>;
  const found = (snapshot: Snapshot, id: string): Row =>
    all(snapshot).get(id) ?? refuse('notFound', `There is no ${one} with this id. GET /${path}?key=… finds one by its key.`);
  const presenter = about.presenter ?? (() => Promise.resolve((row: RowOf<Of>): object => row));
  const replaced = (snapshot: Snapshot, rows: readonly Row[]) => ({ ...rowsOf(snapshot), [rowsName]: rows });

  @Controller(path)
  class ConfiguredController {
    readonly #configuration: LiveConfiguration;
    readonly #cards: Cards;

    constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(CARDS) cards: Cards) {
      this.#configuration = configuration;
      this.#cards = cards;
    }

    @Operation({ method: 'GET', path: '', id: `list${plural}`, summary: `${capital(many)}, by ${order}`, scope: 'read', status: 200, response: pageOf(name, Representation), problems: ['invalidCursor'] })
    async list(@Query({ schema: ListQuery }) query: { readonly limit: number; readonly after?: string } & Fields) {
      const after = cursor(query.after, Cursor)?.[0];
      const present = await presenter(this.#cards);
      const rows = [...all(this.#configuration.snapshot).values()].filter(
        (row) =>
          (after === undefined || String(row[order]) > after) &&
          (query['key'] === undefined || row.key === query['key']) &&
          Object.entries(filters).every(([field, { of }]) => query[field] === undefined || of(row as unknown as RowOf<Of>) === query[field]),
      );
      return page(rows, query.limit, (row) => [String(row[order])], (row) => present(row as unknown as RowOf<Of>));
    }

    @Operation({ method: 'GET', path: ':id', id: `get${name}`, summary: `One ${one}`, scope: 'read', status: 200, response: Representation, etag: true, problems: ['notFound'] })
    get(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res({ passthrough: true }) reply: FastifyReply) {
      return this.#answer(found(this.#configuration.snapshot, id), reply);
    }

    @Operation({
      method: 'POST', path: '', id: `create${name}`, summary: `A new ${one}`, ...(about.texts?.create === undefined ? {} : { description: about.texts.create }),
      scope: 'write', status: 201, response: Representation, etag: true, problems: ['notUnique', 'danglingReference', 'contradiction'],
    })
    async create(@Body({ schema: Creation }) body: Fields, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply) {
      await about.check?.(body, this.#cards);
      const now = new Date().toISOString();
      const id = newId(prefix);
      const said = about.creation === undefined ? body : settings.parse(body);
      const row = { id, ...said, version: 1, createdAt: now, updatedAt: now } as unknown as Row;
      const after = await change(this.#configuration, (snapshot) => replaced(snapshot, [...all(snapshot).values(), row]), caller);
      void reply.header('location', `/${path}/${id}`);
      return this.#answer(found(after, id), reply);
    }

    @Operation({
      method: 'PATCH', path: ':id', id: `change${name}`, summary: `Change ${a}`, description: `JSON merge patch (RFC 7396): what is null is put back to what holds when nothing is said; what is given another \`type\`, and lists, are replaced as a whole.${about.texts?.change === undefined ? '' : ` ${about.texts.change}`}`,
      scope: 'write', status: 200, response: Representation, ifMatch: true, etag: true, problems: ['notFound', 'notUnique', 'danglingReference', 'contradiction'],
    })
    async patch(
      @Param({ schema: ById }) { id }: z.infer<typeof ById>,
      @Body({ schema: Patch }) body: Fields,
      @Headers('if-match') ifMatch: string | undefined,
      @Caller() caller: Author,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      const merged = (row: Row): Fields => {
        const { id: _id, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...said } = row;
        return sound(settings, mergePatch(said, about.completed?.(body, row as unknown as RowOf<Of>) ?? body));
      };
      if (about.check !== undefined) {
        const said = merged(found(this.#configuration.snapshot, id));
        await about.check(Object.fromEntries(Object.keys(body).map((field) => [field, said[field]])), this.#cards);
      }
      const after = await change(
        this.#configuration,
        (snapshot) => {
          const row = found(snapshot, id);
          requireMatch(ifMatch, row);
          const { createdAt, version, updatedAt } = row;
          const edited = changed({ id, createdAt, version, updatedAt }, merged(row), new Date()) as unknown as Row;
          return replaced(snapshot, [...all(snapshot).values()].map((other) => (other.id === id ? edited : other)));
        },
        caller,
      );
      return this.#answer(found(after, id), reply);
    }

    @Operation({ method: 'DELETE', path: ':id', id: `delete${name}`, summary: `Delete ${a} that nothing refers to`, scope: 'write', status: 204, ifMatch: true, problems: ['notFound', 'inUse'] })
    async delete(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Headers('if-match') ifMatch: string | undefined, @Caller() caller: Author): Promise<void> {
      await remove(this.#configuration, kind, id, (snapshot) => requireMatch(ifMatch, found(snapshot, id)), caller);
    }

    async #answer(row: Row, reply: FastifyReply): Promise<object> {
      const present = await presenter(this.#cards);
      return withEtag(reply, row, present(row as unknown as RowOf<Of>));
    }
  }
  Object.defineProperty(ConfiguredController, 'name', { value: `${plural}Controller` });
  return ConfiguredController;
}

/** What was merged, whole again; what is not sound in it is the request's fault. */
function sound(settings: z.ZodObject, merged: unknown): Fields {
  const outcome = settings.safeParse(merged);
  if (outcome.success) return outcome.data;
  return refuseAll(outcome.error.issues.map(({ path, message }) => ({ code: 'invalidValue', pointer: `/${path.map(String).join('/')}`, hint: message })));
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
