import { defaultFxoSettings, fxo, ringSettings, wantedTimers, type Fxo, type FxoEffect, type FxoInput, type FxoSettings } from '@tipring/line';
import { StateGraph } from './state-graph.ts';

export interface LineExploration {
  readonly graph: StateGraph;
  /** How many different lines were gone through, data included, times not. */
  readonly lines: number;
}

/** Goes through everything that can happen to a line. `now` differs from path to path; what is the same but for times is gone through once. */
export function exploreLine(): LineExploration {
  const graph = new StateGraph('absent');
  const start = { at: 'absent', then: 'idle' } as const;
  const seen = new Set([keyOf(start)]);
  const open: { readonly state: Fxo; readonly now: number }[] = [{ state: start, now: 0 }];
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    for (const { label, afterMs, said } of [...inputs, ...timeoutsOf(node.state)]) {
      const now = node.now + afterMs;
      const [next, effects] = fxo(node.state, { ...said, at: now } as FxoInput, settings);
      graph.add({ from: node.state.at, input: label, to: next.at, does: effects.map(wordsFor) });
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push({ state: next, now });
    }
  }
  return { graph, lines: seen.size };
}

interface Possible {
  readonly label: string;
  readonly afterMs: number;
  readonly said: Said;
}

type Said = FxoInput extends infer One ? (One extends { readonly at: number } ? Omit<One, 'at'> : never) : never;

function timeoutsOf(state: Fxo): readonly Possible[] {
  return wantedTimers(state, settings).map(({ timer, ms }) => ({ label: `timer ${timer}`, afterMs: ms, said: { type: 'timeout', timer } }));
}

/** Without what tells only when, how long and how sure. */
function keyOf(state: Fxo): string {
  return JSON.stringify(state, (name, value: unknown) => {
    if (name === 'digits') return value !== '';
    if (name === 'rings') return Math.min(3, value as number);
    if (name === 'voiceSince' || name === 'ringSince' || name === 'knownMs') return value !== null;
    return typeof value === 'number' && name !== 'tries' && !/^\d+$/.test(name) ? undefined : value;
  });
}

function wordsFor(effect: FxoEffect): string {
  switch (effect.do) {
    case 'hook': return effect.to === 'offHook' ? 'off-hook' : 'on-hook';
    case 'leg': return `leg ${effect.event.type}`;
    case 'incident': return `incident ${effect.incident}`;
    default: return effect.do;
  }
}

const settings: FxoSettings = {
  ...defaultFxoSettings,
  callerId: { ...defaultFxoSettings.callerId, read: 'offHook' },
  ring: ringSettings([[1000, 2000]], 'bursts'),
  dialing: { ...defaultFxoSettings.dialing, secondDialTone: { after: ['0'], ms: 3_000 } },
  longestMs: 7_200_000,
};

const inputs: readonly Possible[] = [
  one('ring begins', 4_000, { type: 'ringBegins', frequencyHz: 20 }),
  one('ring begins, unmeasured', 4_000, { type: 'ringBegins' }),
  one('spike', 4_000, { type: 'ringBegins', frequencyHz: 300 }),
  one('ring ends, 60 ms', 60, { type: 'ringEnds' }),
  one('ring ends, 500 ms', 500, { type: 'ringEnds' }),
  one('ring ends, 2 s', 2_000, { type: 'ringEnds' }),
  one('battery lost', 10, { type: 'batteryLost' }),
  one('battery back, 120 ms', 120, { type: 'batteryReturned' }),
  one('battery back, 300 ms', 300, { type: 'batteryReturned' }),
  one('polarity reversed', 10, { type: 'polarityReversed' }),
  one('in use elsewhere', 10, { type: 'inUse' }),
  one('no longer in use', 10, { type: 'inUseEnded' }),
  one('port is on-hook', 10, { type: 'hook', is: 'onHook' }),
  one('flash is over', 10, { type: 'flashed' }),
  one('digits are sent', 10, { type: 'digitsSent' }),
  one('card pulled', 10, { type: 'absent' }),
  one('card there', 10, { type: 'present' }),
  tone('dial', null),
  tone('ringing', 1),
  one('ringing tone ended', 10, { type: 'toneEnded', id: 'ringing' }),
  tone('busy', 2),
  one('voice', 10, { type: 'voice' }),
  one('voice ended', 10, { type: 'voiceEnded' }),
  one('line silent', 10, { type: 'silent', side: 'line', silentMs: 0 }),
  one('far leg silent', 10, { type: 'silent', side: 'far', silentMs: 0 }),
  one('digit heard', 10, { type: 'digit', digit: '1', durationMs: 100 }),
  one('alert tone', 10, { type: 'alertTone' }),
  one('caller ID', 10, { type: 'callerId', caller: {} }),
  one('no caller ID', 10, { type: 'noCallerId', text: '' }),
  one('dial', 10, { type: 'dial', number: '0123' }),
  one('dial for help', 10, { type: 'dial', number: '0123', priority: 'emergency' }),
  one('answer', 10, { type: 'answer' }),
  one('send digit', 10, { type: 'sendDigit', digit: '1' }),
  one('flash', 10, { type: 'flash' }),
  one('held', 10, { type: 'held' }),
  one('resumed', 10, { type: 'resumed' }),
  one('far leg dead', 10, { type: 'farLegDead', text: '' }),
  one('release', 10, { type: 'release', cause: 'normalClearing' }),
  one('disable', 10, { type: 'disable' }),
  one('enable', 10, { type: 'enable' }),
  one('other settings', 10, { type: 'settingsChanged' }),
  one('watchdog', 10, { type: 'watchdogBites' }),
];

function one(label: string, afterMs: number, said: Said): Possible {
  return { label, afterMs, said };
}

function tone(id: string, cycles: number | null): Possible {
  return one(`${id} tone`, 10, { type: 'tone', tone: { id, cycles, confidence: 0.95, levelDbm0: -18 } });
}
