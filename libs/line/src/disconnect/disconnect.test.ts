import { expect, test } from 'vitest';
import { regions } from '../regions/regions.ts';
import type { ToneName } from '../regions/tone-plan.ts';
import { connected, disconnect, disconnectTimers, type Disconnect, type DisconnectInput, type DisconnectTimer, type Verdict } from './disconnect.ts';
import { defaultDisconnectSettings, type DisconnectSettings } from './disconnect-settings.ts';

const nothing: DisconnectSettings = { ...defaultDisconnectSettings, battery: null, polarity: null, tone: null, dialTone: null, silence: null, farLeg: 'off' };
const { polarity, dialTone, silence } = defaultDisconnectSettings;

type Said = DisconnectInput extends infer One ? (One extends { readonly at: number } ? Omit<One, 'at'> : One) : never;

/** An answered call whose far end may hang up. */
class Call {
  now = 0;
  verdict: Verdict | null = null;
  /** When it was decided. */
  decidedAt = NaN;
  #state: Disconnect = connected;
  readonly #settings: DisconnectSettings;
  #due = new Map<DisconnectTimer, { readonly since: number; readonly at: number }>();

  constructor(settings: DisconnectSettings = defaultDisconnectSettings) {
    this.#settings = settings;
    this.#follow();
    this.wait(1_000);
  }

  say(...said: readonly Said[]): this {
    for (const one of said) this.#put({ ...one, at: this.now } as DisconnectInput);
    return this;
  }

  hear(id: string, cycles: number | null, confidence = 0.95, levelDbm0 = -18): this {
    return this.say({ type: 'tone', tone: { id, cycles, confidence, levelDbm0 } });
  }

  wait(ms: number): this {
    const until = this.now + ms;
    for (;;) {
      const [next] = [...this.#due].sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined || next[1].at > until || this.verdict !== null) break;
      this.now = next[1].at;
      this.#due.delete(next[0]);
      this.#put({ type: 'timeout', timer: next[0], at: this.now });
    }
    this.now = until;
    return this;
  }

  get why(): string {
    return this.verdict === null ? 'talking' : this.verdict.evidence.text;
  }

  #put(input: DisconnectInput): void {
    if (this.verdict !== null) return;
    [this.#state, this.verdict] = disconnect(this.#state, input, this.#settings);
    if (this.verdict !== null) this.decidedAt = this.now;
    this.#follow();
  }

  #follow(): void {
    const wanted = disconnectTimers(this.#state, this.#settings);
    this.#due = new Map(wanted.map(({ timer, ms, since }) => {
      const runs = this.#due.get(timer);
      return [timer, runs?.since === since ? runs : { since, at: this.now + ms }];
    }));
  }
}

test.each([50, 200, 600, 3_000])('battery denial of %d ms is a hang-up at that moment, and half of it nothing', (denialMs) => {
  const settings = { ...nothing, battery: { denialMs, confidence: 0.99 } };
  const call = new Call(settings).say({ type: 'batteryLost' }).wait(denialMs - 1);
  expect(call.why).toBe('talking');
  expect(call.wait(1).why).toBe(`battery denial of ${denialMs} ms`);
  expect(new Call(settings).say({ type: 'batteryLost' }).wait(denialMs / 2 - 1).say({ type: 'batteryReturned' }).wait(60_000).why).toBe('talking');
});

test('battery denial that a card tells when it is over is told with its length', () => {
  const call = new Call();
  call.say({ type: 'batteryLost' });
  call.now += 312;
  expect(call.say({ type: 'batteryReturned' }).why).toBe('battery denial 312 ms');
});

test('polarity reversal is the answer for 600 ms, and then the hang-up', () => {
  const settings = { ...nothing, polarity };
  const call = new Call(settings);
  expect(call.say({ type: 'polarityReversed' }).verdict).toEqual({ confidence: 0.95, evidence: { kind: 'polarityReversal', text: 'polarity reversal' } });
  const [guarded] = disconnect(connected, { type: 'polarityReversed', at: 0 }, settings);
  expect(guarded).toBe(connected);
  expect(disconnectTimers(connected, settings)).toEqual([{ timer: 'polarityGuard', ms: 600, since: 0 }]);
});

