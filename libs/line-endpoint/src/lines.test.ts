import { defaultFxoSettings, uncommissioned } from '@tipring/line';
import type { FakeLeg } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { anyMedia, line, LineBed, station } from './line-bed.ts';

test('a line that rings is offered with who calls, and answered when somebody answers: off-hook, steady, connected', () => {
  const bed = new LineBed();
  bed.did(3);
  bed.ring(3);
  bed.happen(3, { type: 'callerId', by: 'fsk', number: { shown: '5551234' }, name: { shown: 'ANNA' } });
  expect(bed.exchange.calls()).toMatchObject([{ from: { number: '5551234', name: 'ANNA' }, to: '101' }]);
  expect(bed.state('station-1')).toBe('ringing');
  bed.lift(1);
  expect(bed.did(3)).toEqual(['listen callerId', 'add call-1.1', 'hush', 'listen', 'off-hook', 'listen digits tones voice fax']);
  bed.pass(400);
  expect([bed.state('line-3'), bed.joined()]).toEqual(['up', ['call-1.1+call-1.2']]);
  expect(bed.lines.live('line-3')).toMatchObject({ hook: 'off', battery: true, polarity: 'normal', party: { number: '5551234' } });
  bed.hangUp(1);
  expect(bed.did(3)).toEqual(['hush', 'listen', 'on-hook']);
  expect(bed.record.legs[0]).toMatchObject({ endpoint: 'line-3', cause: 'normalClearing' });
  bed.pass(3_000);
  expect([bed.state('line-3'), bed.bugs]).toEqual(['idle', []]);
});

test.each([
  ['private', { absent: 'private' }, { number: '', anonymous: true }],
  ['unavailable', { absent: 'unavailable' }, { number: '' }],
] as const)('a caller that is %s is so to whom it calls', (_name, number, from) => {
  const bed = new LineBed();
  bed.ring(3);
  bed.happen(3, { type: 'callerId', by: 'fsk', number });
  expect(bed.exchange.calls()[0]?.from).toEqual(from);
});

test('the caller gives up: what rang stops, and the record says why', () => {
  const bed = new LineBed();
  bed.ring(3, 2);
  expect(bed.state('station-1')).toBe('ringing');
  bed.pass(10_000);
  expect(bed.state('station-1')).not.toBe('ringing');
  expect(bed.record).toMatchObject({ cause: 'normalClearing', evidence: { kind: 'ringLoss' } });
});

test('a telephone calls out: seize, dial tone, digits, early media, answer by reversal; the far end hangs up by battery denial', () => {
  const bed = new LineBed();
  bed.call('95551234');
  expect(bed.did(3).slice(-2)).toEqual(['off-hook', 'listen digits tones voice fax']);
  bed.pass(300);
  bed.tone(3, 'dial');
  expect(bed.did(3)).toEqual(['digits 5551234']);
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  expect(bed.did(3)).toEqual(['add call-1.2']);
  expect([bed.state('station-1'), bed.joined()]).toEqual(['early', ['call-1.1+call-1.2']]);
  bed.pass(2_000);
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  expect([bed.state('line-3'), bed.state('station-1')]).toEqual(['up', 'talking']);
  bed.pass(60_000);
  bed.happen(3, { type: 'battery', present: false, volts: 0 });
  bed.pass(312);
  expect(bed.did(3)).toEqual(['hush', 'listen', 'on-hook']);
  expect(bed.record).toMatchObject({ cause: 'normalClearing', evidence: { kind: 'batteryDenial', text: 'battery denial of 200 ms' }, answeredBy: 'line-3' });
  expect(bed.record.story.map(({ text }) => text)).toContain('answer signalled, 99 % sure: polarity reversal');
  expect(bed.gateway.port('SIM-1/3')?.commanded.at(-1)).toEqual({ do: 'hook', hook: 'on' });
});

test('busy tone in place of an answer is busy for the caller, with the tone in words', () => {
  const bed = new LineBed();
  dialled(bed);
  bed.tone(3, 'busy');
  expect(bed.record).toMatchObject({ cause: 'userBusy', evidence: { kind: 'tone', text: 'busy tone 480+620 Hz 500/500, 2 cycles, -15 dBm0' } });
  expect(bed.did(3).at(-1)).toBe('on-hook');
});

test('a line without dial tone lets the next one try', () => {
  const bed = new LineBed();
  bed.call('95551234');
  bed.pass(6_000);
  expect([bed.state('line-3'), bed.state('line-4')]).toEqual(['guard', 'awaitingDialTone']);
});

