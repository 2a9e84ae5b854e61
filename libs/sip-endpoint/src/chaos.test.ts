import type { CallRecord } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { PhoneBed } from './phone-bed.ts';
import { type Phone, sdp } from './scripted-phone.ts';

test('40 afternoons of three phones, lost datagrams and killed processes: no bug, one record a call, and nothing is left', () => {
  const all: CallRecord[] = [];
  for (let seed = 1; seed <= 40; seed++) all.push(...afternoon(seed));
  // The dice did fall on what is to be tried.
  expect(all.filter((record) => record.answeredAt !== null).length).toBeGreaterThan(50);
  expect(all.filter((record) => record.recovered).length).toBeGreaterThan(20);
}, 60_000);

function afternoon(seed: number): CallRecord[] {
  const bed = new PhoneBed({ seed });
  const phones = [bed.phone('101', '101', 11), bed.phone('102-desk', '102', 12), bed.phone('102-soft', '102', 13, { transport: 'tcp' })];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(bed.random() * list.length)] as T;
  const bugs: string[] = [];
  const records: CallRecord[] = [];
  const begun: string[] = [];
  const collect = (): void => {
    bugs.push(...bed.pbx.bugs.splice(0).map((bug) => String(bug.error)));
    records.push(...bed.pbx.records.splice(0));
    begun.push(...bed.pbx.begun.splice(0).map((line) => line.id));
  };
  bed.wire.setLoss(pick([0, 0.05, 0.2]));
  for (let step = 0; step < 60; step++) {
    const phone = pick(phones);
    const roll = bed.random();
    if (roll < 0.2) phone.call(pick(['101', '102', '102', '999']), { offer: pick([sdp(phone.address), 'none']) });
    else if (roll < 0.45) for (const one of phones) answered(one, pick);
    else if (roll < 0.51) phone.session?.end();
    else if (roll < 0.6) phone.session?.reinvite(sdp(phone.address, { direction: pick(['sendonly', 'sendrecv', 'inactive']), version: step + 2 }));
    else if (roll < 0.65) phone.session?.info('application/dtmf', '5');
    else if (roll < 0.7) for (const call of bed.pbx.exchange.calls()) bed.pbx.exchange.hangUp(call.id);
    else if (roll < 0.74) {
      collect();
      bed.restart();
    } else if (roll < 0.78) {
      bed.gateway.goDown();
      bed.pass(pick([10, 500]));
      bed.gateway.comeUp(pick(['same', 'restarted']));
    } else bed.pass(pick([1, 20, 300, 300, 5_000, 40_000]));
    bed.pass(pick([0, 5, 50, 50]));
  }
  bed.wire.setLoss(0);
  for (const phone of phones) for (const session of phone.sessions) session.end();
  // A BYE that got lost for good is found out by the session timer (RFC 4028).
  bed.pass(4_000_000);
  collect();
  let contexts = -1;
  bed.gateway.send({ do: 'audit' }, (reply) => (contexts = reply?.contexts.length ?? -1));
  bed.pass();
  expect({ seed, bugs, calls: bed.pbx.exchange.size, contexts, listeners: bed.pbx.media.size, twice: records.length - new Set(records.map((record) => record.id)).size }).toEqual({ seed, bugs: [], calls: 0, contexts: 0, listeners: 0, twice: 0 });
  // A call that was killed before it had media has no context to come back from: the journal closes it.
  expect(begun).toEqual(expect.arrayContaining(records.map((record) => record.id)));
  return records;
}

function answered(phone: Phone, pick: <T>(list: readonly T[]) => T): void {
  if (phone.session?.direction === 'in' && phone.session.phase === 'early') return phone.session.accept(sdp(phone.address));
  const invite = phone.incoming.pop();
  if (invite === undefined) return;
  const what = pick(['ring', 'answer', 'answer', 'busy', 'early']);
  if (what === 'busy') return invite.refuse(486);
  phone.session = invite.take((event) => phone.events.push(event), { contactUser: phone.username });
  phone.sessions.push(phone.session);
  if (what === 'ring') phone.session.provisional(180);
  else if (what === 'early') phone.session.provisional(183, { sdp: sdp(phone.address) });
  else phone.session.accept(sdp(phone.address));
}
