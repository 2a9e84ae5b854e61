import { Body, Controller, Inject, Req } from '@nestjs/common';
import type { Snapshot } from '@tipring/config';
import { LiveConfiguration } from '@tipring/store';
import type { AvailabilityState, EndpointId } from '@tipring/telephony';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireAlso } from './api-key.guard.ts';
import { AvailabilityName, ExplainAnswer, presentExplained } from './explanation-representations.ts';
import { Operation } from './operation.ts';
import { EXPLAINER, type RouteExplainer, type RouteQuestion } from './ports.ts';
import { refuse } from './problem.ts';

const Name = z.string().min(1).max(80);

const ExplainQuestion = z
  .strictObject({
    from: z
      .union([z.strictObject({ extension: Name }), z.strictObject({ trunk: Name }), z.strictObject({ line: Name })])
      .meta({ description: 'Whose call it is, by key or id, an extension also by its number', examples: [{ extension: '101' }, { trunk: 'carrier' }] }),
    callerNumber: z.string().max(32).optional().meta({ description: 'Of a call that comes in; absent: the caller withholds it' }),
    to: z.string().max(64).regex(/^[0-9*#+]*$/, 'digits, *, # and +').optional().meta({ description: 'As dialled, or as the trunk gives it; a line has its own number' }),
    at: z.iso.datetime({ offset: true }).optional().meta({ description: 'What schedules are asked for; absent: now' }),
    states: z.record(Name, AvailabilityName).optional().meta({ description: 'Trunks and lines, by key or id, that are taken to be in this state', examples: [{ carrier: 'down' }] }),
    pin: z.string().max(32).optional().meta({ description: 'Takes a key with the scope write' }),
  })
  .meta({ id: 'RoutingQuestion' });
type ExplainQuestion = z.infer<typeof ExplainQuestion>;

@Controller('api/v1/routing')
export class RoutingController {
  readonly #configuration: LiveConfiguration;
  readonly #explainer: RouteExplainer;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(EXPLAINER) explainer: RouteExplainer) {
    this.#configuration = configuration;
    this.#explainer = explainer;
  }

  @Operation({
    method: 'POST', path: 'explain', id: 'explainRouting', summary: 'Where a call would go, and why', description: 'By the code that routes calls, every rule it considers included. No call is made and nothing is kept.',
    scope: 'read', status: 200, response: ExplainAnswer, problems: ['danglingReference', 'contradiction'],
  })
  explain(@Body({ schema: ExplainQuestion }) asked: ExplainQuestion, @Req() request: FastifyRequest): z.infer<typeof ExplainAnswer> {
    // Else whoever may read could try all PINs there are.
    if (asked.pin !== undefined) requireAlso(request, 'write');
    const { outcome, explanation } = this.#explainer.explain(questionOf(this.#configuration.snapshot, asked, Date.now()));
    return presentExplained(outcome, explanation);
  }
}

function questionOf(snapshot: Snapshot, asked: ExplainQuestion, now: number): RouteQuestion {
  const states = new Map(Object.entries(asked.states ?? {}).flatMap(([name, state]) => carriersOf(snapshot, name).map((id) => [id, state as AvailabilityState] as const)));
  return {
    ...callerOf(snapshot, asked),
    at: asked.at === undefined ? now : Date.parse(asked.at),
    states,
    ...(asked.pin === undefined ? {} : { pin: asked.pin }),
  };
}

function callerOf(snapshot: Snapshot, { from, to, callerNumber }: ExplainQuestion): Pick<RouteQuestion, 'endpoint' | 'from' | 'number'> {
  const outside = callerNumber === undefined ? { number: '', anonymous: true } : { number: callerNumber };
  if ('extension' in from) {
    const extension = snapshot.extensionByNumber(from.extension) ?? named(snapshot.extensions, from.extension);
    if (extension === undefined) return refuse('danglingReference', `There is no extension ${from.extension}.`, '/from/extension');
    const phone = snapshot.devicesOf(extension.id)[0] ?? snapshot.stationsOf(extension.id)[0];
    if (phone === undefined) return refuse('contradiction', `Extension ${extension.number} has neither a phone nor a telephone: nobody can call from it.`, '/from/extension');
    if (to === undefined) return refuse('invalidValue', 'Say what is dialled.', '/to');
    return { endpoint: phone.id, from: { number: extension.number, name: extension.displayName }, number: to };
  }
  if ('trunk' in from) {
    const trunk = named(snapshot.trunks, from.trunk) ?? refuse('danglingReference', `There is no trunk ${from.trunk}.`, '/from/trunk');
    if (to === undefined) return refuse('invalidValue', 'Say which number the trunk gives.', '/to');
    return { endpoint: trunk.id, from: outside, number: to };
  }
  const line = named(snapshot.lines, from.line) ?? refuse('danglingReference', `There is no line ${from.line}.`, '/from/line');
  return { endpoint: line.id, from: outside, number: to ?? line.number ?? '' };
}

/** A key may be a trunk’s and a line’s: then it is both. */
function carriersOf(snapshot: Snapshot, name: string): readonly EndpointId[] {
  const found = [named(snapshot.trunks, name), named(snapshot.lines, name)].flatMap((one) => (one === undefined ? [] : [one.id]));
  return found.length > 0 ? found : refuse('danglingReference', `There is neither a trunk nor a line ${name}.`, `/states/${name}`);
}

function named<Row extends { readonly id: string; readonly key: string }>(rows: ReadonlyMap<string, Row>, name: string): Row | undefined {
  return rows.get(name) ?? [...rows.values()].find(({ key }) => key === name);
}