test('a line whose card is pulled is skipped at once, a call on it ends; it comes back with its settings', () => {
  const bed = new LineBed({ plans: { stations: [station(1), station(2)], lines: [line(3, { portSettings: { impedance: '900' } })] } });
  talking(bed);
  bed.gateway.removeCard('SIM-1');
  bed.settle();
  expect(bed.record).toMatchObject({ cause: 'outOfOrder', evidence: { text: 'the card of the port was pulled' } });
  expect(bed.record.legs.map(({ cause }) => cause)).toEqual(['outOfOrder', 'outOfOrder']);
  expect(bed.lines.live('line-3')).toMatchObject({ state: 'absent', isPresent: false, battery: null });
  bed.exchange.offer(bed.desk.offer('95551234', { number: '103' }, anyMedia));
  bed.pass(10);
  expect(bed.record).toMatchObject({ cause: 'outOfOrder' });
  bed.gateway.insertCard(bed.card);
  bed.pass(3_000);
  expect([bed.state('line-3'), bed.gateway.port('SIM-1/3')?.settings.impedance]).toEqual(['idle', '900']);
  expect(bed.incidents.filter((incident) => incident.startsWith('line-3'))).toEqual(['line-3 cardPulled: the card of port SIM-1/3 was pulled', 'line-3 cardReturned: the card of port SIM-1/3 is back']);
});

test('silence from both sides ends a call after its time, unless the other side holds', () => {
  const settings = { ...defaultFxoSettings, disconnect: { ...defaultFxoSettings.disconnect, silence: { ms: 30_000 } } };
  const bed = new LineBed({ plans: { stations: [station(1)], lines: [line(3, { settings })] } });
  talking(bed);
  bed.flash(1);
  for (const side of ['line', 'far'] as const) bed.happen(3, { type: 'silent', side, silentMs: 10_000 });
  bed.pass(100_000);
  expect(bed.state('line-3')).toBe('up');
  bed.flash(1);
  bed.pass(31_000);
  expect(bed.record).toMatchObject({ cause: 'recoveryOnTimerExpiry', evidence: { kind: 'silence', text: 'nothing heard from either side for 30 s' } });
});

test('a line whose other side is dead is hung up, though it goes on talking itself; one whose other side is heard again is not', () => {
  const bed = new LineBed();
  const far = inCallWithDesk(bed);
  far.say({ type: 'silent', silentMs: 30_000 });
  bed.pass(80_000);
  far.say({ type: 'heard', silentMs: 110_000 });
  bed.pass(100_000);
  expect(bed.state('line-3')).toBe('up');
  far.say({ type: 'silent', silentMs: 30_000 });
  bed.happen(3, { type: 'voice' });
  bed.pass(90_100);
  expect(bed.record).toMatchObject({ cause: 'recoveryOnTimerExpiry', evidence: { kind: 'farLegDead', text: 'nothing has come from the other side of the call for 120 s' } });
  expect(bed.did(3).at(-1)).toBe('on-hook');
});

test('who holds may be silent as long as it likes, and has the whole time again when it holds no more', () => {
  const bed = new LineBed();
  const far = inCallWithDesk(bed);
  far.say({ type: 'held' });
  far.say({ type: 'silent', silentMs: 30_000 });
  bed.pass(600_000);
  expect(bed.state('line-3')).toBe('up');
  far.say({ type: 'resumed' });
  bed.pass(119_000);
  expect(bed.state('line-3')).toBe('up');
  bed.pass(1_100);
  expect(bed.record).toMatchObject({ evidence: { kind: 'farLegDead' } });
});

test('a caller on a line hears whom it has reached, also when early media came before anybody answered', () => {
  const bed = new LineBed({ plans: { stations: [], lines: [line(3, { inboundNumber: '103' })] } });
  bed.ring(3);
  bed.happen(3, { type: 'callerId', by: 'fsk', number: { shown: '5551234' } });
  bed.desk.leg.say({ type: 'progress', media: anyMedia });
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.pass(400);
  expect([bed.state('line-3'), bed.joined()]).toEqual(['up', ['call-1.1+t-call-1.2']]);
});

test('digits from the call are sent one after the other', () => {
  const bed = new LineBed();
  talking(bed);
  bed.did(3);
  for (const digit of '12') bed.happen(1, { type: 'pulseDigit', digit });
  bed.settle();
  expect(bed.did(3)).toEqual(['digits 1']);
  bed.happen(3, { type: 'soundEnded' });
  expect(bed.did(3)).toEqual(['digits 2']);
});

test('a flash among the digits is one to the far exchange; a call for help has none', () => {
  const bed = new LineBed();
  const far = inCallWithDesk(bed);
  bed.did(3);
  for (const digit of ['!', '4', '2']) far.say({ type: 'digit', digit, durationMs: 100 });
  expect(bed.did(3)).toEqual(['flash']);
  bed.happen(3, { type: 'flashEnded' });
  bed.tone(3, 'dial');
  bed.pass(1_000);
  expect([bed.did(3), bed.state('line-3')]).toEqual([['digits 42'], 'up']);
});

