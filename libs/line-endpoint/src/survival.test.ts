import { defaultFxoSettings } from '@tipring/line';
import { expect, test } from 'vitest';
import { anyMedia, line, LineBed, station } from './line-bed.ts';

test('a controller that is killed takes calls of telephones and lines back; hanging up ends them, and the record is whole', () => {
  const before = new LineBed();
  talking(before);
  before.pass(1_000);
  const after = new LineBed({ before, prefix: 'later' });
  expect([after.state('station-1'), after.state('line-3'), after.exchange.calls().map(({ state }) => state)]).toEqual(['talking', 'up', ['talking']]);
  expect(after.gateway.port('SIM-1/3')?.listening).toMatchObject({ tones: true, voice: true });
  after.hangUp(1);
  after.pass(3_000);
  expect(after.record).toMatchObject({ recovered: true, cause: 'normalClearing', evidence: { kind: 'onHook' }, answeredBy: 'line-3' });
  expect(after.gateway.port('SIM-1/3')?.commanded.at(-1)).toEqual({ do: 'hook', hook: 'on' });
  expect([after.state('station-1'), after.state('line-3'), after.bugs]).toEqual(['idle', 'idle', []]);
});

test('what the far end did while no controller was there is found out afterwards', () => {
  const before = new LineBed();
  talking(before);
  before.pass(1_000);
  before.media.isDead = true;
  before.gateway.goDown();
  before.gateway.emitPort('SIM-1/3', { type: 'battery', present: false, volts: 0 });
  before.pass(400);
  before.gateway.emitPort('SIM-1/3', { type: 'battery', present: true, volts: 48 });
  const after = new LineBed({ before });
  after.pass(1_000);
  expect(after.record).toMatchObject({ recovered: true, evidence: { kind: 'batteryDenial', text: 'battery denial 400 ms' } });
});

test('a telephone that was hung up meanwhile ends its call at once', () => {
  const before = new LineBed();
  talking(before);
  before.pass(1_000);
  before.media.isDead = true;
  before.gateway.goDown();
  before.gateway.emitPort('SIM-1/1', { type: 'hook', hook: 'on' });
  before.pass(400);
  const after = new LineBed({ before });
  expect(after.record).toMatchObject({ recovered: true, evidence: { kind: 'onHook' } });
  expect([after.state('station-1'), after.exchange.size]).toEqual(['idle', 0]);
});

test('a telephone that was lifted while no controller was there has dial tone', () => {
  const before = new LineBed();
  before.media.isDead = true;
  before.gateway.goDown();
  before.gateway.emitPort('SIM-1/1', { type: 'hook', hook: 'off' });
  before.pass(5_000);
  const after = new LineBed({ before });
  expect(after.state('station-1')).toBe('dialing');
});

test('a call that was held when the controller was killed is held, and can be taken back', () => {
  const before = new LineBed();
  talking(before);
  before.flash(1);
  before.pass(100);
  const after = new LineBed({ before });
  expect(after.lines.live('station-1')).toMatchObject({ state: 'holding', held: 1 });
  after.flash(1);
  expect([after.lines.live('station-1')?.kind === 'station' && after.exchange.calls()[0]?.state, after.joined()]).toEqual(['talking', ['call-1.1+call-1.2']]);
});

test('a telephone with two calls has both when another controller takes over, changes between them, and hands them over when it is hung up', () => {
  const after = new LineBed({ before: withTwoCalls() });
  expect([after.lines.live('station-1'), after.state('station-2')]).toMatchObject([{ state: 'talking', held: 1 }, 'talking']);
  after.flash(1);
  after.dial(1, '2');
  expect([after.joined('call-1'), after.joined('call-2')]).toEqual([['call-1.1+t-call-1.2'], []]);
  after.hangUp(1);
  expect([after.asked.transfers, after.state('station-1'), after.bugs]).toEqual([1, 'idle', []]);
});

test('one that was hung up on both while no controller was there hands them over as soon as one is', () => {
  const before = withTwoCalls();
  before.media.isDead = true;
  before.gateway.goDown();
  before.gateway.emitPort('SIM-1/1', { type: 'hook', hook: 'on' });
  before.pass(3_000);
  const after = new LineBed({ before });
  expect([after.asked.transfers, after.state('station-1'), after.bugs]).toEqual([1, 'idle', []]);
});

