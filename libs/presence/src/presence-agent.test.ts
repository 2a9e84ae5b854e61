import type { CallView, LegState, LegView } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { callOf, leg, office, PresenceBed } from './presence-bed.ts';
import type { LiveDialogState, WatchedDialog } from './watched.ts';

test('a call from a station to an extension with two telephones, as its watchers see it', () => {
  const bed = new PresenceBed();
  const call = (caller: LegState, desk: LegState, soft: LegState) =>
    bed.hear(callOf('c1', [leg('c1.1', 'sta_1', 'caller', caller, { number: '102', name: 'Ben' }), leg('c1.2', 'desk', 'called', desk), leg('c1.3', 'soft', 'called', soft)]));
  call('trying', 'trying', 'trying');
  expect(bed.news()).toEqual(['102 calling trying', 'kitchen calling trying']);
  call('trying', 'ringing', 'trying');
  expect(bed.news()).toEqual(['101 ringing early']);
  // The second telephone rings too: nothing that a lamp could show.
  call('trying', 'ringing', 'ringing');
  expect(bed.news()).toEqual([]);
  call('answered', 'released', 'answered');
  expect(bed.news().sort()).toEqual(['101 inUse confirmed', '102 inUse confirmed', 'kitchen inUse confirmed']);
  call('answered', 'released', 'held');
  expect(bed.news()).toEqual(['101 held held']);
  bed.hear(callOf('c1', []), 'call.ended');
  expect(bed.news().sort()).toEqual(['101 idle', '102 idle', 'kitchen idle']);
});

test('a watcher is told who is at the other end, which leg rings and who began it', () => {
  const bed = new PresenceBed();
  bed.hear(callOf('c1', [leg('c1.1', 'sta_1', 'caller', 'trying', { number: '102', name: 'Ben' }), leg('c1.2', 'desk', 'called', 'ringing', { number: '101' })]));
  expect(bed.agent.view('ext_1')?.dialogs).toMatchObject([{ call: 'c1', leg: 'c1.2', direction: 'recipient', state: 'early', remote: { number: '102', name: 'Ben' } }]);
  expect(bed.agent.view('ext_2')?.dialogs).toMatchObject([{ call: 'c1', leg: 'c1.1', direction: 'initiator', state: 'trying', remote: { number: '101' } }]);
});

test('who calls without his number is nobody’s business', () => {
  const bed = new PresenceBed();
  const anonymous = { number: '02215550', name: 'Carla', anonymous: true };
  bed.hear(callOf('c1', [leg('c1.1', 'trk_1', 'caller', 'trying', anonymous), leg('c1.2', 'desk', 'called', 'ringing')], { from: anonymous }));
  expect(bed.agent.view('ext_1')?.dialogs[0]?.remote).toEqual({ number: '', anonymous: true });
});

test('a call that waits behind another leaves the extension in use, and both are told (LOVE-17)', () => {
  const bed = new PresenceBed();
  bed.hear(callOf('c1', [leg('c1.1', 'trk_1', 'caller', 'answered'), leg('c1.2', 'desk', 'called', 'answered')]));
  bed.news();
  bed.hear(callOf('c2', [leg('c2.1', 'sta_1', 'caller', 'trying'), leg('c2.2', 'desk', 'called', 'ringing')]));
  expect(bed.news()).toContain('101 inUse confirmed early');
  bed.hear(callOf('c1', []), 'call.ended');
  expect(bed.news()).toContain('101 ringing early');
  bed.hear(callOf('c2', []), 'call.ended');
  expect(bed.news()).toContain('101 idle');
});

