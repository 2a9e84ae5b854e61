import { formatReferTo, formatReplaces } from '@tipring/sip';
import type { Session } from '@tipring/sip';
import type { CallRecord } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { PhoneBed } from './phone-bed.ts';
import { legName } from './replaced-leg.ts';
import { type Phone, REALM, sdp } from './scripted-phone.ts';

test('15 afternoons of four phones that transfer and pick up, with lost datagrams and killed processes: no bug, one record a call, whole segments, and nothing is left', () => {
  const all: CallRecord[] = [];
  const told: string[] = [];
  for (let seed = 1; seed <= 15; seed++) all.push(...afternoon(seed, told));
  // The dice did fall on what is to be tried.
  expect(all.filter((record) => record.continuedIn !== null).length).toBeGreaterThan(8);
  expect(all.filter((record) => record.recovered).length).toBeGreaterThan(8);
  for (const what of ['100 Trying', '200 OK', '404 Not Found', '481 ']) expect([what, told.some((line) => line.includes(what))]).toEqual([what, true]);
}, 60_000);

function afternoon(seed: number, told: string[]): CallRecord[] {
  const bed = new PhoneBed({ seed });
  const phones = ['101', '102', '103', '104'].map((number, at) => bed.phone(number, number, 11 + at, at === 3 ? { transport: 'tcp' } : {}));
  for (const { username } of phones) bed.pickups.set(username, (leg) => bed.pbx.exchange.calls().some((call) => call.legs.some(({ id, state }) => id === leg && state !== 'released')));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(bed.random() * list.length)] as T;
  const numbers = ['101', '102', '103', '104', '104', '999'];
  const bugs: string[] = [];
  const records: CallRecord[] = [];
  const collect = (): void => {
    bugs.push(...bed.pbx.bugs.splice(0).map(({ error }) => (error instanceof Error ? (error.stack ?? error.message) : String(error))));
    records.push(...bed.pbx.records.splice(0));
  };
  bed.wire.setLoss(pick([0, 0, 0.05, 0.15]));
  for (let step = 0; step < 90; step++) {
    const phone = pick(phones);
    const live = phone.sessions.filter(({ phase }) => phase === 'confirmed');
    const roll = bed.random();
    if (roll < 0.16) phone.call(pick(numbers));
    else if (roll < 0.46) for (const one of phones) answered(one, pick);
    else if (roll < 0.5) pick(phone.sessions)?.end();
    else if (roll < 0.57) pick(live)?.reinvite(sdp(phone.address, { direction: pick(['sendonly', 'sendrecv']), version: step + 2 }));
    else if (roll < 0.64) phone.ask('REFER', [['Refer-To', `<sip:${pick(numbers)}@${REALM}>`], ...(bed.random() < 0.2 ? [['Refer-Sub', 'false'] as const] : [])], pick(live));
    else if (roll < 0.74 && live.length > 1) phone.ask('REFER', [['Refer-To', formatReferTo(`sip:1@${REALM}`, named(pick(live)))]], pick(live));
    else if (roll < 0.79) phone.call(pick(numbers), { headers: [['Replaces', replaces(bed, pick(phones), pick)]] });
    else if (roll < 0.81) for (const call of bed.pbx.exchange.calls()) bed.pbx.exchange.hangUp(call.id);
    else if (roll < 0.84) {
      collect();
      bed.restart();
    } else if (roll < 0.86) {
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
  told.push(...phones.flatMap(({ notified }) => notified));
  let contexts = -1;
  bed.gateway.send({ do: 'audit' }, (reply) => (contexts = reply?.contexts.length ?? -1));
  bed.pass();
  const left = { calls: bed.pbx.exchange.size, contexts, listeners: bed.pbx.media.size, sessions: bed.pbx.sessions.size, twice: records.length - new Set(records.map(({ id }) => id)).size };
  expect({ seed, bugs, left }).toEqual({ seed, bugs: [], left: { calls: 0, contexts: 0, listeners: 0, sessions: 0, twice: 0 } });
  for (const { id, startedAt, endedAt, segments } of records) {
    const edges = segments.flatMap((segment) => [segment.startedAt, segment.endedAt]);
    expect([seed, id, edges[0], edges.at(-1), edges.slice(1, -1).every((edge, at, inner) => at % 2 === 1 || edge === inner[at + 1])]).toEqual([seed, id, startedAt, endedAt, true]);
  }
  return records;
}

function named(session: Session) {
  const { callId, localTag, remoteTag } = session.snapshot()?.dialog ?? { callId: 'gone', localTag: 'a', remoteTag: 'b' };
  return { callId, toTag: remoteTag, fromTag: localTag };
}

/** A dialog of that phone, or a leg as dialog-info names it. */
function replaces(bed: PhoneBed, of: Phone, pick: <T>(list: readonly T[]) => T): string {
  const legs = bed.pbx.exchange.calls().flatMap((call) => call.legs.map(({ id }) => id));
  const session = pick(of.sessions);
  if (session === undefined || bed.random() < 0.5) return `${legName(legs.length === 0 ? 'none' : pick(legs), REALM)};to-tag=a;from-tag=b`;
  return formatReplaces(named(session));
}

function answered(phone: Phone, pick: <T>(list: readonly T[]) => T): void {
  const ringing = phone.sessions.find(({ direction, phase }) => direction === 'in' && phase === 'early');
  if (ringing !== undefined) return ringing.accept(sdp(phone.address));
  if (phone.incoming.length === 0) return;
  const what = pick(['ring', 'answer', 'answer', 'answer', 'busy']);
  if (what === 'busy') return phone.incoming.pop()?.refuse(486);
  const session = phone.take();
  phone.incoming.pop();
  if (what === 'ring') session.provisional(180);
  else session.accept(sdp(phone.address));
}