test('one that was taken over from a call that had waited hands nothing over', () => {
  const before = new LineBed();
  talking(before);
  before.exchange.offer(before.desk.offer('101', { number: '777' }, anyMedia));
  before.settle();
  before.flash(1);
  before.pass(100);
  const after = new LineBed({ before });
  expect(after.lines.live('station-1')).toMatchObject({ state: 'talking', held: 1 });
  after.hangUp(1);
  expect([after.asked.transfers, after.state('station-1')]).toEqual([0, 'ringing']);
});

test('a second call that was being set up is over, the held one is held, and the telephone can have it back', () => {
  const before = new LineBed();
  talking(before);
  before.flash(1);
  before.dial(1, '102#');
  before.pass(100);
  const after = new LineBed({ before });
  expect([after.lines.live('station-1'), after.state('station-2')]).toMatchObject([{ state: 'holding', held: 1 }, 'idle']);
  after.flash(1);
  expect(after.joined()).toEqual(['call-1.1+call-1.2']);
});

test('a connection that breaks while a telephone that holds a call hears dial tone or rings somebody leaves it the held one', () => {
  for (const digits of ['', '103#']) {
    const bed = new LineBed();
    talking(bed);
    bed.flash(1);
    bed.dial(1, digits);
    bed.gateway.goDown();
    bed.pass(2_000);
    bed.gateway.comeUp();
    bed.pass(1_000);
    expect(bed.lines.live('station-1')).toMatchObject({ held: 1 });
    bed.flash(1);
    expect([bed.joined(), bed.exchange.size, bed.bugs]).toEqual([['call-1.1+call-1.2'], 1, []]);
  }
});

test('silence on a line is no hang-up while the other side holds, also when the controller was killed meanwhile', () => {
  const settings = { ...defaultFxoSettings, disconnect: { ...defaultFxoSettings.disconnect, silence: { ms: 30_000 } } };
  const plans = { stations: [station(1)], lines: [line(3, { settings })] };
  const before = new LineBed({ plans });
  talking(before);
  before.flash(1);
  const after = new LineBed({ plans, before });
  for (const side of ['line', 'far'] as const) after.happen(3, { type: 'silent', side, silentMs: 10_000 });
  after.pass(100_000);
  expect(after.state('line-3')).toBe('up');
});

test('digits that were being sent when the connection broke are not waited for', () => {
  const bed = new LineBed();
  talking(bed);
  bed.happen(1, { type: 'pulseDigit', digit: '1' });
  bed.gateway.goDown();
  bed.pass(100);
  bed.gateway.comeUp();
  bed.pass(1_000);
  bed.did(3);
  bed.happen(1, { type: 'pulseDigit', digit: '2' });
  expect(bed.did(3)).toEqual(['digits 2']);
});

test('calls that were being set up when the controller was killed are over: the line is on-hook, and the telephone is told so', () => {
  const before = new LineBed();
  before.call('95551234');
  before.pass(300);
  before.tone(3, 'dial');
  before.settle();
  before.happen(3, { type: 'soundEnded' });
  before.pass(100);
  const after = new LineBed({ before });
  expect(after.gateway.port('SIM-1/3')?.commanded.at(-1)).toEqual({ do: 'hook', hook: 'on' });
  expect(['openLoop', 'toned']).toContain(after.state('station-1'));
  after.pass(2_000);
  expect(after.gateway.port('SIM-1/1')?.playing).toMatchObject([{ type: 'tone', tone: { segments: [{ frequenciesHz: [480, 620] }, expect.anything()] } }]);
  after.pass(10_000);
  expect([after.state('line-3'), after.exchange.size, after.bugs]).toEqual(['idle', 0, []]);
});

test('a gateway that was restarted has let go of its ports: calls end with that in words, machines begin anew', () => {
  const bed = new LineBed();
  talking(bed);
  bed.gateway.goDown();
  bed.pass(200);
  bed.gateway.comeUp('restarted');
  bed.pass(100);
  expect(bed.record).toMatchObject({ cause: 'temporaryFailure', evidence: { kind: 'gatewayRestarted', text: 'the media gateway was restarted, and the port let go of its call' } });
  expect(bed.record.legs.map(({ cause }) => cause)).toEqual(['temporaryFailure', 'temporaryFailure']);
  bed.pass(5_000);
  expect([bed.state('station-1'), bed.state('line-3'), bed.media.size, bed.bugs]).toEqual(['idle', 'idle', 0, []]);
});