test('rung again in the same call after it had answered: that is another dialog', () => {
  const bed = new PresenceBed();
  bed.hear(callOf('c1', [leg('c1.2', 'desk', 'called', 'answered')]));
  const [first] = bed.agent.view('ext_1')?.dialogs ?? [];
  bed.hear(callOf('c1', [leg('c1.2', 'desk', 'called', 'released'), leg('c1.3', 'soft', 'called', 'ringing')]));
  const [second, ...more] = bed.agent.view('ext_1')?.dialogs ?? [];
  expect(more).toEqual([]);
  expect(second).toMatchObject({ state: 'early', leg: 'c1.3' });
  expect(second?.id).not.toBe(first?.id);
});

test('a slot is taken while a call is parked there, by who waits', () => {
  const bed = new PresenceBed();
  const waits = leg('c1.1', 'trk_1', 'caller', 'answered', { number: '0221555' });
  bed.hear(callOf('c1', [waits], { parked: { lot: 'plt_1', slot: '701' } }));
  expect(bed.agent.view('plt_1/701')).toMatchObject({ state: 'inUse', dialogs: [{ direction: 'recipient', remote: { number: '0221555' }, leg: 'c1.1' }] });
  bed.hear(callOf('c1', [waits, leg('c1.2', 'desk', 'called', 'answered')]));
  expect(bed.agent.view('plt_1/701')).toMatchObject({ state: 'idle', dialogs: [] });
});

test('a trunk is in use from when it is seized, a telephone when it rings', () => {
  const bed = new PresenceBed();
  bed.hear(callOf('c1', [leg('c1.1', 'desk', 'caller', 'trying'), leg('c1.2', 'trk_1', 'called', 'trying')]));
  expect(bed.agent.view('trk_1')?.state).toBe('calling');
  bed.hear(callOf('c2', [leg('c2.1', 'desk', 'caller', 'trying'), leg('c2.2', 'sta_1', 'called', 'trying')]));
  expect(bed.agent.view('sta_1')?.state).toBe('idle');
});

test('idle and not registered are not the same; one telephone that can be reached is enough', () => {
  const bed = new PresenceBed();
  bed.agent.reach('desk', false, 'not registered');
  expect(bed.news()).toEqual([]);
  bed.agent.reach('soft', false, 'not registered');
  expect(bed.agent.view('ext_1')).toMatchObject({ state: 'idle', reachability: { isReachable: false, text: 'not registered' } });
  expect(bed.news()).toEqual(['101 idle']);
  bed.agent.reach('soft', false, 'not registered');
  bed.agent.reach('desk', true, '');
  expect(bed.news()).toEqual(['101 idle']);
  expect(bed.agent.view('ext_1')?.reachability.isReachable).toBe(true);
});

test('a telephone off the hook is in use before it calls, and a line on which somebody else talks', () => {
  const bed = new PresenceBed();
  bed.agent.occupy('sta_1', 'trying');
  expect(bed.news().sort()).toEqual(['102 calling trying', 'kitchen calling trying']);
  bed.agent.occupy('sta_1', 'trying');
  bed.hear(callOf('c1', [leg('c1.1', 'sta_1', 'caller', 'trying')]));
  bed.agent.occupy('sta_1', null);
  expect(bed.agent.view('sta_1')?.dialogs).toMatchObject([{ call: 'c1', state: 'trying' }]);
  bed.hear(callOf('c1', []), 'call.ended');
  expect(bed.agent.view('sta_1')?.state).toBe('idle');
  bed.news();
  bed.agent.occupy('trk_1', 'confirmed');
  expect(bed.news()).toEqual(['carrier inUse confirmed']);
  expect(bed.agent.view('trk_1')?.dialogs).toMatchObject([{ call: null, leg: null }]);
});

test('a mailbox tells its counts when they change', () => {
  const bed = new PresenceBed();
  const counts = { new: 1, old: 2, newUrgent: 0, oldUrgent: 0 };
  bed.agent.messages('vmb_1', counts);
  bed.agent.messages('vmb_1', counts);
  expect(bed.news()).toEqual(['8101 idle']);
  expect(bed.agent.view('vmb_1')?.messages).toEqual(counts);
  expect(bed.agent.view('ext_1')?.messages).toBeNull();
});

