import { DestinationClass, kindNames } from '@tipring/config';
import type { Explanation } from '@tipring/routing';
import type { RouteOutcome } from '@tipring/telephony';
import { z } from 'zod';
import { CauseName, PartyRepresentation } from './call-representations.ts';
import { Instant, instant } from './representations.ts';

export const AvailabilityName = z
  .enum(['ready', 'degraded', 'busy', 'full', 'resting', 'inUseElsewhere', 'absent', 'down', 'disabled'])
  .meta({ id: 'Availability', description: 'Whether a line or a trunk could take a call out' });

const Step = z
  .object({
    what: z.object({ kind: z.string().meta({ examples: ['outboundRoute', 'permission', 'emergency', 'numbering'] }), id: z.string().nullable(), key: z.string() }),
    verdict: z.enum(['matched', 'notMatched', 'applied', 'passed', 'refused']),
    code: z.string().meta({ description: 'Stable, for machines', examples: ['otherPrefix', 'scheduleClosed', 'notPermitted'] }),
    text: z.string(),
  })
  .meta({ id: 'RoutingStep', description: 'One thing that was looked at' });

const CandidateRepresentation = z
  .object({
    endpoint: z.string(),
    kind: z.enum(['trunk', 'line', 'device', 'station', 'application']),
    key: z.string(),
    via: z.string().meta({ description: 'By which group or rule it came in' }),
    state: z.union([AvailabilityName, z.literal('unknown')]),
    stateText: z.string(),
    number: z.string().meta({ description: 'What it would be given' }),
    shown: z.string().nullable(),
    cost: z.number().nullable().meta({ description: 'Of the tariff’s currency for the first minute; null: no rate' }),
    tried: z.boolean().meta({ description: 'False: passed over; `stateText` says why' }),
  })
  .meta({ id: 'RoutingCandidate', description: 'A way the call could take, in the order of trying' });

const DecisionRepresentation = z
  .discriminatedUnion('is', [
    z.object({ is: z.literal('routed'), direction: z.enum(['internal', 'inbound', 'outbound']), to: z.string(), class: DestinationClass, e164: z.string().nullable() }),
    z.object({ is: z.literal('refused'), cause: CauseName, text: z.string() }),
    z.object({ is: z.literal('asksPin'), pinSet: z.string() }),
  ])
  .meta({ id: 'RoutingDecision' });

export const ExplanationRepresentation = z
  .looseObject({
    at: Instant,
    from: PartyRepresentation,
    endpoint: z.string(),
    number: z.string(),
    caller: z.object({ kind: z.enum([...kindNames, 'unknown']), id: z.string(), key: z.string() }),
    steps: z.array(Step),
    moreNotMatched: z.int().meta({ description: 'Rules that did not fit and are not among the steps' }),
    candidates: z.array(CandidateRepresentation),
    decision: DecisionRepresentation,
  })
  .meta({ id: 'RoutingExplanation', description: 'How routing came to it, in the order in which things were looked at' });

const OfAttempt = {
  label: z.string().nullable().meta({ description: 'By which others come after it' }),
  after: z.string().nullable().meta({ description: 'Only if the attempt of this label was the last that was made; null: whichever it was' }),
  on: z.array(CauseName).nullable().meta({ description: 'Only if that ended so; null: if another way may help' }),
  delaysMs: z.record(z.string(), z.number()).meta({ description: 'By endpoint, milliseconds after the others' }),
  isAnsweredByItself: z.boolean(),
};

export const ExplainAnswer = z
  .object({
    ok: z.boolean().meta({ description: 'Whether the call goes anywhere' }),
    attempts: z.array(z.object({ name: z.string().nullable(), endpoints: z.array(z.string()), number: z.string(), shown: PartyRepresentation.nullable(), timeoutMs: z.number(), isEmergency: z.boolean(), ...OfAttempt })).meta({ description: 'Tried one after the other; with `after` and `on`, only where the call was forwarded to for that' }),
    features: z.object({ music: z.string().optional(), record: z.boolean().optional() }).nullable().meta({ description: 'What the call is to have besides' }),
    emergency: z.string().nullable().meta({ description: 'The emergency number it is taken for' }),
    explanation: ExplanationRepresentation,
  })
  .meta({ id: 'RoutingAnswer', description: 'What routing does with such a call, by the code that routes calls' });

export function presentExplained(outcome: RouteOutcome, explanation: Explanation): z.infer<typeof ExplainAnswer> {
  const route = outcome.ok ? outcome.route : undefined;
  return {
    ok: outcome.ok,
    attempts: (route?.attempts ?? []).map(({ name, endpoints, number, from, timeoutMs, priority, label, after, on, delays, answerMode }) => ({
      name: name ?? null, endpoints: [...endpoints], number, shown: from ?? route?.from ?? null, timeoutMs, isEmergency: priority === 'emergency',
      label: label ?? null, after: after ?? null, on: on === undefined ? null : [...on], delaysMs: { ...delays }, isAnsweredByItself: answerMode === 'auto',
    })),
    features: route?.features === undefined ? null : { ...route.features },
    emergency: route?.emergency?.number ?? null,
    explanation: { ...presentExplanation(explanation) },
  };
}

export function presentExplanation(explanation: Explanation): z.infer<typeof ExplanationRepresentation> {
  return { ...explanation, at: instant(explanation.at), steps: [...explanation.steps], candidates: [...explanation.candidates] };
}
