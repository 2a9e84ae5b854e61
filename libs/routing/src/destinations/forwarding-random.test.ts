import type { Destination, Extension, RingGroup } from '@tipring/config';
import type { Attempt, Cause } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { dials, idOf, OfficeBed, WorldBed } from '../office-bed.ts';
import { Dice } from '../random-office.ts';

/*
 * Where a call goes, told twice: by the attempts that routing makes before it begins, followed as telephony follows them; and by going from extension to
 * extension, as the settings read.
 */
test('however the telephones of two thousand calls end, each goes on where the settings of its extension say', () => {
  const dice = new Dice(31);
  const seen = { attempts: 0, deepest: 0, refused: 0, boxes: 0 };
  for (let round = 0; round < 500; round += 1) {
    const bed = new OfficeBed();
    const box = bed.application('voicemailBox', 'box', {});
    const group = bed.ringGroup('g', [idOf('ext', '101'), idOf('ext', '102')], { number: '600', strategy: dice.one(['all', 'linear']), ringMs: 30_000, otherwise: somewhere(dice, box) });
    for (const number of numbers) {
      bed.extension(number, {
        forwarding: { always: dice.is(0.15) ? somewhere(dice, box) : null, busy: maybe(dice, box), noAnswer: maybe(dice, box), unreachable: maybe(dice, box) },
        isDoNotDisturb: dice.is(0.15), voicemailBoxId: dice.is(0.3) ? box : null,
      });
    }
    const table = bed.table();
    const office = new Map(numbers.map((number) => [idOf('ext', number), bed.row('extension', idOf('ext', number))]));
    for (let again = 0; again < 4; again += 1) {
      const ends = new Map(numbers.map((number) => [idOf('dev', number), dice.one(causes)]));
      const dialled = dice.one(numbers);
      const { outcome } = table.resolve(dials('nobody', dialled), new WorldBed(), 'call');
      const made = outcome.ok ? followed(outcome.route.attempts, ends) : null;
      const expected = new Walk(office, bed.row('ringGroup', group), ends).call(idOf('ext', dialled), [], 0);
      expect(made, JSON.stringify({ round, dialled, ends: [...ends] })).toEqual(expected);
      if (made === null) seen.refused += 1;
      else seen.attempts += made.length;
      seen.deepest = Math.max(seen.deepest, made?.length ?? 0);
      if (made?.at(-1) === box) seen.boxes += 1;
    }
  }
  expect(seen.deepest).toBeGreaterThan(3);
  expect(Math.min(seen.refused, seen.boxes)).toBeGreaterThan(100);
});

const numbers = ['101', '102', '103', '104', '105'] as const;
const causes: readonly Cause[] = ['userBusy', 'rejected', 'noAnswer', 'subscriberAbsent'];

function somewhere(dice: Dice, box: string): Destination {
  return dice.one<Destination>([
    ...numbers.map((number) => ({ type: 'extension', id: idOf('ext', number) }) as const), { type: 'voicemail', id: box }, { type: 'refusal', as: 'busy' }, { type: 'ringGroup', id: idOf('rgp', 'g') }, { type: 'number', number: dice.one(numbers) },
  ]);
}

function maybe(dice: Dice, box: string): Destination | null {
  return dice.is(0.5) ? somewhere(dice, box) : null;
}

/** Endpoints as they are tried; a box answers. */
function followed(attempts: readonly Attempt[], ends: ReadonlyMap<string, Cause>): readonly string[] {
  const tried: string[] = [];
  for (let at = 0; at !== -1; ) {
    const attempt: Attempt = attempts[at]!;
    tried.push(attempt.endpoints.join(' '));
    const cause = endOf(attempt.endpoints, ends);
    at = cause === null ? -1 : attempts.findIndex((one, place) => place > at && (one.after === undefined || one.after === attempt.label) && one.on?.includes(cause) === true);
  }
  return tried;
}

/** Together they end as telephony combines it: what a person did says most. Null: it answers. */
function endOf(endpoints: readonly string[], ends: ReadonlyMap<string, Cause>): Cause | null {
  const all = endpoints.map((id) => ends.get(id));
  if (all.includes(undefined)) return null;
  return (['rejected', 'userBusy', 'noAnswer', 'subscriberAbsent'] as const).find((cause) => all.includes(cause)) ?? null;
}

/** As the settings read. Null: it is refused before anything is tried. */
class Walk {
  readonly #office: ReadonlyMap<string, Extension>;
  readonly #group: RingGroup;
  readonly #ends: ReadonlyMap<string, Cause>;

  constructor(office: ReadonlyMap<string, Extension>, group: RingGroup, ends: ReadonlyMap<string, Cause>) {
    this.#office = office;
    this.#group = group;
    this.#ends = ends;
  }

  call(id: string, by: readonly string[], deep: number): readonly string[] | null {
    if (by.includes(id) || by.length >= 6) return null;
    const { forwarding, isDoNotDisturb, voicemailBoxId, number } = this.#office.get(id)!;
    const box = voicemailBoxId === null ? null : ({ type: 'voicemail', id: voicemailBoxId } as const);
    if (forwarding.always !== null) return this.#go(forwarding.always, [...by, id], deep);
    if (isDoNotDisturb) return this.#go(forwarding.busy ?? box, [...by, id], deep);
    const device = idOf('dev', number);
    const cause = this.#ends.get(device)!;
    const said = cause === 'noAnswer' ? forwarding.noAnswer : cause === 'subscriberAbsent' ? forwarding.unreachable : forwarding.busy;
    return [device, ...(this.#go(deep < 2 ? (said ?? box) : box, [...by, id], deep + 1) ?? [])];
  }

  #ring(by: readonly string[], deep: number): readonly string[] | null {
    const { id, members, strategy, otherwise } = this.#group;
    if (by.includes(id) || by.length >= 6) return null;
    const extensions = members.flatMap(({ target }) => (target.type === 'extension' ? [this.#office.get(target.id)!] : []));
    const devices = extensions.flatMap(({ isDoNotDisturb, number }) => (isDoNotDisturb ? [] : [idOf('dev', number)]));
    const next = this.#go(otherwise, [...by, id], deep);
    if (devices.length === 0) return next;
    return [...(strategy === 'all' ? [devices.join(' ')] : devices.length === 1 ? [devices[0]!, devices[0]!] : devices), ...(next ?? [])];
  }

  #go(destination: Destination | null, by: readonly string[], deep: number): readonly string[] | null {
    switch (destination?.type) {
      case 'extension': return this.call(destination.id, by, deep);
      case 'number': return this.call(idOf('ext', destination.number), by, deep);
      case 'voicemail': return [destination.id];
      case 'ringGroup': return this.#ring(by, deep);
      default: return null;
    }
  }
}