test('found by number before key; an extension that goes is told once, calls of the others go on', () => {
  const bed = new PresenceBed();
  bed.hear(callOf('c1', [leg('c1.1', 'sta_1', 'caller', 'answered'), leg('c1.2', 'desk', 'called', 'answered')]));
  bed.news();
  expect([bed.agent.find('101')?.id, bed.agent.find('kitchen')?.id, bed.agent.find('701')?.id, bed.agent.find('nobody')]).toEqual(['ext_1', 'sta_1', 'plt_1/701', undefined]);
  bed.agent.configure(office.slice(1), []);
  expect(bed.news()).toEqual(['ext_1 gone']);
  expect(bed.agent.view('ext_2')?.state).toBe('inUse');
  bed.hear(callOf('c1', []), 'call.ended');
  expect(bed.news().sort()).toEqual(['102 idle', 'kitchen idle']);
});

test('who is configured during a call, and a controller that took calls back, show it', () => {
  const bed = new PresenceBed();
  const call = callOf('c1', [leg('c1.1', 'sta_1', 'caller', 'answered'), leg('c1.2', 'new', 'called', 'answered')]);
  bed.agent.configure([...office, { id: 'ext_3', kind: 'extension', key: 'carla', number: '103', name: 'Carla', endpoints: ['new'] }], [call]);
  expect(bed.agent.view('ext_3')?.state).toBe('inUse');
  expect(bed.agent.view('ext_2')?.state).toBe('inUse');
});

test('random calls: what is published is legal for each dialog, changes are told once and numbered by one, and nothing stays', () => {
  const endpoints = ['desk', 'soft', 'sta_1', 'trk_1'];
  const states: readonly LegState[] = ['trying', 'ringing', 'early', 'answered', 'held', 'released'];
  const after: Readonly<Record<LiveDialogState, readonly LiveDialogState[]>> = { trying: ['early', 'confirmed', 'held'], early: ['confirmed', 'held'], confirmed: ['held'], held: ['confirmed'] };
  for (let seed = 1; seed <= 40; seed++) {
    const random = mulberry32(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
    const bed = new PresenceBed();
    const calls = new Map<string, CallView>();
    const seen = new Map<string, LiveDialogState>();
    const over = new Set<string>();
    const live = new Map<string, readonly WatchedDialog[]>();
    const revisions = new Map<string, number>();
    bed.agent.observe((id, view) => {
      if (view === null) return;
      expect(view.revision).toBe((revisions.get(id) ?? view.revision - 1) + 1);
      revisions.set(id, view.revision);
      for (const { id: dialog } of live.get(id) ?? []) if (!view.dialogs.some((one) => one.id === dialog)) over.add(`${id} ${dialog}`);
      for (const dialog of view.dialogs) {
        const name = `${id} ${dialog.id}`;
        expect(over.has(name)).toBe(false);
        const before = seen.get(name);
        if (before !== undefined && before !== dialog.state) expect(after[before]).toContain(dialog.state);
        seen.set(name, dialog.state);
      }
      live.set(id, view.dialogs);
    });
    for (let turn = 0; turn < 60; turn++) {
      const id = `c${Math.floor(random() * 4)}`;
      const known = calls.get(id);
      if (known !== undefined && random() < 0.15) {
        calls.delete(id);
        bed.hear(known, 'call.ended');
        continue;
      }
      const legs: readonly LegView[] = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, at) => leg(`${id}.${at}`, pick(endpoints), at === 0 ? 'caller' : 'called', pick(states)));
      const call = callOf(id, legs, random() < 0.2 ? { parked: { lot: 'plt_1', slot: '701' } } : {});
      calls.set(id, call);
      bed.hear(call);
    }
    for (const call of calls.values()) bed.hear(call, 'call.ended');
    for (const view of bed.agent.views()) expect(view).toMatchObject({ state: 'idle', dialogs: [] });
  }
});

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
