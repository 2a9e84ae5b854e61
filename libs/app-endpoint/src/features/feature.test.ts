import { describe, expect, test } from 'vitest';
import { type Caller, localOf } from '../application-bed.ts';
import { idOf, OfficeBed } from '../office-bed.ts';
import { FakeCalls } from './fake-calls.ts';
import { CallBacks } from './call-backs.ts';
import { feature } from './feature.ts';
import { LastCallers } from './last-callers.ts';
import { OfficeDesk } from './office-desk.ts';
import type { Feature } from '@tipring/config';

const rows = {
  extension: [
    { key: 'anna', number: '105', displayName: 'Ann', callPickupGroups: ['sales'], supervises: [idOf('desk')] },
    { key: 'bert', number: '106', displayName: 'Bob', callPickupGroups: ['sales', 'support'] },
    { key: 'desk', number: '100', displayName: 'Desk' },
    { key: 'shut', number: '107', displayName: 'Shut', callPickupGroups: ['other'] },
  ],
  device: ['anna', 'bert', 'desk', 'shut'].map((key) => ({ key: `${key}-phone`, extensionId: idOf(key), username: key, displayName: key, ha1: { MD5: 'd41d8cd98f00b204e9800998ecf8427e', 'SHA-256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' } })),
  queue: [{ key: 'help', number: '800', displayName: 'Help', agents: [{ extensionId: idOf('anna') }] }],
  parkingLot: [{ key: 'lot', displayName: 'Lot', slots: { first: '701', last: '709' } }],
} as const;

class Office {
  readonly bed = new OfficeBed(rows);
  readonly calls = new FakeCalls();
  readonly queues: string[] = [];
  #last: Caller | undefined;
  readonly callBacks = new CallBacks(this.calls, () => this.bed.snapshot, this.bed.timers);
  readonly lastCallers = new LastCallers(this.calls, () => this.bed.snapshot);
  readonly desk = new OfficeDesk({
    snapshot: () => this.bed.snapshot,
    changes: this.bed,
    calls: this.calls,
    clock: { now: () => this.bed.surroundings.clock.now(), local: localOf },
    queues: {
      change: (extension, queue, to) => {
        this.queues.push(`${extension === idOf('anna') ? 'anna' : extension} ${to} ${queue === null ? 'all' : queue === idOf('help') ? 'help' : queue}`);
        return extension === idOf('anna');
      },
    },
    callBacks: this.callBacks,
    lastCallers: this.lastCallers,
  });

