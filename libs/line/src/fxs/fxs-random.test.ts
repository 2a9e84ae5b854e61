import { expect, test } from 'vitest';
import { alice, bob, settingsWith, Station } from './fxs-bed.ts';
import type { FxsEffect, FxsInput, FxsLine } from './fxs-machine.ts';
import type { CallerIdDelivery, FxsSettings } from './fxs-settings.ts';
import { heldIn, incomingOf } from './fxs-step.ts';
import { mulberry32 } from '../testing/mulberry32.ts';

test('10,000 random stations: nothing throws, no timer runs twice, what begins is ended once, calls too, and hanging up always leads to idle', () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 10_000; seed++) oneLife(seed, seen);
  expect([...seen].sort()).toEqual(everyState);
}, 60_000);

function oneLife(seed: number, seen: Set<string>): void {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const station = new Station(randomSettings(pick));
  const wires = new Wires();
  const follow = (what: FxsInput | number): void => {
    const before = station.line;
    const input = typeof what === 'number' ? undefined : what;
    if (typeof what === 'number') station.wait(what);
    else station.say(what);
    const calls = callsOf(before) + callsBegun(station.effects, input) - callsEnded(station.effects, before, input);
    if (callsOf(station.line) !== calls) throw new Error(`seed ${seed}: ${callsOf(station.line)} instead of ${calls} calls in ${station.at} after ${JSON.stringify(what)} in ${before.at}`);
    wires.follow(station.effects.splice(0), seed);
    const expected = JSON.stringify(wires.of(station.line));
    if (JSON.stringify(wires.now) !== expected) throw new Error(`seed ${seed}: in ${station.at} ${JSON.stringify(wires.now)} instead of ${expected}`);
    seen.add(nameOf(station.line));
  };
  const steps = Math.floor(random() * 50);
  for (let step = 0; step < steps; step++) {
    const roll = random();
    if (roll < 0.25) follow(pick([0, 50, 300, 1_000, 5_000, 30_000]));
    else if (roll < 0.3) {
      station.settings = randomSettings(pick);
      follow({ type: 'settingsChanged' });
    } else if (roll < 0.4) for (const input of meant(station.line)) follow(input);
    else follow(pick(inputs));
  }
  // The far end gone and nobody there to hang up: locked out. Hung up: idle.
  const end = [20_000, { type: 'cancelled' }, { type: 'heldGone' }, { type: 'released', cause: 'normalClearing' }, 600_000] as const;
  for (const what of end) follow(what);
  expect(['absent', 'disabled', 'idle', 'parked']).toContain(station.at);
  follow({ type: 'onHook' });
  follow(20_000);
  expect({ seed, at: station.at, timers: station.timers }).toEqual({ seed, at: expect.stringMatching(/^(absent|disabled|idle)$/), timers: [] });
  expect({ seed, ...wires.now }).toEqual({ seed, bell: 'off', tone: 'none', audio: 'off', polarity: 'normal' });
}

/** What somebody does who means to consult. */
function meant({ at }: FxsLine): readonly FxsInput[] {
  switch (at) {
    case 'dialing':
    case 'holding': return ['2', '3', '4'].map((digit) => ({ type: 'digit', digit, by: 'dtmf', durationMs: 80 }));
    case 'offered': return [{ type: 'answered' }];
    case 'talking': return [{ type: 'hookFlash' }];
    case 'choosing': return [{ type: 'digit', digit: '3', by: 'dtmf', durationMs: 80 }];
    case 'ringing': return [{ type: 'ringBurstEnded', burst: 1 }];
    default: return [];
  }
}

/** The one that is up or made, and the one that rings or waits. */
function callsOf(line: FxsLine): number {
  return (hasCall(line) ? 1 : 0) + (incomingOf(line) === null ? 0 : 1) + (heldIn(line) ? 1 : 0);
}

function callsBegun(effects: readonly FxsEffect[], input: FxsInput | undefined): number {
  return effects.filter((effect) => effect.do === 'offer').length + (input?.type === 'ring' ? 1 : 0);
}

/** By the telephone, or by the exchange, which is not told again. */
function callsEnded(effects: readonly FxsEffect[], before: FxsLine, input: FxsInput | undefined): number {
  const byExchange = (input?.type === 'released' && hasCall(before)) || (input?.type === 'cancelled' && incomingOf(before) !== null) || (input?.type === 'heldGone' && heldIn(before));
  return effects.reduce((sum, effect) => sum + (endedBy[effect.do] ?? 0), 0) + (byExchange ? 1 : 0);
}

/** Calls that are the telephone's no more. One that rings back comes with `ring` again. */
const endedBy: { readonly [Do in FxsEffect['do']]?: number } = { refuse: 1, reportReleased: 1, releaseHeld: 1, ringBack: 1, transfer: 2 };

function hasCall({ at }: FxsLine): boolean {
  return at === 'offered' || at === 'ringback' || at === 'early' || at === 'talking' || at === 'choosing';
}

/** What the effects have come to: begun and ended in turns. */
class Wires {
  now = { bell: 'off', tone: 'none', audio: 'off', polarity: 'normal' };

  follow(effects: readonly FxsEffect[], seed: number): void {
    for (const effect of effects) {
      const [wire, to] = wireOf(effect);
      if (wire === null) continue;
      if (this.now[wire] === to || (wire === 'tone' && to !== 'none' && this.now.tone !== 'none')) throw new Error(`seed ${seed}: ${wire} is ${to} twice`);
      this.now = { ...this.now, [wire]: to };
    }
  }

