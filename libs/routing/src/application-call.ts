import { type Destination, destinationKinds, type Feature, kinds } from '@tipring/config';
import type { Party, Route } from '@tipring/telephony';
import { type Call, refused, routed, type Verdict } from './call.ts';
import type { ExplanationStep } from './explanation.ts';
import { liveState } from './ways/way.ts';

export type ApplicationDestination = Exclude<Destination, { readonly type: 'extension' | 'number' | 'refusal' }>;

/** What plays, listens and records. Its endpoint has the row’s id, or `application:echoTest`. */
export function callApplication(destination: ApplicationDestination, from: Party | undefined, call: Call): Verdict {
  if (destination.type === 'application') {
    return answeredBy({ endpoint: `application:${destination.name}`, what: { kind: 'application', id: null, key: destination.name }, displayName: destination.name, number: call.request.number }, from, call);
  }
  const kind = destinationKinds[destination.type];
  const row = call.office.snapshot[kinds[kind].rows].get(destination.id);
  if (row === undefined) return refused('unallocatedNumber', `there is no ${kind} of this id`);
  const number = ('number' in row ? row.number : null) ?? call.request.number;
  return answeredBy({ endpoint: row.id, what: { kind, id: row.id, key: row.key }, displayName: row.displayName, number }, from, call);
}

/** What is done by dialling it: `feature:retrieve:701`. @param argument what was dialled behind the code */
export function callFeature(feature: Feature, argument: string, call: Call): Verdict {
  const displayName = argument === '' ? feature : `${feature} ${argument}`;
  return answeredBy({ endpoint: `feature:${feature}:${argument}`, what: { kind: 'feature', id: null, key: feature }, displayName, number: call.request.number }, undefined, call);
}

interface Answering {
  readonly endpoint: string;
  readonly what: ExplanationStep['what'];
  readonly displayName: string;
  readonly number: string;
}

/** It answers at once, or never. */
function answeredBy({ endpoint, what, displayName, number }: Answering, from: Party | undefined, { caller, state, trace, request }: Call): Verdict {
  const name = `${what.kind} ${what.key}`;
  trace.tell(what, 'matched', 'application', `${displayName} takes the call`);
  trace.candidate({ endpoint, kind: 'application', key: what.key, via: name, number, shown: from?.number ?? null, cost: null, timeoutMs: ANSWER_MS, ...liveState(endpoint, state) }, true);
  const route: Route = {
    direction: caller.is === 'line' || caller.is === 'trunk' ? 'inbound' : 'internal',
    attempts: [{ endpoints: [endpoint], number, name, timeoutMs: ANSWER_MS }],
    ...(from === undefined ? {} : { from }),
    ...(request.diversions === undefined ? {} : { diversions: request.diversions }),
  };
  return routed(route, number, 'internal', null);
}

const ANSWER_MS = 10_000;