test('a gateway whose connection broke goes on with its calls; one that does not come back in five seconds is taken for dead', () => {
  const bed = new LineBed();
  talking(bed);
  bed.gateway.goDown();
  bed.pass(2_000);
  bed.gateway.comeUp();
  bed.pass(5_000);
  expect([bed.state('station-1'), bed.state('line-3'), bed.exchange.size]).toEqual(['talking', 'up', 1]);
  bed.exchange.offer(bed.desk.offer('102', { number: '103' }, anyMedia));
  bed.pass(100);
  bed.gateway.goDown();
  bed.pass(100);
  expect(bed.record).toMatchObject({ cause: 'temporaryFailure', to: '102', evidence: { text: 'the media gateway is not connected' } });
  bed.pass(5_000);
  expect(bed.records.at(-1)).toMatchObject({ cause: 'temporaryFailure', evidence: { kind: 'gatewayLost' } });
  expect([bed.state('station-1'), bed.state('line-3')]).toEqual(['absent', 'absent']);
});

test('a card that was pulled while the gateway was away ends its calls as soon as it is back', () => {
  const bed = new LineBed();
  talking(bed);
  bed.gateway.goDown();
  bed.pass(100);
  bed.gateway.removeCard('SIM-1');
  bed.gateway.comeUp();
  bed.pass(100);
  expect(bed.record).toMatchObject({ cause: 'outOfOrder' });
  expect([bed.state('station-1'), bed.state('line-3'), bed.exchange.size, bed.media.size]).toEqual(['absent', 'absent', 0, 0]);
  bed.gateway.insertCard(bed.card);
  bed.pass(10_000);
  // Its handset is lifted all the time.
  expect([bed.state('station-1'), bed.state('line-3')]).toEqual(['toned', 'idle']);
});

test('an agent that is gone is the cause in words, of stations and of lines, and its return brings the ports back', () => {
  const bed = new LineBed();
  talking(bed);
  bed.gateway.removeCard('SIM-1', 'driver');
  bed.pass(100);
  expect(bed.record).toMatchObject({ cause: 'outOfOrder', evidence: { kind: 'driverLost', text: 'the agent of the card is gone, and let go of the port' } });
  expect([bed.state('station-1'), bed.state('line-3'), bed.exchange.size, bed.media.size]).toEqual(['absent', 'absent', 0, 0]);
  expect(bed.incidents.filter((incident) => incident.startsWith('line-3'))).toEqual(['line-3 driverLost: the agent of the card of port SIM-1/3 is gone']);
  bed.gateway.insertCard(bed.card);
  bed.pass(10_000);
  expect(bed.state('line-3')).toBe('idle');
});

test('a port that cannot be had again when the gateway is back ends its call, and is asked for again', () => {
  const bed = new LineBed();
  talking(bed);
  bed.gateway.goDown();
  bed.pass(100);
  for (let port = 1; port <= 4; port++) bed.gateway.refuseNext('openPort', 'hardware');
  bed.gateway.comeUp();
  bed.pass(100);
  expect([bed.exchange.size, bed.record.cause, bed.state('line-3')]).toEqual([0, 'outOfOrder', 'absent']);
  bed.pass(8_000);
  expect([bed.state('line-3'), bed.gateway.port('SIM-1/3')?.commanded.at(-1)]).toEqual(['idle', { do: 'hook', hook: 'on' }]);
});

test('a call whose other side ends it while the gateway is away: nobody complains of the port, and it is on-hook when it is back', () => {
  const bed = new LineBed();
  talking(bed);
  bed.gateway.goDown();
  bed.pass(100);
  for (const { id } of bed.exchange.calls()) bed.exchange.hangUp(id);
  expect(bed.state('line-3')).toBe('absent');
  bed.pass(4_000);
  bed.gateway.comeUp();
  bed.pass(3_000);
  expect([bed.state('line-3'), bed.gateway.port('SIM-1/3')?.commanded.at(-1), bed.incidents]).toEqual(['idle', { do: 'hook', hook: 'on' }, []]);
});

