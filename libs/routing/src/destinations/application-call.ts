import { type Destination, destinationKinds, kinds } from '@tipring/config';
import type { Route, RouteFeatures } from '@tipring/telephony';
import { type Call, type Passing, refused, routed, type Verdict } from '../call.ts';
import type { ExplanationStep } from '../explanation.ts';
import { liveState } from '../ways/way.ts';
import { calledNumber } from './passing.ts';
import { featuresOf } from './recorded.ts';

export type ApplicationDestination = Exclude<Destination, { readonly type: 'extension' | 'number' | 'refusal' | 'ringGroup' }>;

/** What plays, listens and records. Its endpoint has the row’s id, or `application:echoTest`. */
export function callApplication(destination: ApplicationDestination, passing: Passing, call: Call): Verdict {
  const { snapshot } = call.office;
  if (destination.type === 'application') {
    return answeredBy({ endpoint: `application:${destination.name}`, what: { kind: 'application', id: null, key: destination.name }, displayName: destination.name, number: calledNumber({ key: destination.name }, call) }, passing, call);
  }
  const kind = destinationKinds[destination.type];
  const row = snapshot[kinds[kind].rows].get(destination.id);
  if (row === undefined) return refused('unallocatedNumber', `there is no ${kind} ${destination.id}`);
  return answeredBy({ endpoint: row.id, what: { kind, id: row.id, key: row.key }, displayName: row.displayName, number: calledNumber(row, call), ...queueFeatures(destination, call) }, passing, call);
}

interface Answering {
  readonly endpoint: string;
  readonly what: ExplanationStep['what'];
  readonly displayName: string;
  readonly number: string;
  readonly features?: RouteFeatures;
}

/** It answers at once, or never. */
export function answeredBy({ endpoint, what, displayName, number, features }: Answering, { from, diversions }: Passing, { talker, state, trace }: Call): Verdict {
  const name = `${what.kind} ${what.key}`;
  trace.tell(what, 'matched', 'application', `${displayName} takes the call`);
  trace.candidate({ endpoint, kind: 'application', key: what.key, via: name, number, shown: from?.number ?? null, cost: null, timeoutMs: ANSWER_MS, ...liveState(endpoint, state) }, true);
  const route: Route = {
    direction: talker.is === 'line' || talker.is === 'trunk' ? 'inbound' : 'internal',
    attempts: [{ endpoints: [endpoint], number, name, timeoutMs: ANSWER_MS }],
    ...(from === undefined ? {} : { from }),
    ...(diversions === undefined ? {} : { diversions }),
    ...(features === undefined ? {} : { features }),
  };
  return routed(route, number, 'internal', null);
}

/** Who waits in a queue hears its music; who talks to one of its agents may be recorded. Other applications talk to themselves. */
function queueFeatures(destination: ApplicationDestination, call: Call): { readonly features?: RouteFeatures } {
  if (destination.type !== 'queue') return {};
  const { record, musicClassId, key, displayName } = call.office.snapshot.queues.get(destination.id)!;
  const direction = call.talker.is === 'line' || call.talker.is === 'trunk' ? 'inbound' : 'internal';
  const recorded = featuresOf(direction, [{ record, key, number: displayName }], call);
  const features: RouteFeatures = { ...recorded, ...(musicClassId === null ? {} : { music: musicClassId }) };
  return Object.keys(features).length === 0 ? {} : { features };
}

const ANSWER_MS = 10_000;
