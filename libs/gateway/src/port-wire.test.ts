import { expect, test } from 'vitest';
import type { GatewayCommand } from './contract.ts';
import { fakeCard } from './fake-card.ts';
import { FakeGateway } from './fake-gateway.ts';
import { type PortGatewayCommand, usualTreatment } from './port-contract.ts';
import { readCommand, readFromGateway, writeCommand, writeEvent } from './wire.ts';

const port = 'SIM-1/1';
const tone = { segments: [{ frequenciesHz: [350, 440], durationMs: null }] };

/** One of each, with all it can say. */
const commands: readonly PortGatewayCommand[] = [
  { do: 'cards' },
  { do: 'openPort', port },
  {
    do: 'openPort',
    port,
    settings: { law: 'PCMA', impedance: '600', receiveGainDb: -3, sendGainDb: 2, dcTermination: { currentLimit: true, lineVolts: 3.1, minimumLoopMilliamps: 10 }, ringThresholdVrms: 15 },
    treatment: { ...usualTreatment, tones: [{ id: 'busy', tone, tolerance: { frequencyHz: 5, cadence: 0.2 } }] },
  },
  { do: 'closePort', port },
  { do: 'configurePort', port, settings: { ringVoltsRms: 60, ringFrequencyHz: 25, loopMilliamps: 25 }, treatment: { echo: { tailMs: 128 } } },
  { do: 'commandPort', port, command: { do: 'hook', hook: 'off' } },
  { do: 'commandPort', port, command: { do: 'flash', ms: 500 } },
  { do: 'commandPort', port, command: { do: 'flash' } },
  { do: 'commandPort', port, command: { do: 'dialPulses', digits: '0123', pulses: { breakMs: 60, makeMs: 40, interDigitMs: 700 } } },
  { do: 'commandPort', port, command: { do: 'ring', cadence: [{ onMs: 1000, offMs: 4000 }], callerId: { afterBurst: 1 } } },
  { do: 'commandPort', port, command: { do: 'ringStop' } },
  { do: 'commandPort', port, command: { do: 'polarity', polarity: 'reversed' } },
  { do: 'commandPort', port, command: { do: 'openLoop', ms: 500 } },
  { do: 'commandPort', port, command: { do: 'messageWaiting', lamp: 'on' } },
  { do: 'commandPort', port, command: { do: 'onHookTransmission', ms: 3000 } },
  { do: 'play', port, sounds: [{ type: 'tone', tone, levelDbm0: -13, over: true }, { type: 'pause', ms: 100 }, { type: 'digits', digits: '0#D', digitMs: 80, pauseMs: 80, levelDbm0: -9 }] },
  { do: 'play', port, sounds: [{ type: 'fsk', message: [128, 0, 128], modem: 'v23', hook: 'on', levelDbm0: -13.5, seizureBits: 300, markBits: 180 }] },
  { do: 'listen', port, listening: { digits: true, tones: true, learns: false, callerId: { modems: ['fsk', 'dtmf'] }, voice: true, alertTone: true, fax: false } },
  { do: 'inspectPort', port },
  { do: 'measurePort', port },
  { do: 'addPort', context: 'c', termination: 'a', port, codec: 'PCMA' },
  { do: 'modifyPort', context: 'c', termination: 'a', codec: 'PCMU' },
];

test('commands about ports survive the wire', () => {
  for (const command of commands) expect(readCommand(writeCommand(7, command).trimEnd())).toEqual({ n: 7, command });
});

