import { musicOnHold, speechPieces } from '../dsp/talk-off.ts';
import { AnalogOffice, type OfficePort } from '../testbed/analog-office.ts';
import { countryLine, regionNamed } from '../testbed/country-line.ts';
import { looped } from '../testbed/voices.ts';
import { syntheticMusic } from '@tipring/dsp/test-support';
import { Dice } from '../testbed/random.ts';

/** What the far party of a line is heard as. */
export type Programme = 'speech' | 'music' | 'mixed';

export interface TalkTrial {
  readonly country: string;
  readonly programme: Programme;
  /** The busy tone of its country, in the far party's background; null: none. */
  readonly busyDbm0: number | null;
}

export interface TalkResult extends TalkTrial {
  readonly minutes: number;
  /** '' : it was still answered at the end. */
  readonly hungUp: string;
}

/** All at once in one office: each call lasts so long, unless somebody takes something in it for a hang-up. */
export function runTalks(trials: readonly TalkTrial[], minutes: number, seed = 1): TalkResult[] {
  const office = new AnalogOffice(trials.map(({ country }): OfficePort => ({ kind: 'line', region: country, plug: countryLine(regionNamed(country), { number: '5550100', partyTone: null }), overrides: { callerId: { modems: [] } } })));
  const dice = new Dice(seed);
  const [talk, music] = [joined(speechPieces(3).map(({ samples }) => samples)), joined(musicOnHold().map(({ samples }) => samples))];
  office.phone.answersAfterMs = 200;
  office.phone.voiceOf = (call) => looped(talk, call * 400_000 + 77_777);
  trials.forEach((_, index) => office.act({ on: 'line', port: office.idOf(index + 1), do: 'call' }));
  const isUp = (index: number): boolean => office.line(index + 1).state === 'up';
  office.until(() => trials.every((_, index) => isUp(index)), 20_000);
  const began = office.timers.now();
  trials.forEach(({ country, busyDbm0 }, index) => {
    if (busyDbm0 !== null) office.simulator.line(office.idOf(index + 1))!.office.mouth.play(regionNamed(country).tones.busy.tone, busyDbm0);
  });
  const ended: number[] = [];
  for (let second = 0; second < minutes * 60; second += 10) {
    trials.forEach(({ programme }, index) => {
      const line = office.simulator.line(office.idOf(index + 1))!;
      const isMusic = programme === 'music' || (programme === 'mixed' && Math.floor(second / 60) % 2 === 1);
      const source = isMusic ? music : talk;
      const from = (index * 1_234_567 + second * 8_000) % Math.max(1, source.length - 80_000);
      line.say(source.subarray(from, from + 78_000));
      // Somebody presses keys, here or there.
      if (dice.next() < 0.3) line.office.mouth.dial(dice.pick(['5', '12#', '*0']), { levelDbm0: -9 });
      if (!isUp(index)) ended[index] ??= office.timers.now();
    });
    office.pass(10_000);
  }
  const results = trials.map((trial, index): TalkResult => {
    const record = office.recordOf(index + 1);
    return { ...trial, minutes: ((ended[index] ?? office.timers.now()) - began) / 60_000, hungUp: record === undefined ? '' : record.evidence.text };
  });
  office.close();
  return results;
}

/** Where they are not installed: what is like them. */
function joined(pieces: readonly Int16Array[]): Int16Array {
  if (pieces.length === 0) return syntheticMusic(120, 3);
  const all = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