test('busy tone is told in words: frequencies, cadence, cycles and level', () => {
  const heard = { id: 'busy', tone: { segments: [{ frequenciesHz: [425], durationMs: 500 }, { frequenciesHz: [], durationMs: 500 }] }, cycles: 2, confidence: 0.95, levelDbm0: -18.2 };
  const call = new Call().say({ type: 'tone', tone: heard });
  expect(call.verdict).toMatchObject({ evidence: { kind: 'tone', text: 'busy tone 425 Hz 500/500, 2 cycles, -18 dBm0' } });
});

test('a learned tone counts when it is among those of the line', () => {
  const call = new Call({ ...nothing, tone: { names: ['exchange 1'], cycles: 2, goesOnMs: 1_000, leastDbm0: -42 } });
  expect(call.hear('busy', 9).why).toBe('talking');
  expect(call.hear('exchange 1', 2).why).toBe('learned tone exchange 1, 2 cycles, -18 dBm0');
});

test('a tone of which the detector is less sure is believed after more cycles', () => {
  const call = new Call();
  for (let cycles = 1; cycles <= 5; cycles++) expect(call.hear('busy', cycles, 0.6).wait(1_000).why).toBe('talking');
  expect(call.hear('busy', 6, 0.6).verdict?.confidence).toBeCloseTo(1 - 0.4 ** 3);
});

test('a tone in the background is none: too low, or under a voice', () => {
  const call = new Call();
  for (let cycle = 1; cycle < 50; cycle++) call.hear('busy', cycle, 0.95, -48).wait(1_000);
  expect(call.why).toBe('talking');
  const conference = new Call();
  for (let cycle = 1; cycle < 50; cycle++) conference.hear('busy', cycle, 0.8).wait(500).say({ type: 'voice' }).wait(500);
  expect(conference.why).toBe('talking');
});

test('after the last voice the tone is believed again, with cycles of its own', () => {
  const call = new Call().hear('busy', 1).say({ type: 'voice' }).hear('busy', 2).hear('busy', 2);
  expect(call.why).toBe('talking');
  expect(call.hear('busy', 3).why).toBe('busy tone, 2 cycles, -18 dBm0');
});

test.each(['dial', 'stutterDial', 'secondDial'])('continuous %s tone on an answered call is a hang-up a second after it was recognised', (id) => {
  const call = new Call({ ...nothing, dialTone }).hear(id, null).wait(999);
  expect(call.why).toBe('talking');
  expect(call.wait(1).why).toMatch(/dial tone.*, on an answered call$/);
});

test('dial tone that ends, or a voice in it, was music or a key held down', () => {
  expect(new Call().hear('dial', null).wait(900).say({ type: 'toneEnded', id: 'dial' }).wait(5_000).why).toBe('talking');
  expect(new Call().hear('dial', null).wait(900).say({ type: 'voice' }).wait(5_000).why).toBe('talking');
});

test('silence from both sides is a hang-up after 120 s, counted from when the second fell silent', () => {
  const call = new Call({ ...nothing, silence }).say({ type: 'silent', side: 'line', silentMs: 30_000 }).wait(500_000);
  call.say({ type: 'silent', side: 'far', silentMs: 20_000 }).wait(99_999);
  expect(call.why).toBe('talking');
  expect(call.wait(1).why).toBe('nothing heard from either side for 120 s');
});

test('who is heard ends the silence, and on hold it is wanted', () => {
  const call = new Call().say({ type: 'silent', side: 'line', silentMs: 0 }, { type: 'silent', side: 'far', silentMs: 0 });
  call.wait(119_000).say({ type: 'heard', side: 'far' }).wait(500_000).say({ type: 'held' }, { type: 'silent', side: 'far', silentMs: 0 }).wait(500_000);
  expect(call.why).toBe('talking');
  expect(call.say({ type: 'resumed' }).wait(119_999).why).toBe('talking');
  expect(call.wait(1).why).not.toBe('talking');
});

