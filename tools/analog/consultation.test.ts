import type { TelephoneAct } from '@tipring/cards';
import { afterEach, expect, test } from 'vitest';
import { AnalogOffice, type OfficePort } from '../testbed/analog-office.ts';
import { countryLine, regionNamed } from '../testbed/country-line.ts';
import { tone } from '../testbed/ip-phone.ts';
import { anyMedia } from '../testbed/office-controller.ts';

/* Two calls of a telephone, through wires, audio and detectors: who hears whom is told by the tone of each. */

let office: AnalogOffice;

/** Telephone n says this. */
const toneOf: readonly number[] = [0, 500, 700, 1_000, 1_300];

function begin(telephones: number, others: readonly OfficePort[] = []): void {
  const telephone = (_: unknown, index: number): OfficePort => ({ kind: 'station', region: 'US', plug: { name: `Telephone ${index + 1}`, wire: { cable: { gauge: '0.5 mm', km: 0.5 } }, display: null } });
  office = new AnalogOffice([...Array.from({ length: telephones }, telephone), ...others]);
}

afterEach(() => {
  for (let n = 1; n <= 4; n++) if (office.tryAct({ on: 'telephone', port: office.idOf(n), do: 'hangUp' }).ok) office.pass(10);
  office.pass(10_000);
  expect([office.controller.exchange.size, office.controller.listeners, office.ledger.wrong, office.ledger.late, office.controller.bugs]).toEqual([0, 0, [], [], []]);
  expect(office.close()).toBe(0);
});

type Act = TelephoneAct extends infer One ? (One extends { readonly do: string } ? Omit<One, 'on' | 'port'> : never) : never;

function act(n: number, what: Act): void {
  office.act({ on: 'telephone', port: office.idOf(n), ...what } as TelephoneAct);
}

function lift(n: number): void {
  act(n, { do: 'lift' });
  act(n, { do: 'speak', tone: { frequencyHz: toneOf[n]! } });
  office.pass(1_000);
}

function hangUp(n: number): void {
  act(n, { do: 'hangUp' });
  office.pass(1_500);
}

function flash(n: number): void {
  act(n, { do: 'flash' });
  office.pass(1_000);
}

/** n calls to, who answers. */
function call(n: number, to: number): void {
  // His own voice would be heard as part of the digits.
  act(n, { do: 'speak', tone: null });
  act(n, { do: 'dial', digits: String(1_000 + to) });
  expect(office.until(() => office.station(to).state === 'ringing', 5_000)).not.toBeNull();
  act(n, { do: 'speak', tone: { frequencyHz: toneOf[n]! } });
}

/** Whom each of the telephones hears, by their numbers. */
function hearing(...telephones: readonly number[]): readonly string[] {
  office.pass(1_500);
  return telephones.map((n) => {
    const tones = office.telephone(n).hears.filter(({ dbm0 }) => dbm0 > -40).map(({ hz }) => hz);
    return toneOf.flatMap((hz, other) => (other > 0 && other !== n && tones.some((heard) => Math.abs(heard - hz) < 15) ? [other] : [])).join('+');
  });
}

/** 1 talks to 2, holds him, and talks to 3. */
function consulting(): void {
  begin(4);
  lift(1);
  call(1, 2);
  lift(2);
  expect(hearing(1, 2)).toEqual(['2', '1']);
  flash(1);
  expect(office.station(1)).toMatchObject({ state: 'dialing', held: 1 });
  expect(hearing(1, 2)).toEqual(['', '']);
  call(1, 3);
  lift(3);
  expect(hearing(1, 2, 3)).toEqual(['3', '', '1']);
}

test('a flash holds the one and a call to another is made; a flash and 2, or a flash alone, changes between them; each hears whom he talks to and nobody else', () => {
  consulting();
  flash(1);
  expect(office.station(1).state).toBe('choosing');
  act(1, { do: 'speak', tone: null });
  act(1, { do: 'dial', digits: '2' });
  office.pass(500);
  act(1, { do: 'speak', tone: { frequencyHz: toneOf[1]! } });
  expect(hearing(1, 2, 3)).toEqual(['2', '1', '']);
  flash(1);
  office.pass(2_000);
  expect(hearing(1, 2, 3)).toEqual(['3', '', '1']);
  // Whom he has goes: he has the other again.
  hangUp(3);
  expect(hearing(1, 2)).toEqual(['2', '1']);
});

