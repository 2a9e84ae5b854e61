import { Body, Controller, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { documentJsonSchema } from '@tipring/config';
import { AuditLog, type Author } from '@tipring/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConfigurationPlans } from '../configuration-plans.ts';
import { Caller, requireAlso } from './api-key.guard.ts';
import { ApplicationCreation, ApplicationRepresentation, PlanRepresentation, presentApplied, presentPlan, presentPlanned, ReplacementRepresentation } from './config-representations.ts';
import { Operation } from './operation.ts';
import { refuse, refuseAll } from './problem.ts';
import { ById } from './representations.ts';

const Document = z.union([z.string(), z.looseObject({})]).meta({ description: 'The document as GET /api/v1/config/schema describes it, JSON or YAML' });
const PlanCreation = z
  .union([z.string(), z.strictObject({ document: Document, passphrase: z.string().min(1).max(1_000).optional() })])
  .meta({ id: 'ConfigurationPlanCreation', description: 'As application/yaml the document alone' });

const WithOptions = z.strictObject({
  confirmWithinS: z.coerce.number().int().min(10).max(604_800).optional().meta({ description: 'Seconds. It goes back by itself unless it is confirmed within that time' }),
  why: z.string().trim().min(1).max(1_000).optional().meta({ description: 'Kept with the revision' }),
});
type WithOptions = z.infer<typeof WithOptions>;
const documentProblems = ['syntax', 'unknownVersion', 'unknownField', 'missing', 'sealedElsewhere', 'notUnique', 'danglingReference', 'contradiction'] as const;

@Controller('api/v1/config')
export class ConfigController {
  readonly #plans: ConfigurationPlans;
  readonly #audit: AuditLog;

  constructor(@Inject(ConfigurationPlans) plans: ConfigurationPlans, @Inject(AuditLog) audit: AuditLog) {
    this.#plans = plans;
    this.#audit = audit;
  }

  @Operation({
    method: 'GET', path: 'export', id: 'exportConfiguration', summary: 'All that is configured, as one document',
    description: 'YAML; JSON with `Accept: application/json`. What is usual is left out, references are keys, secrets are sealed: by this system’s key, or by the header `Tipring-Passphrase`, so that another system can open them: whoever knows that passphrase can too, so it takes a key with the scope write. The same configuration is the same text.',
    scope: 'read', status: 200, mediaType: 'application/yaml', problems: ['invalidValue', 'storeUnavailable'],
  })
  async export(@Headers('accept') accept: string | undefined, @Headers('tipring-passphrase') passphrase: string | undefined, @Caller() caller: Author, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (passphrase !== undefined) {
      requireAlso(request, 'write');
      if (passphrase.length < LEAST_PASSPHRASE) return refuse('invalidValue', `A passphrase has ${LEAST_PASSPHRASE} characters at least: whoever has the file can try as many as he likes.`);
      await this.#audit.record(caller, 'export', 'configuration', null, { sealedBy: 'passphrase' });
    }
    const isJson = /^application\/(?:[a-z.]+\+)?json\b/i.test(accept ?? '');
    const text = await this.#plans.written(isJson ? 'json' : 'yaml', passphrase);
    void reply.header('content-type', `application/${isJson ? 'json' : 'yaml'}; charset=utf-8`).header('vary', 'accept');
    return text;
  }

  @Operation({ method: 'GET', path: 'schema', id: 'getConfigurationSchema', summary: 'The document’s JSON Schema, for editors', scope: null, status: 200, response: z.looseObject({}) })
  schema(): object {
    return documentJsonSchema();
  }

  @Operation({
    method: 'PUT', path: '', id: 'replaceConfiguration', summary: 'Let the document hold', description: 'Plan and application in one: what is not in it goes, what is the same stays as it is. Applied whole or not at all, without a restart; calls go on.',
    scope: 'write', status: 200, response: ReplacementRepresentation, bodyTypes: ['application/json', 'application/yaml'], problems: [...documentProblems, 'confirmationPending', 'preconditionFailed'],
  })
  async replace(
    @Body({ schema: Document }) document: z.infer<typeof Document>,
    @Query({ schema: WithOptions }) query: WithOptions,
    @Headers('tipring-passphrase') passphrase: string | undefined,
    @Caller() caller: Author,
  ): Promise<z.infer<typeof ReplacementRepresentation>> {
    const outcome = await this.#plans.replace(document, passphrase, caller, optionsOf(query));
    if (!outcome.ok) return refuseAll(outcome.problems.map(asProblem));
    return { ...presentApplied(outcome.value), ...presentPlanned(outcome.value) };
  }

  @Operation({
    method: 'POST', path: 'plans', id: 'createConfigurationPlan', summary: 'What a document would change', description: 'Nothing is changed. The answer lists every difference, what is probably not meant, and the calls that go over what changes.',
    scope: 'write', status: 201, response: PlanRepresentation, bodyTypes: ['application/json', 'application/yaml'], problems: documentProblems,
  })
  async plan(
    @Body({ schema: PlanCreation }) body: z.infer<typeof PlanCreation>,
    @Headers('tipring-passphrase') passphrase: string | undefined,
    @Caller() caller: Author,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof PlanRepresentation>> {
    const { document, ...given } = typeof body === 'string' ? { document: body } : body;
    const outcome = await this.#plans.plan(document, 'passphrase' in given ? given.passphrase : passphrase, caller);
    if (!outcome.ok) return refuseAll(outcome.problems);
    void reply.header('location', `/api/v1/config/plans/${outcome.value.id}`);
    return presentPlan(outcome.value);
  }

  @Operation({ method: 'GET', path: 'plans/:id', id: 'getConfigurationPlan', summary: 'One plan', scope: 'read', status: 200, response: PlanRepresentation, problems: ['notFound'] })
  find(@Param({ schema: ById }) { id }: z.infer<typeof ById>): z.infer<typeof PlanRepresentation> {
    const plan = this.#plans.find(id);
    return plan === undefined ? refuse('notFound', noPlan) : presentPlan(plan);
  }

  @Operation({
    method: 'POST', path: 'plans/:id/application', id: 'applyConfigurationPlan', summary: 'Make the planned change', description: 'Whole or not at all, without a restart; calls go on. With `confirmWithinS` it goes back by itself unless it is confirmed.',
    scope: 'write', status: 201, response: ApplicationRepresentation, shownOnce: ['credentials'], problems: ['notFound', 'stalePlan', 'confirmationPending'],
  })
  async apply(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: ApplicationCreation }) body: z.infer<typeof ApplicationCreation>, @Caller() caller: Author): Promise<z.infer<typeof ApplicationRepresentation>> {
    const outcome = await this.#plans.apply(id, caller, optionsOf(body));
    if (outcome === undefined) return refuse('notFound', noPlan);
    return outcome.ok ? presentApplied(outcome.value) : refuseAll(outcome.problems.map(asProblem));
  }
}

function optionsOf({ confirmWithinS, why }: WithOptions) {
  return { why: why ?? null, confirmWithinMs: confirmWithinS === undefined ? undefined : confirmWithinS * 1_000 };
}

/** Somebody else wrote between our reading and our writing. */
function asProblem<Problem extends { readonly code: string; readonly pointer: string; readonly hint: string }>(problem: Problem) {
  return { ...problem, code: problem.code === 'changedMeanwhile' ? 'preconditionFailed' : problem.code } as { code: Exclude<Problem['code'], 'changedMeanwhile'> | 'preconditionFailed'; pointer: string; hint: string };
}

const LEAST_PASSPHRASE = 8;
const noPlan = 'There is no such plan: it was applied, or it is older than an hour. Plan again with POST /api/v1/config/plans.';