test('the dead leg of the other side is a hang-up at once', () => {
  const call = new Call({ ...nothing, farLeg: 'on' }).say({ type: 'farLegDead', text: 'no RTP for 60 s' });
  expect(call.verdict?.evidence).toEqual({ kind: 'farLegDead', text: 'no RTP for 60 s' });
});

test('what is switched off tells nothing', () => {
  const call = new Call(nothing).say({ type: 'batteryLost' }).wait(5_000).say({ type: 'batteryReturned' }, { type: 'polarityReversed' }).hear('busy', 9).hear('dial', null).wait(5_000);
  call.say({ type: 'silent', side: 'line', silentMs: 0 }, { type: 'silent', side: 'far', silentMs: 0 }, { type: 'farLegDead', text: 'no RTP' }).wait(1_000_000);
  expect(call.why).toBe('talking');
});

test('two that are not sufficient alone are together, within 5 s', () => {
  const weak = (pauseMs: number) => {
    const call = new Call().say({ type: 'batteryLost' }).wait(150).say({ type: 'batteryReturned' }).wait(pauseMs);
    return call.hear('busy', 2, 0.7);
  };
  expect(weak(2_000).verdict?.confidence).toBeCloseTo(1 - (1 - 0.99 * 0.75) * 0.3);
  expect(weak(2_000).why).toBe('battery denial 150 ms and busy tone, 2 cycles, -18 dBm0');
  expect(weak(5_001).why).toBe('talking');
});

test('the same thing again and again does not add up', () => {
  const call = new Call();
  for (let drop = 0; drop < 20; drop++) call.say({ type: 'batteryLost' }).wait(120).say({ type: 'batteryReturned' }).wait(200);
  expect(call.why).toBe('talking');
});

test.each(regions.map((region) => [region.name, region] as const))('%s: every tone of a hang-up is one at its second cycle, and says what it was', (_name, { code, tones }) => {
  for (const id of disconnectTones) {
    const fact = tones[id];
    if (fact === undefined) continue;
    for (const one of [fact.tone, ...(fact.alternates ?? [])]) {
      const call = new Call();
      const from = call.now;
      const cycle = one.segments.slice(one.repeatFrom ?? 0);
      // A detector recognises after two cycles, or 700 ms of what is continuous.
      if (cycle.length === 1) call.wait(700).say({ type: 'tone', tone: { id, tone: one, cycles: null, confidence: 0.95, levelDbm0: -25 } }).wait(1_000);
      else call.wait(2 * cycle.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)).say({ type: 'tone', tone: { id, tone: one, cycles: 2, confidence: 0.95, levelDbm0: -25 } });
      expect({ id, why: call.why }).toEqual({ id, why: expect.stringMatching(/^(busy|congestion|number unobtainable|receiver off-hook) tone [0-9.+*]+ Hz.*, -25 dBm0$/) as string });
      if (!slow.has(`${code} ${id}`)) expect(call.decidedAt - from).toBeLessThanOrEqual(3_000);
    }
  }
});

const disconnectTones: readonly ToneName[] = ['busy', 'congestion', 'numberUnobtainable', 'offHook'];

/** Two cycles of these take longer than 3 s. Number unobtainable tone is heard before an answer, hardly ever after it. */
const slow = new Set([
  'BD busy', 'CO congestion', 'DO busy', 'DO congestion', 'EG busy', 'ES congestion', 'LA busy', 'QA busy', 'SY congestion', 'TR congestion', 'TR offHook',
  ...['AU', 'CY', 'FJ', 'ID', 'IE', 'LA', 'MY', 'NZ', 'PG', 'SG', 'SY', 'ZA'].map((code) => `${code} numberUnobtainable`),
]);