test('who goes back while another rings, or finds him busy, has the first again', () => {
  begin(4);
  lift(1);
  call(1, 2);
  lift(2);
  flash(1);
  call(1, 3);
  flash(1);
  expect(hearing(1, 2)).toEqual(['2', '1']);
  expect(office.station(3).state).not.toBe('ringing');
  lift(3);
  flash(1);
  act(1, { do: 'speak', tone: null });
  act(1, { do: 'dial', digits: '1003' });
  expect(office.until(() => office.station(1).state === 'toned', 5_000)).not.toBeNull();
  act(1, { do: 'speak', tone: { frequencyHz: toneOf[1]! } });
  expect(hearing(2)).toEqual(['']);
  flash(1);
  expect(hearing(1, 2)).toEqual(['2', '1']);
});

test('who hangs up while he dials another number is rung for the one he holds, and has him again', () => {
  begin(2);
  lift(1);
  call(1, 2);
  lift(2);
  flash(1);
  hangUp(1);
  expect(office.until(() => office.telephone(1).ringing, 5_000)).not.toBeNull();
  lift(1);
  expect(hearing(1, 2)).toEqual(['2', '1']);
});

test('hanging up on two calls connects the two others: they hear each other and nobody else, and the telephone is free', () => {
  consulting();
  hangUp(1);
  expect(hearing(1, 2, 3)).toEqual(['', '3', '2']);
  expect(office.station(1)).toMatchObject({ state: 'idle', held: 0 });
  // It can be called, and calls.
  lift(1);
  call(1, 4);
  lift(4);
  expect(hearing(1, 2, 3, 4)).toEqual(['4', '3', '2', '1']);
  hangUp(2);
  expect(office.until(() => office.station(3).state !== 'talking', 2_000)).not.toBeNull();
  expect(hearing(1, 3, 4)).toEqual(['4', '', '1']);
});

test('hanging up while the second rings lets the held one hear ringing tone, and then whom it was sent to', () => {
  begin(4);
  lift(1);
  call(1, 2);
  lift(2);
  flash(1);
  call(1, 3);
  hangUp(1);
  expect(office.station(3).state).toBe('ringing');
  expect(office.until(() => office.telephone(2).hears.some(({ hz, dbm0 }) => dbm0 > -40 && Math.abs(hz - 440) < 10), 6_000)).not.toBeNull();
  lift(3);
  expect(hearing(1, 2, 3)).toEqual(['', '3', '2']);
});

test('flash and 3 lets all three hear each other; who of them goes leaves the two others talking', () => {
  consulting();
  flash(1);
  act(1, { do: 'speak', tone: null });
  act(1, { do: 'dial', digits: '3' });
  office.pass(500);
  act(1, { do: 'speak', tone: { frequencyHz: toneOf[1]! } });
  expect(hearing(1, 2, 3)).toEqual(['2+3', '1+3', '1+2']);
  expect(office.station(1)).toMatchObject({ state: 'talking', held: 0 });
  hangUp(1);
  expect(hearing(2, 3)).toEqual(['3', '2']);
});

test('when nobody answers there, whoever handed over is rung, and has the other again', () => {
  begin(3);
  lift(1);
  call(1, 2);
  lift(2);
  flash(1);
  call(1, 3);
  hangUp(1);
  expect(office.until(() => office.telephone(1).ringing, 70_000)).toBeGreaterThan(20_000);
  expect(office.station(3).state).not.toBe('ringing');
  lift(1);
  expect(hearing(1, 2, 3)).toEqual(['2', '1', '']);
});

test('a call of an IP phone is handed to a line: the far end of the line and the phone hear each other and nobody else', () => {
  const outside = countryLine(regionNamed('US'), { number: '5550100', policy: { is: 'answered', afterRings: 1, supervision: 'reversal' }, partyTone: { frequencyHz: 1_700 } });
  begin(1, [{ kind: 'line', region: 'US', plug: outside }]);
  office.phone.voiceOf = () => tone(900);
  office.controller.exchange.offer(office.ledger.offer(office.phone.offer('1001', { number: '2000' }, anyMedia)));
  expect(office.until(() => office.telephone(1).ringing, 5_000)).not.toBeNull();
  lift(1);
  flash(1);
  act(1, { do: 'speak', tone: null });
  act(1, { do: 'dial', digits: '9025551234#' });
  expect(office.until(() => office.line(2).state === 'up', 40_000)).not.toBeNull();
  hangUp(1);
  office.pass(2_000);
  expect(office.exchangeLine(2).hears.filter(({ dbm0 }) => dbm0 > -40).map(({ hz }) => Math.round(hz / 10) * 10)).toEqual([900]);
  expect([office.phone.call.toneDbm0(1_700) > -40, office.phone.call.toneDbm0(toneOf[1]!) < -60, office.station(1).state]).toEqual([true, true, 'idle']);
  office.phone.call.leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'bye', text: 'hung up' } });
  office.pass(5_000);
  expect([office.line(2).state, office.isSeized(2)]).toEqual(['idle', false]);
});
