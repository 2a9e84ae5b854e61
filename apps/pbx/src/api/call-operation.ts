import type { CallControl, CallView, LegView, Operated, OperationRefusal } from '@tipring/telephony';
import { z } from 'zod';
import type { ProblemCode } from './problem.ts';
import { refuse } from './problem.ts';

/** One side of a call as people name it: the leg, or the device, station, trunk or line whose leg it is. */
export const LegName = z.string().min(1).max(120).meta({ description: 'One side of the call: the id of its leg, or of the device, station, trunk or line that it is', examples: ['cal_0mzq3v8k1r9c5t7w2x4y.2'] });
export const ById = z.object({ id: z.string().min(1).max(80) });
export const ByLeg = ById.extend({ leg: LegName });

/** What every operation on a call may be refused with. */
export const operationProblems = ['notFound', 'wrongState', 'emergencyCall'] as const satisfies readonly ProblemCode[];

export function callOf(calls: CallControl, id: string): CallView {
  return calls.call(id) ?? refuse('notFound', `No such call is up. When it was, its record is at /api/v1/call-records/${encodeURIComponent(id)}.`);
}

/** Of those that are there; an endpoint that is there more than once is named by its latest leg. */
export function legOf(call: CallView, name: string): LegView {
  const leg = call.legs.findLast(({ id, endpoint, state }) => state !== 'released' && (id === name || endpoint === name));
  return leg ?? refuse('notFound', `Nobody in this call is ${name}. GET /api/v1/calls/${encodeURIComponent(call.id)} lists its legs.`);
}

/** A refusal becomes a problem; what was begun comes back. */
export function done<T>(operated: Operated<T>): { readonly ok: true } & T {
  return operated.ok ? operated : refuse(problemOf[operated.code], operated.text);
}

const problemOf = { noSuchCall: 'notFound', noSuchLeg: 'notFound', wrongState: 'wrongState', refused: 'wrongState', emergency: 'emergencyCall' } as const satisfies Record<OperationRefusal['code'], ProblemCode>;