  /** What they should have come to in a state. Which tone it is, the other tests ask. */
  of(line: FxsLine): Wires['now'] {
    const isHeard = line.at === 'early' || (line.at === 'talking' && line.waiting.is !== 'alerted' && line.waiting.is !== 'sending');
    const rings = line.at === 'ringing' || (line.at === 'announcing' && (line.step === 'pulse' || line.step === 'bursts'));
    const sounds =
      (line.at === 'dialing' && line.digits === '') || line.at === 'ringback' || line.at === 'choosing' || line.at === 'toned' || line.at === 'howling' || (line.at === 'talking' && line.waiting.is === 'toned');
    return {
      bell: rings ? 'on' : 'off',
      tone: sounds ? this.now.tone.replace('none', 'missing') : 'none',
      audio: isHeard ? 'on' : 'off',
      polarity: line.at === 'talking' || line.at === 'announcing' ? line.polarity : 'normal',
    };
  }
}

function wireOf(effect: FxsEffect): readonly [keyof Wires['now'] | null, string] {
  switch (effect.do) {
    case 'ring': return ['bell', 'on'];
    case 'stopRing': return ['bell', 'off'];
    case 'playTone': return ['tone', effect.tone];
    case 'stopTone': return ['tone', 'none'];
    case 'connectAudio': return ['audio', 'on'];
    case 'disconnectAudio': return ['audio', 'off'];
    case 'polarity': return ['polarity', effect.polarity];
    default: return [null, ''];
  }
}

function randomSettings(pick: <T>(list: readonly T[]) => T): FxsSettings {
  const { callerId, callWaiting, supervision, dialing } = settingsWith();
  const place = pick<CallerIdDelivery['place']>(['none', 'betweenRings', 'betweenRings', 'afterShortRing', 'afterReversal', 'afterDualTone', 'afterReversalAndDualTone', 'afterRingPulse', 'afterReversalAndBursts']);
  return settingsWith({
    isEnabled: pick([true, true, true, true, false]),
    callerId: { ...callerId, place },
    hotline: pick([null, null, null, { number: '100', delayMs: 0 }, { number: '100', delayMs: 3_000 }]),
    messageWaiting: { isWaiting: pick([true, false]), stutterTone: pick([true, false]), lamp: pick([true, false]), data: pick([true, false]) },
    callWaiting: { ...callWaiting, isEnabled: pick([true, true, false]), callerId: pick([true, false]) },
    recall: { consults: pick([true, true, true, false]), withTwo: pick(['swap', 'threeWay', 'choice'] as const), choiceMs: 2_000, transfers: pick([true, true, false]), toneMs: 5_000 },
    isLoudspeaker: pick([false, false, false, false, true]),
    supervision: { ...supervision, reversalOnAnswer: pick([true, false]), openLoopMs: pick([0, 600]), howlerMs: pick([0, 50_000]) },
    dialing: { ...dialing, byPulse: pick([true, false]), map: pick([dialing.map, null]) },
  });
}

function nameOf(line: FxsLine): string {
  switch (line.at) {
    case 'announcing': return `announcing ${line.about.is}, ${line.step}`;
    case 'ringing': return `ringing, caller ID ${line.callerId.is}`;
    case 'dialing': return `dialing, ${line.timer}, held ${line.held}`;
    case 'talking': return `talking, waiting ${line.waiting.is}, held ${line.held}`;
    case 'choosing':
    case 'offered':
    case 'ringback':
    case 'early':
    case 'toned': return `${line.at}, held ${line.held}`;
    default: return line.at;
  }
}

const everyState = [
  ...['absent', 'disabled', 'idle', 'guard', 'holding', 'openLoop', 'howling', 'parked'],
  ...['pulse', 'waiting', 'bursts', 'sending', 'seized', 'told', 'settling'].map((step) => `announcing call, ${step}`),
  ...['pulse', 'waiting', 'sending', 'settling'].map((step) => `announcing messages, ${step}`),
  ...['none', 'awaited', 'due', 'sending'].map((is) => `ringing, caller ID ${is}`),
  ...['firstDigit', 'hotline', 'interDigit'].map((timer) => `dialing, ${timer}, held none`),
  ...['firstDigit', 'interDigit'].map((timer) => `dialing, ${timer}, held toConsult`),
  ...['none', 'toned', 'alerted', 'sending', 'pausing', 'told'].map((is) => `talking, waiting ${is}, held none`),
  ...['offered', 'ringback', 'early', 'toned'].flatMap((at) => [`${at}, held none`, `${at}, held toConsult`]),
  ...['choosing', 'talking, waiting none'].flatMap((at) => [`${at}, held toConsult`, `${at}, held forWaiting`]),
].sort();

const digits = [...'0123456789*#'].map((digit) => ({ type: 'digit', digit, by: digit >= '5' && digit <= '9' ? 'pulse' : 'dtmf', durationMs: 80 }) as const);

/** The likelier ones more than once. */
const inputs: readonly FxsInput[] = [
  ...(['offHook', 'offHook', 'offHook', 'offHook', 'onHook', 'hookFlash', 'hookFlash', 'hookFlash', 'portAbsent', 'portPresent', 'portPresent', 'portPresent'] as const).map((type) => ({ type })),
  ...(['openLoopEnded', 'dataSent', 'dataSent', 'cancelled', 'alerting', 'progress', 'answered', 'answered', 'answered', 'heldGone'] as const).map((type) => ({ type })),
  ...digits,
  { type: 'digit', digit: '0', by: 'dtmf', durationMs: 80 },
  ...['A', 'D', 'D', 'D'].map((digit) => ({ type: 'digit', digit, by: 'dtmf', durationMs: 80 }) as const),
  ...[alice, alice, bob].map((call) => ({ type: 'ring', call }) as const),
  { type: 'ringBurstEnded', burst: 1 },
  { type: 'ringBurstEnded', burst: 2 },
  { type: 'released', cause: 'normalClearing' },
  { type: 'released', cause: 'unallocatedNumber' },
];