test('a reversal during a call is no reversal for who takes the call over', () => {
  const before = new LineBed();
  talking(before);
  before.happen(3, { type: 'polarity', polarity: 'normal' });
  before.pass(10_000);
  const after = new LineBed({ before });
  after.pass(1_000);
  expect([after.lines.live('line-3')?.polarity, after.state('line-3'), after.exchange.size]).toEqual(['normal', 'up', 1]);
});

test('a telephone that is told of the answer by a reversal keeps it in a call that is taken over', () => {
  const one = station(1);
  const plans = { stations: [{ ...one, settings: { ...one.settings, supervision: { ...one.settings.supervision, reversalOnAnswer: true } } }], lines: [line(3)] };
  const before = new LineBed({ plans });
  talking(before);
  before.pass(1_000);
  expect(before.did(1)).toContain('reversed');
  const after = new LineBed({ plans, before });
  expect(after.lines.live('station-1')).toMatchObject({ state: 'talking', polarity: 'reversed' });
  expect(after.gateway.port('SIM-1/1')?.commanded.findLast((command) => command.do === 'polarity')).toEqual({ do: 'polarity', polarity: 'reversed' });
  after.hangUp(1);
  expect(after.gateway.port('SIM-1/1')?.commanded.at(-1)).toEqual({ do: 'polarity', polarity: 'normal' });
});

test('a line that was taken out of service while it had a call has none after that one, though the controller was killed meanwhile', () => {
  const before = new LineBed();
  talking(before);
  before.pass(1_000);
  const after = new LineBed({ before, plans: { stations: [station(1)], lines: [line(3, { isEnabled: false })] } });
  expect(after.state('line-3')).toBe('up');
  after.hangUp(1);
  after.pass(5_000);
  expect(after.state('line-3')).toBe('disabled');
});

test('a port that was to be removed is nobody’s when its card comes back', () => {
  const bed = new LineBed();
  talking(bed);
  bed.lines.configure({ stations: [], lines: [] });
  bed.gateway.removeCard('SIM-1');
  bed.pass(100);
  bed.gateway.insertCard(bed.card);
  bed.pass(10_000);
  expect([1, 3].map((port) => bed.gateway.port(`SIM-1/${port}`)?.isOpen)).toEqual([false, false]);
});

test('a line whose settings change while its port is being opened has the new ones', () => {
  const bed = new LineBed();
  bed.gateway.goDown();
  bed.pass(100);
  bed.gateway.comeUp();
  // Behind the answer that tells of the cards, before the one to `openPort`.
  bed.timers.start(0, () => bed.lines.configure({ stations: [station(1)], lines: [line(3, { portSettings: { impedance: '900' } })] }));
  bed.pass(3_000);
  expect([bed.state('line-3'), bed.gateway.port('SIM-1/3')?.settings.impedance]).toEqual(['idle', '900']);
});

test('a port that does not come back after a restart gives its call up', () => {
  const before = new LineBed();
  talking(before);
  before.pass(1_000);
  const after = new LineBed({ before, plans: { stations: [station(1)], lines: [line(3, { port: 'SIM-2/3' })] } });
  after.pass(11_000);
  expect(after.record).toMatchObject({ recovered: true });
  expect(after.record.legs[1]).toMatchObject({ cause: 'temporaryFailure', evidence: { kind: 'restart' } });
});

test('a line that is off-hook though nobody has a call on it is put on-hook by the watchdog', () => {
  const bed = new LineBed();
  bed.happen(3, { type: 'portHook', hook: 'off' });
  bed.pass(11_000);
  expect(bed.gateway.port('SIM-1/3')?.commanded.at(-1)).toEqual({ do: 'hook', hook: 'on' });
  expect(bed.incidents.map((incident) => incident.split(':')[0])).toContain('line-3 watchdog');
});

/** 1 talks to 2, and holds the desk. */
function withTwoCalls(): LineBed {
  const bed = new LineBed();
  bed.call('103');
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.settle();
  bed.flash(1);
  bed.dial(1, '102#');
  bed.lift(2);
  bed.pass(100);
  return bed;
}

/** Telephone 1 has called out over line 3. */
function talking(bed: LineBed): void {
  bed.call('95551234');
  bed.pass(300);
  bed.tone(3, 'dial');
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  bed.pass(100);
}