test('glare: the call that came in is offered, the one that was to go out takes the next line', () => {
  const bed = new LineBed();
  bed.call('95551234', 2);
  bed.happen(3, { type: 'ringMeasured', frequencyHz: 20, voltsRms: 60 });
  bed.pass(100);
  expect([bed.state('line-3'), bed.state('line-4'), bed.state('station-1')]).toEqual(['caught', 'seizing', 'ringing']);
  bed.lift(1);
  expect(bed.state('line-3')).toBe('up');
});

test('a line that goes nowhere rings out and leaves no record; one that is not commissioned makes no calls', () => {
  const bed = new LineBed({ plans: { stations: [station(1)], lines: [line(3, { isAnswered: false, settings: uncommissioned(defaultFxoSettings) })] } });
  bed.ring(3, 2);
  expect([bed.state('line-3'), bed.records]).toEqual(['ignored', []]);
  bed.pass(10_000);
  bed.call('95551234');
  bed.settle();
  expect(bed.record.legs.map(({ cause }) => cause)).toEqual([expect.any(String), 'noCircuit', 'outOfOrder']);
});

test('a line that makes no calls makes those for help', () => {
  const bed = new LineBed({ plans: { stations: [station(1)], lines: [line(3, { settings: { ...uncommissioned(defaultFxoSettings), emergency: ['112'] } })] } });
  bed.call('9112');
  bed.pass(300);
  bed.tone(3, 'dial');
  expect(bed.did(3).at(-1)).toBe('digits 112');
});

test('a line whose settings change listens from then on for callers as the new ones say', () => {
  const quiet = { ...defaultFxoSettings, callerId: { ...defaultFxoSettings.callerId, announcedBy: ['polarityReversal'] as const } };
  const bed = new LineBed({ plans: { stations: [], lines: [line(3, { settings: quiet })] } });
  expect(bed.gateway.port('SIM-1/3')?.listening).toEqual({});
  bed.lines.configure({ stations: [], lines: [line(3)] });
  bed.settle();
  expect(bed.gateway.port('SIM-1/3')?.listening).toEqual({ callerId: { modems: ['fsk', 'dtmf'] } });
});

test('ghosts, dead lines and lamps are told to who looks after the line', () => {
  const bed = new LineBed();
  bed.happen(3, { type: 'ringBegan' });
  bed.pass(40);
  bed.happen(3, { type: 'ringEnded', durationMs: 40, frequencyHz: null, voltsRms: null });
  bed.happen(4, { type: 'battery', present: false, volts: 0 });
  bed.pass(11_000);
  bed.happen(4, { type: 'messageWaiting', lamp: 'on' });
  expect(bed.incidents.map((incident) => incident.split(':')[0])).toEqual(['line-3 ghostRing', 'line-4 noBattery', 'line-4 carrierMessages']);
  expect([bed.records, bed.lines.live('line-4')?.state]).toEqual([[], 'noBattery']);
});

test('what a port cannot be is left out, told once, and the rest is done', () => {
  const bed = new LineBed({ plans: { stations: [station(1, { portSettings: { impedance: '900', loopMilliamps: 500, ringVoltsRms: 1_000 }, treatment: { receiveGainDb: 20 } })], lines: [line(3, { portSettings: { ringThresholdVrms: 17, law: 'PCMA' } })] } });
  const [telephone, office] = [bed.gateway.port('SIM-1/1'), bed.gateway.port('SIM-1/3')];
  expect(telephone?.settings).toMatchObject({ impedance: '900', loopMilliamps: expect.any(Number) as number });
  const settings = telephone?.settings;
  expect((settings?.receiveGainDb ?? 0) + (telephone?.treatment.receiveGainDb ?? 0)).toBe(20);
  expect(office?.settings).toMatchObject({ law: 'PCMA', ringThresholdVrms: 15 });
});

test('a telephone on a line’s port is told to be one, and is not opened', () => {
  const bed = new LineBed({ plans: { stations: [station(1, { port: 'SIM-1/3' })], lines: [] } });
  expect(bed.incidents).toEqual(['station-1 portRefused: port SIM-1/3 is an FXO port: for a line, and not a telephone']);
  expect(bed.gateway.port('SIM-1/3')?.isOpen).toBe(false);
});

function dialled(bed: LineBed): void {
  bed.call('95551234');
  bed.pass(300);
  bed.tone(3, 'dial');
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
}

function talking(bed: LineBed): void {
  dialled(bed);
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  bed.pass(1_000);
}

/** The desk phone calls out over line 3, and talks. */
function inCallWithDesk(bed: LineBed): FakeLeg {
  bed.exchange.offer(bed.desk.offer('95551234', { number: '103' }, anyMedia));
  const { leg } = bed.desk;
  bed.pass(400);
  bed.tone(3, 'dial');
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  return leg;
}