  dial(what: Feature, argument = '', from = '105'): Caller {
    this.#last?.hangUp();
    return (this.#last = this.bed.call(feature(what, argument, this.desk), { from: { number: from }, context: 'call-1' }));
  }
}

const phone = (key: string): string => idOf(`${key}phone`);

describe('settings of the extension that is dialled from', () => {
  test.each<[Feature, string, object, string]>([
    ['forwardAlways', '106', { forwarding: { always: { type: 'extension', id: idOf('bert') } } }, 'feature.forwardAlways common.to digits 106 common.on'],
    ['forwardBusy', '800', { forwarding: { busy: { type: 'queue', id: idOf('help') } } }, 'feature.forwardBusy common.to digits 800 common.on'],
    ['forwardNoAnswer', '0221555', { forwarding: { noAnswer: { type: 'number', number: '0221555' } } }, 'feature.forwardNoAnswer common.to digits 0221555 common.on'],
    ['forwardUnreachable', '106', { forwarding: { unreachable: { type: 'extension' } } }, 'feature.forwardUnreachable common.to digits 106 common.on'],
    ['forwardAlwaysOff', '', { forwarding: { always: null } }, 'feature.forwardAlways common.off'],
    ['doNotDisturb', '', { isDoNotDisturb: true }, 'feature.doNotDisturb common.on'],
    ['doNotDisturbOff', '', { isDoNotDisturb: false }, 'feature.doNotDisturb common.off'],
    ['callWaitingOff', '', { isCallWaiting: false }, 'feature.callWaiting common.off'],
    ['followMeOff', '', { followMe: { isEnabled: false } }, 'feature.followMe common.off'],
    ['lock', '', { calling: { isLocked: true } }, 'feature.locked'],
    ['blockCaller', '0900123', { callers: { blocked: ['0900123'] } }, 'digits 0900123 feature.callerBlocked'],
    ['wakeUp', '0715', { wakeUps: [{ time: '07:15', on: '2026-11-24' }] }, 'feature.wakeUpAt time 7:15'],
    ['wakeUp', '1530', { wakeUps: [{ time: '15:30', on: '2026-11-23' }] }, 'feature.wakeUpAt time 15:30'],
    ['wakeUpOff', '', { wakeUps: [] }, 'feature.wakeUpOff'],
  ])('%s %s', (what, argument, expected, said) => {
    const office = new Office();
    const caller = office.dial(what, argument);
    expect(caller.listen(200_000)).toBe(said);
    expect([caller.isOver, office.bed.bugs]).toEqual([true, []]);
    expect(office.bed.extension('105')).toMatchObject(expected);
  });

  test('what was not dialled behind the code is asked for', () => {
    const office = new Office();
    const caller = office.dial('forwardAlways');
    expect(caller.listen()).toBe('common.enterNumber');
    caller.dial('105#');
    expect(caller.heard).toBe('common.noSuchNumber common.enterNumber');
    caller.dial('106');
    bedPasses(office, 4_100);
    expect(caller.listen()).toContain('common.on');
    const time = new Office();
    const sleeper = time.dial('wakeUp');
    expect(sleeper.heard).toContain('feature.enterTime');
    sleeper.dial('2460#');
    expect(sleeper.heard).toBe('feature.noSuchTime feature.enterTime');
    sleeper.dial('0000#');
    bedPasses(time, 10);
    expect(sleeper.listen()).toBe('feature.wakeUpAt time 0:0');
    expect(time.bed.extension('105').wakeUps).toEqual([{ time: '00:00', on: '2026-11-24' }]);
  });

  test('to oneself, to a short number that nobody has, to a parking slot: no; three times, and the call is over', () => {
    for (const number of ['105', '112', '911', '701', '12*4']) {
      const office = new Office();
      const caller = office.dial('forwardAlways', number);
      expect(caller.heard.trim()).toBe('common.noSuchNumber common.enterNumber');
      caller.dial(`${number}#${number}#`);
      expect(caller.listen()).toBe('common.noSuchNumber');
      expect([caller.isOver, office.bed.extension('105').forwarding.always]).toEqual([true, null]);
    }
  });

  test('a change that is refused, or cannot be kept, is said so', () => {
    const office = new Office();
    office.bed.changed = { ok: false, why: 'invalid', text: '' };
    const refused = office.dial('doNotDisturb');
    bedPasses(office, 10);
    expect(refused.heard.trim()).toBe('common.notAllowed');
    office.bed.changed = { ok: false, why: 'failed', text: '' };
    const failed = office.dial('doNotDisturb');
    bedPasses(office, 10);
    expect(failed.heard.trim()).toBe('common.failed');
  });

  test('nothing for who is no extension', () => {
    const office = new Office();
    expect(office.dial('doNotDisturb', '', '0221555').listen()).toBe('common.notAllowed');
  });

  test('the last caller is blocked when no number was dialled, and let through again', () => {
    const office = new Office();
    office.calls.ring('call-7', { number: '0900666' }, [phone('anna')]);
    office.dial('blockCaller');
    bedPasses(office, 10);
    expect(office.bed.extension('105').callers.blocked).toEqual(['0900666']);
    office.dial('unblockCaller');
    bedPasses(office, 10);
    expect(office.bed.extension('105').callers.blocked).toEqual([]);
  });
});

describe('calls', () => {
  test('the call that rings longest in a common group is picked up, and none of another', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    office.calls.ring('call-5', { number: '201' }, [phone('shut')]);
    expect(office.dial('pickupGroup').listen()).toBe('feature.nothingToPickUp');
    office.calls.ring('call-6', { number: '202' }, [phone('bert')], { startedAt: 500 });
    office.calls.ring('call-7', { number: '203' }, [phone('bert')], { startedAt: 400 });
    office.calls.ring('call-8', { number: '112' }, [phone('bert')], { startedAt: 1, emergency: '112' });
    office.dial('pickupGroup');
    expect(office.calls.done).toEqual(['pickUp call-7 with call-1.1']);
  });

  test('one that rings at a certain extension, if that may be', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    office.calls.ring('call-5', { number: '201' }, [phone('shut')]);
    office.calls.ring('call-6', { number: '201' }, [phone('desk')]);
    expect(office.dial('pickup', '107').listen()).toBe('feature.nothingToPickUp');
    const caller = office.dial('pickup', '100');
    expect([office.calls.done, caller.heard]).toEqual([['pickUp call-6 with call-1.1'], '']);
  });