test('every field of a command about a port is held to its form', () => {
  const wrong: readonly object[] = [
    { do: 'openPort' },
    { do: 'openPort', port: '' },
    { do: 'openPort', port, settings: { law: 'G722' } },
    { do: 'openPort', port, settings: { colour: 'red' } },
    { do: 'openPort', port, settings: JSON.parse('{"__proto__":1}') as object },
    { do: 'openPort', port, treatment: { echo: { tailMs: 65 } } },
    { do: 'openPort', port, treatment: { receiveGainDb: 25 } },
    { do: 'openPort', port, treatment: { tones: [{ id: 'x', tone: { segments: [] } }] } },
    { do: 'openPort', port, treatment: { tones: [{ id: 'x', tone, tolerance: { frequencyHz: -1 } }] } },
    { do: 'openPort', port, treatment: { tones: Array.from({ length: 257 }, () => ({ id: 'x', tone })) } },
    { do: 'commandPort', port },
    { do: 'commandPort', port, command: { do: 'toString' } },
    { do: 'commandPort', port, command: { do: 'hook' } },
    { do: 'commandPort', port, command: { do: 'hook', hook: 'up' } },
    { do: 'commandPort', port, command: { do: 'ring', cadence: [] } },
    { do: 'commandPort', port, command: { do: 'ring', cadence: [null] } },
    { do: 'commandPort', port, command: { do: 'ring', cadence: 'fast' } },
    { do: 'commandPort', port, command: { do: 'dialPulses', digits: 7 } },
    { do: 'commandPort', port, command: { do: 'openLoop' } },
    { do: 'play', port },
    { do: 'play', port, sounds: [null] },
    { do: 'play', port, sounds: [{ type: 'song', levelDbm0: -9 }] },
    { do: 'play', port, sounds: [{ type: 'tone', tone, levelDbm0: 40 }] },
    { do: 'play', port, sounds: [{ type: 'digits', digits: 'E', digitMs: 80, pauseMs: 80, levelDbm0: -9 }] },
    { do: 'play', port, sounds: [{ type: 'fsk', message: [256], modem: 'v23', hook: 'on', levelDbm0: -9 }] },
    { do: 'play', port, sounds: [{ type: 'pause', ms: -1 }] },
    { do: 'listen', port },
    { do: 'listen', port, listening: { digits: 1 } },
    { do: 'listen', port, listening: { callerId: { modems: [] } } },
    { do: 'addPort', context: 'c', termination: 'a', port },
    { do: 'addPort', context: 'c', termination: 'a', port, codec: 'G722' },
    { do: 'modifyPort', context: 'c', codec: 'PCMA' },
  ];
  for (const command of wrong) expect(readCommand(JSON.stringify({ n: 1, ...command })).refusal?.code, JSON.stringify(command)).toBe('badCommand');
});

test('whatever takes the place of a value in a command about a port, nothing throws', async () => {
  const gateway = new FakeGateway({ cards: [fakeCard('SIM-1', ['fxo', 'fxs'])] });
  for (const open of [port, 'SIM-1/2']) gateway.send({ do: 'openPort', port: open });
  const put = [null, true, -1, 1e999, '', 'x', [], [null], {}, { segments: [{}] }, [[]]];
  let answered = 0;
  let sent = 0;
  for (const command of commands) {
    for (const path of pathsOf(command)) {
      for (const value of put) {
        const mutant = { ...(replaced(command, path, value) as GatewayCommand), ...(path[0] === 'do' ? {} : { do: command.do }) } as GatewayCommand;
        gateway.send(mutant, () => answered++);
        sent++;
      }
    }
  }
  await new Promise((resolve) => gateway.send({ do: 'audit' }, resolve));
  expect(sent).toBeGreaterThan(1000);
  expect(answered).toBe(sent);
});

test('what happens at ports and cards is told apart from what happens at RTP ends', () => {
  const events = [{ event: 'port', port, atMs: 7, is: { type: 'hook', hook: 'off' } }, { event: 'card', change: 'gone', serial: 'SIM-1' }] as const;
  for (const event of events) expect(readFromGateway(writeEvent(event).trimEnd())).toEqual({ type: 'portEvent', event });
});

/** Every place in it that can be replaced. */
function pathsOf(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsOf(inner).map((path) => [key, ...path])]);
}

function replaced(value: unknown, [first, ...rest]: readonly (string | number)[], by: unknown): unknown {
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[first as string] = rest.length === 0 ? by : replaced(copy[first as string], rest, by);
  return copy;
}
