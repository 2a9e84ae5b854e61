import type { Cause } from '@tipring/telephony';
import { expect } from 'vitest';
import { anyMedia, type LineBed } from './line-bed.ts';

/** Calls a line or a station of the bed, at once hung up again: what it was told to be able to do is what it does. @returns what it was told to be */
export function probe(bed: LineBed, id: string): string {
  const [endpoint] = bed.lines.find(id);
  let told = bed.lines.availability(id);
  if (endpoint === undefined || told === undefined) {
    expect([told, endpoint]).toEqual([undefined, undefined]);
    return 'unknown';
  }
  // A call begins a moment after it was asked for.
  bed.timers.start(0, () => (told = bed.lines.availability(id)));
  let cause: Cause | 'none' = 'none';
  const leg = endpoint.originate('probe', { context: 'probe', from: { number: '104' }, number: '5550000', media: anyMedia }, (event) => {
    if (event.type === 'released') ({ cause } = event);
  });
  bed.pass(1);
  const is = { id, told, machine: bed.state(id), cause };
  leg.send({ type: 'release', cause: 'normalClearing' });
  bed.settle();
  expect(is).toEqual({ ...is, cause: expect.stringMatching((id.startsWith('line') ? ofLines : ofStations)[told.state] ?? /never/) as string });
  if (told.state === 'ready') expect(is.machine).toMatch(id.startsWith('line') ? /^seizing$/ : /^(ringing|announcing)$/);
  return told.state;
}

const ofLines: Readonly<Record<string, RegExp>> = {
  ready: /^none$/,
  busy: /^noCircuit$/,
  resting: /^noCircuit$/,
  inUseElsewhere: /^noCircuit$/,
  down: /^outOfOrder$/,
  disabled: /^(outOfOrder|noCircuit)$/,
  absent: /^(outOfOrder|temporaryFailure)$/,
};

const ofStations: Readonly<Record<string, RegExp>> = {
  ready: /^none$/,
  resting: /^none$/,
  // It can be told of another call.
  busy: /^(userBusy|none)$/,
  disabled: /^outOfOrder$/,
  absent: /^(outOfOrder|temporaryFailure)$/,
};