  test('who picked something up and is still there after five seconds is told that it failed', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    office.calls.ring('call-6', { number: '201' }, [phone('desk')]);
    const caller = office.dial('pickup', '100');
    bedPasses(office, 5_000);
    expect(caller.listen()).toBe('common.failed');
  });

  test('whom one holds is parked, and one hears where; who holds nobody is parked himself', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    office.calls.talk('call-4', [phone('anna'), 'trk'], 'held');
    const caller = office.dial('park');
    expect(caller.listen()).toBe('feature.parkedAt digits 701');
    expect(office.calls.done).toEqual([`park call-4 call-4.1 ${idOf('lot')}`]);
    const alone = new Office();
    alone.calls.talk('call-1', ['trk', 'app'], 'talking');
    alone.dial('park');
    expect(alone.calls.done).toEqual([`park call-1 call-1.2 ${idOf('lot')}`]);
    alone.calls.refusal = { ok: false, code: 'refused', text: 'full' };
    expect(alone.dial('park').listen()).toBe('feature.lotFull');
  });

  test('a parked call is taken by the number of its slot', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    expect(office.dial('retrieve', '701').listen()).toBe('feature.nothingParked');
    office.calls.parkedCalls = [{ lot: idOf('lot'), slot: '701', call: 'call-9', since: 0, by: phone('bert') }];
    office.dial('retrieve', '701');
    expect(office.calls.done).toEqual([`retrieve ${idOf('lot')} 701 with call-1.1`]);
  });

  test('listened to is who may be', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    expect(office.dial('listen', '106').listen()).toBe('common.notAllowed');
    expect(office.dial('listen', '100').listen()).toBe('feature.nobodyTalks');
    office.calls.talk('call-4', ['trk', phone('desk')], 'talking');
    office.dial('whisper', '100');
    expect(office.calls.done).toEqual(['supervise call-4 call-4.2 whisper with call-1.1']);
  });

  test('agents log in to one queue or all of theirs', () => {
    const office = new Office();
    expect(office.dial('queueLogIn', '800').listen()).toBe('feature.queueLogin');
    expect(office.dial('queuePause').listen()).toBe('feature.queuePause');
    expect(office.dial('queueLogOut', '106').listen()).toBe('feature.noQueue');
    expect(office.dial('queueLogIn', '', '106').listen()).toBe('feature.noQueue');
    expect(office.queues.slice(0, 2)).toEqual(['anna loggedIn help', 'anna paused all']);
  });
});

describe('call-back when free', () => {
  test('both are waited for, then who asked is rung first', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    office.calls.talk('call-4', ['trk', phone('bert')], 'talking');
    expect(office.dial('callBack', '106').listen()).toBe('feature.callBack');
    office.calls.end('call-1');
    bedPasses(office, 3_000);
    expect(office.calls.done).toEqual([]);
    office.calls.end('call-4');
    bedPasses(office, 2_000);
    expect([office.calls.done, office.callBacks.size]).toEqual([[`originate ${phone('anna')} 105 to 106`], 0]);
  });

  test('it is cancelled, and it is forgotten after half an hour', () => {
    const office = new Office();
    office.calls.begin('call-1', { number: '105' }, phone('anna'));
    expect(office.dial('callBackOff').listen()).toBe('feature.noCallBack');
    office.dial('callBack', '106').listen();
    expect(office.dial('callBackOff').listen()).toBe('feature.callBackOff');
    office.dial('callBack', '106').listen();
    office.calls.talk('call-4', ['trk', phone('bert')], 'talking');
    bedPasses(office, 30 * 60_000);
    expect([office.callBacks.size, office.calls.done]).toEqual([0, []]);
    office.callBacks.close();
    office.lastCallers.close();
    expect([office.calls.observers, office.bed.timers.size]).toEqual([0, 0]);
  });
});

function bedPasses(office: Office, ms: number): void {
  office.bed.pass(ms);
}
