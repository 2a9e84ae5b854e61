import type { SimulatorAct } from '@tipring/cards';
import { type Verdict, verdictsOf } from '@tipring/story';
import type { CallRecord } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { AnalogOffice, lineId, type OfficePort } from '../testbed/analog-office.ts';
import { type CountryLine, countryLine, regionNamed } from '../testbed/country-line.ts';
import { anyMedia } from '../testbed/office-controller.ts';
import { talking } from '../testbed/voices.ts';

/* Faults of lines, made on the simulated wires below the real machines, ports and DSP: each call's story has the verdict that is right, and no other that blames anybody. */

test('a good call out over a line: how it was answered and ended is told, nobody is blamed', () => {
  const { verdicts } = callOut();
  expect(blames(verdicts)).toEqual([]);
  expect(verdicts.map(({ code }) => code)).toEqual(['nothingWrong', 'lineEnd', 'answerAssumed']);
  expect(verdicts[1]!.title).toMatch(/told that its far end had hung up: battery denial/);
});

test('9: a line that tells of the answer and of the end by reversing its polarity: nothing was assumed', () => {
  const { verdicts } = callOut({ supervision: 'reversal', end: { by: 'polarity' } });
  expect(verdicts.map(({ code }) => code)).toEqual(['nothingWrong', 'lineEnd']);
  expect(verdicts[1]!.title).toContain('polarity reversal');
});

test('9: a line whose end is known by busy tone alone', () => {
  const { verdicts } = callOut({ end: { by: 'tone', tone: 'busy' } });
  expect(verdicts.map(({ code }) => code)).toEqual(['nothingWrong', 'lineEnd', 'answerAssumed']);
  expect(verdicts[1]!.cause).toContain('recognised by the tone');
});

test('9: a line that never tells of the end', () => {
  const { verdicts } = callOut({ end: { by: 'silence' }, overrides: { disconnect: { silence: { ms: 12_000 } } } });
  expect(blames(verdicts)).toEqual(['lineEndedLate']);
});

test('8: no dial tone', () => {
  const { verdicts, record } = callOut({ line: { tones: { dial: { segments: [{ frequenciesHz: [], durationMs: null }] } } } });
  expect(blames(verdicts)).toEqual(['noDialTone']);
  expect(verdicts[0]!.severity).toBe('error');
  expect(record.answeredAt).toBeNull();
});

test('8: a line that is cut has no battery, which is said in place of a missing dial tone', () => {
  const { verdicts } = callOut({ before: { on: 'wire', do: 'cut' } });
  expect(blames(verdicts)).toEqual(['lineNotConnected']);
  expect(verdicts[0]!.title).toContain('no battery');
});

test('12: echo: six kilometres of thin cable return what is sent', () => {
  const { verdicts } = callOut({ line: { cable: { gauge: '0.4 mm', km: 6 } } });
  expect(blames(verdicts)).toEqual(['lineEcho']);
  expect(verdicts[0]!.evidence[0]).toMatch(/^echo return loss [0-5](\.\d)? dB/);
});

test('12: hum on the line', () => {
  const { verdicts } = callOut({ before: { on: 'wire', do: 'hum', hum: { hz: 60, levelDbm0: -35 } } });
  expect(blames(verdicts)).toEqual(['lineHum']);
  expect(verdicts[0]!.title).toContain('60 Hz');
});

test('12: the far end is hardly there', () => {
  const { verdicts } = callOut({ gain: 0.02 });
  expect(blames(verdicts)).toEqual(['lineLevel']);
  expect(verdicts[0]!.title).toContain('Faint');
});

test('12: the far end is far too loud', () => {
  const { verdicts } = callOut({ gain: 60, line: { cable: { gauge: '0.5 mm', km: 0.05 } } });
  expect(blames(verdicts)).toEqual(['lineLevel']);
  expect(verdicts[0]!.title).toContain('Distorted');
});

test('a called party that is busy is nobody’s fault', () => {
  expect(callOut({ policy: { is: 'busy' } }).verdicts.map(({ code }) => code)).toEqual(['busy']);
});

interface Fault {
  readonly line?: Partial<CountryLine>;
  readonly supervision?: 'reversal' | 'none';
  readonly policy?: CountryLine['policy'];
  readonly end?: Extract<SimulatorAct, { do: 'hangUp'; on: 'line' }>['by'];
  readonly overrides?: Extract<OfficePort, { kind: 'line' }>['overrides'];
  readonly before?: { readonly on: 'wire'; readonly do: 'cut' } | { readonly on: 'wire'; readonly do: 'hum'; readonly hum: { readonly hz: 50 | 60; readonly levelDbm0: number } };
  /** Of the far end's voice. */
  readonly gain?: number;
}

/** The phone calls out over the line, both talk in turn, the far end hangs up. */
function callOut({ line, supervision = 'none', policy = { is: 'answered', afterRings: 1, supervision }, end = { by: 'openLoop', ms: 600 }, overrides, before, gain = 1 }: Fault = {}): { verdicts: readonly Verdict[]; record: CallRecord } {
  const plug = countryLine(regionNamed('US'), { number: '5550100', partyTone: null, policy, callerId: null, ...line });
  const office = new AnalogOffice([{ kind: 'line', region: 'US', plug, overrides: { callerId: { modems: [] }, ...overrides } }]);
  if (before !== undefined) office.act({ ...before, port: office.idOf(1) });
  office.pass(before?.do === 'cut' ? 8_000 : 0);
  office.phone.voiceOf = talking;
  office.controller.exchange.offer(office.ledger.offer(office.phone.offer('9015551234', { number: '2001' }, anyMedia)));
  office.until(() => office.line(1).state === 'up' || office.records.length > 0, 120_000);
  if (office.records.length === 0) {
    const mouth = talking(7);
    const said = new Int16Array(160);
    for (let ms = 0; ms < TALK_MS; ms += 20) {
      mouth(said);
      // In turn: an echo is learned while one speaks, a level while the other does.
      if (Math.floor(ms / 2_000) % 2 === 0) office.simulator.line(office.idOf(1))?.say(said.map((sample) => Math.max(-32_124, Math.min(32_124, Math.round(sample * gain)))));
      office.pass(20);
    }
    office.act({ on: 'line', port: office.idOf(1), do: 'hangUp', by: end });
    for (const call of office.phone.calls) call.voice = (into) => into.fill(0);
    office.until(() => office.records.length > 0, 40_000);
  }
  const record = office.recordOf(1);
  const { bugs } = office.controller;
  office.close();
  expect(bugs).toEqual([]);
  if (record === undefined) throw new Error(`no record with ${lineId(1)}`);
  return { record, verdicts: verdictsOf(record, undefined) };
}

/** Of what anybody would have to do something about. */
function blames(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
}

const TALK_MS = 9_000;
