import type { Timers } from '@tipring/clock';
import type { Conference } from '@tipring/config';
import { describe, expect, test } from 'vitest';
import { type Caller, localOf } from '../application-bed.ts';
import { idOf, OfficeBed } from '../office-bed.ts';
import { ConferenceRooms } from './conference-rooms.ts';

const id = idOf('monday');

/** An office with one conference. */
class ConferenceBed extends OfficeBed {
  readonly recorded: string[] = [];
  readonly discarded: string[] = [];
  rooms: ConferenceRooms;
  /** Of the process. */
  #life = { isOver: false };
  #ids = 0;

  constructor(settings: Partial<Conference> = {}) {
    super({ conference: [{ key: 'monday', displayName: 'Monday meeting', number: '830', announces: 'nothing', ...settings }] });
    this.rooms = this.#newRooms();
  }

  enters(leg: string, number = leg, dialled = ''): Caller {
    const made = this.rooms.application(id, [{ file: 'music.wav' }])!;
    // Of the process that is there then.
    const caller = this.call({ ...made, ask: (ask, answer) => this.rooms.application(id, [])!.ask(ask, answer) }, { from: { number } }, leg);
    for (let asked = ''; caller.heard !== '' && asked !== caller.heard; asked = caller.heard) if (caller.heard.includes('enterPin')) caller.dial(dialled);
    this.pass(50);
    return caller;
  }

  /** The controller is killed with all its calls, and comes back; what no call has is released. */
  restart(callers: readonly Caller[]): void {
    this.#life.isOver = true;
    for (const context of new Set(this.players.done.flatMap((command) => ('context' in command && /^(voice|recorder)/.test(command.context) ? [command.context] : [])))) {
      this.players.unlisten(`${context}-player`);
      this.players.release(context);
    }
    this.rooms = this.#newRooms();
    for (const caller of callers) caller.survive();
    this.pass(50);
  }

  /** Who is heard in the room, and who is not. */
  get room(): { readonly heard: readonly string[]; readonly muted: readonly string[] } {
    const { heard, muted } = this.players.inRoom(`conference ${id}`);
    const calls = (legs: readonly string[]): string[] => legs.filter((leg) => !/^(voice|recorder)/.test(leg)).sort();
    return { heard: calls(heard), muted: calls(muted) };
  }

  /** What is said to all. */
  get said(): string {
    return this.players.inRoom(`conference ${id}`).said.map((piece) => ('file' in piece ? piece.file : 'tone' in piece ? String(piece.tone.segments[0]?.frequenciesHz[0]) : '')).join(' ');
  }

  #newRooms(): ConferenceRooms {
    const { players: media, surroundings: { phrases } } = this;
    const life = (this.#life = { isOver: false });
    const timers: Timers = { now: () => this.timers.now(), start: (ms, expire) => this.timers.start(ms, () => !life.isOver && expire()) };
    return new ConferenceRooms({
      media, phrases, timers, snapshot: () => this.snapshot, clock: { now: () => this.surroundings.clock.now(), local: localOf }, newId: () => String(++this.#ids),
      recorded: ({ file }) => this.recorded.push(file), discardFile: (file) => this.discarded.push(file),
    });
  }
}

test('the first is told that he is; who comes is in the room, and who hangs up is not', () => {
  const bed = new ConferenceBed();
  const anna = bed.enters('call-1.2', '101');
  expect(anna.heard.trim()).toBe('conference.first');
  expect(bed.room).toEqual({ heard: [], muted: [] });
  bed.pass(1_500);
  const ben = bed.enters('call-2.2', '102');
  expect(bed.room).toEqual({ heard: ['call-1.2', 'call-2.2'], muted: [] });
  expect(anna.told).toEqual(['answered', 'mediaReturned']);
  expect(bed.rooms.views()).toMatchObject([{ conference: id, isRecorded: false, members: [{ leg: 'call-1.2', role: 'participant' }, { leg: 'call-2.2' }] }]);
  ben.hangUp();
  expect(bed.room.heard).toEqual(['call-1.2']);
  anna.hangUp();
  expect(bed.rooms.views()).toEqual([]);
});

test('the PIN says who is who: three wrong ones and the call is over, and a conference without one asks moderators alone', () => {
  const bed = new ConferenceBed({ pin: '2468', moderatorPin: '97531' });
  bed.enters('call-1.2', '101', '2468#');
  bed.enters('call-2.2', '102', '97531#');
  bed.pass(1_500);
  expect(bed.rooms.views()[0]?.members.map(({ role }) => role)).toEqual(['participant', 'moderator']);
  const guesser = bed.enters('call-3.2', '103', '1111#');
  for (const pin of ['2222#', '3333#']) {
    expect(guesser.heard).toContain('voicemail.wrongPin');
    guesser.dial(pin);
  }
  guesser.listen();
  expect(guesser.told).toEqual(['answered', 'released normalClearing']);
  const open = new ConferenceBed({ moderatorPin: '97531' });
  open.enters('call-1.2', '101', '#');
  open.enters('call-2.2', '102', '97531#');
  expect(open.rooms.views()[0]?.members.map(({ role }) => role)).toEqual(['participant', 'moderator']);
});

test('who may come in as a participant guesses at the moderators’ PIN no longer for it', () => {
  for (const [own, settings] of [['#', {}], ['2468#', { pin: '2468' }]] as const) {
    const bed = new ConferenceBed({ moderatorPin: '97531', ...settings });
    const roleOf = (leg: string) => bed.rooms.views()[0]?.members.find((member) => member.leg === leg)?.role;
    for (let call = 1; call <= 3; call++) {
      const guesser = bed.enters(`call-${call}.2`, '103', '1111#');
      guesser.dial('2222#');
      guesser.dial(own);
      bed.pass(1_500);
      expect(roleOf(`call-${call}.2`)).toBe('participant');
    }
    // Six wrong ones: even the right one is not taken for a while.
    bed.enters('call-4.2', '104', '97531#');
    expect(roleOf('call-4.2')).toBeUndefined();
    bed.pass(3_600_000);
    bed.enters('call-5.2', '104', '97531#');
    bed.pass(1_500);
    expect(roleOf('call-5.2')).toBe('moderator');
  }
});

describe('in the room', () => {
  test('star six mutes and unmutes oneself, who is told so outside of the room', () => {
    const bed = new ConferenceBed();
    const [anna] = [bed.enters('call-1.2'), bed.enters('call-2.2')];
    bed.pass(1_500);
    anna.dial('6*6');
    expect(anna.heard.trim()).toBe('conference.muted');
    expect(bed.room).toEqual({ heard: ['call-2.2'], muted: [] });
    bed.pass(1_100);
    expect(bed.room).toEqual({ heard: ['call-2.2'], muted: ['call-1.2'] });
    anna.dial('*6');
    bed.pass(1_100);
    expect(bed.room.muted).toEqual([]);
    expect(anna.told.filter((told) => told === 'mediaReturned')).toHaveLength(5);
  });

  test('a moderator mutes all others; the API mutes and removes one', () => {
    const bed = new ConferenceBed({ moderatorPin: '97531' });
    const [anna, boss] = [bed.enters('call-1.2', '101', '#'), bed.enters('call-2.2', '102', '97531#')];
    bed.enters('call-3.2', '103', '#');
    bed.pass(1_500);
    anna.dial('*7');
    expect(bed.room.muted).toEqual([]);
    boss.dial('*7');
    bed.pass(1_500);
    expect(bed.room).toEqual({ heard: ['call-2.2'], muted: ['call-1.2', 'call-3.2'] });
    expect(bed.rooms.mute(id, 'call-3.2', false)).toBe(true);
    expect(bed.rooms.remove(id, 'call-1.2')).toBe(true);
    expect(bed.rooms.remove(id, 'call-9.2')).toBe(false);
    expect(anna.heard).toContain('conference.removed');
    anna.listen();
    expect([anna.isOver, bed.room]).toEqual([true, { heard: ['call-2.2', 'call-3.2'], muted: [] }]);
  });

  test('who puts the conference on hold is not heard with his music', () => {
    const bed = new ConferenceBed();
    const [anna] = [bed.enters('call-1.2'), bed.enters('call-2.2')];
    bed.pass(1_500);
    anna.leg.send({ type: 'held' });
    bed.pass(5);
    expect(bed.room).toEqual({ heard: ['call-2.2'], muted: ['call-1.2'] });
    anna.leg.send({ type: 'resumed' });
    bed.pass(5);
    expect(bed.room.muted).toEqual([]);
  });

  test('it is said who comes and goes: by a tone, or by the name he gave', () => {
    const tones = new ConferenceBed({ announces: 'tone' });
    tones.enters('call-1.2');
    tones.pass(2_000);
    const ben = tones.enters('call-2.2');
    expect(tones.said).toBe('660');
    tones.pass(1_000);
    ben.hangUp();
    expect(tones.said).toBe('880');
    tones.pass(1_000);
    expect(tones.said).toBe('');

    const bed = new ConferenceBed({ announces: 'name' });
    for (const leg of ['call-1.2', 'call-2.2']) {
      const caller = bed.enters(leg);
      expect(caller.heard).toContain('conference.sayName');
      caller.listen();
      caller.speak(800);
      caller.dial('#');
      bed.pass(100);
      expect(bed.said).toContain(`conferences/names/${leg}.wav`);
      bed.pass(4_000);
    }
    expect(bed.discarded).toEqual([]);
    const silent = bed.enters('call-3.2');
    silent.listen();
    bed.pass(3_000);
    expect(bed.rooms.views()[0]?.members[2]?.name).toBe(null);
    expect(bed.discarded).toEqual(['conferences/names/call-3.2.wav']);
  });
});

test('until a moderator is there all hear music, and with the last of them it is over', () => {
  const bed = new ConferenceBed({ moderatorPin: '97531', waitsForModerator: true, endsWithModerator: true });
  const anna = bed.enters('call-1.2', '101', '#');
  expect(anna.heard).toContain('conference.waiting');
  bed.pass(1_500);
  expect([anna.heard, bed.room.heard]).toEqual(['music.wav', []]);
  const boss = bed.enters('call-2.2', '102', '97531#');
  bed.pass(1_500);
  expect(bed.room.heard).toEqual(['call-1.2', 'call-2.2']);
  boss.hangUp();
  expect(anna.heard).toContain('conference.over');
  anna.listen();
  expect(anna.isOver).toBe(true);
});

test('a conference that is full says so', () => {
  const bed = new ConferenceBed({ mostParties: 2 });
  bed.enters('call-1.2');
  bed.enters('call-2.2');
  const third = bed.enters('call-3.2');
  expect(third.heard).toContain('conference.full');
  third.listen();
  expect(third.isOver).toBe(true);
});

test('a moderator has it recorded; all are told, and the recording is handed over when it is whole', () => {
  const bed = new ConferenceBed({ moderatorPin: '97531', record: 'onDemand' });
  const [anna, boss] = [bed.enters('call-1.2', '101', '#'), bed.enters('call-2.2', '102', '97531#')];
  bed.pass(1_500);
  anna.dial('*8');
  expect(bed.rooms.views()[0]?.isRecorded).toBe(false);
  boss.dial('*8');
  expect(bed.said).toContain('feature.recordingOn');
  bed.pass(10_000);
  boss.dial('*8');
  bed.pass(100);
  expect(bed.said).toContain('feature.recordingOff');
  expect(bed.recorded).toHaveLength(1);
  expect(bed.players.files.get(bed.recorded[0]!)).toBeGreaterThan(9_900);
});

test('a gateway that has no player left does not record, and nobody is shown that it did', () => {
  const bed = new ConferenceBed({ moderatorPin: '97531', record: 'onDemand' });
  const boss = bed.enters('call-1.2', '101', '97531#');
  bed.pass(1_500);
  bed.players.refuseNext('addPlayer', { code: 'overloaded', text: 'all players are in use' });
  boss.dial('*8');
  bed.pass(6_000);
  expect(bed.rooms.views()[0]?.isRecorded).toBe(false);
  boss.dial('*8');
  bed.pass(6_000);
  expect(bed.rooms.views()[0]?.isRecorded).toBe(true);
  boss.hangUp();
  bed.pass(3_000);
});

test('a restart changes nothing: who was muted stays so, who waits waits, and what is recorded goes on in its file', () => {
  const bed = new ConferenceBed({ moderatorPin: '97531', waitsForModerator: true, record: 'always' });
  const waiting = bed.enters('call-3.2', '103', '#');
  bed.pass(1_500);
  bed.restart([waiting]);
  expect([waiting.heard, bed.rooms.views()[0]?.members[0]?.isWaiting]).toEqual(['music.wav', true]);
  const [boss, anna] = [bed.enters('call-1.2', '101', '97531#'), bed.enters('call-2.2', '102', '#')];
  bed.pass(1_500);
  anna.dial('*6');
  bed.pass(5_000);
  bed.restart([boss, anna, waiting]);
  expect(bed.room).toEqual({ heard: ['call-1.2', 'call-3.2'], muted: ['call-2.2'] });
  expect(bed.rooms.views()).toMatchObject([{ isRecorded: true, members: [{ role: 'moderator' }, { isMuted: true }, { isWaiting: false }] }]);
  bed.pass(5_000);
  anna.dial('*6');
  bed.pass(1_100);
  expect(bed.room.muted).toEqual([]);
  for (const caller of [boss, anna, waiting]) caller.hangUp();
  bed.pass(3_000);
  expect(new Set(bed.recorded).size).toBe(1);
  expect(bed.players.files.get(bed.recorded[0]!)).toBeGreaterThan(11_000);
});

test('the gateway loses everything: the recording goes on in its file', () => {
  const bed = new ConferenceBed({ record: 'always' });
  bed.enters('call-1.2');
  bed.pass(6_000);
  bed.players.kill();
  bed.players.comeUp();
  bed.pass(20_000);
  bed.rooms.record(id, 'stopped');
  bed.pass(3_000);
  expect(bed.players.files.get(bed.recorded[0]!)).toBeGreaterThan(15_000);
});

test('whatever callers, moderators and processes do, nothing throws, all ends, and nothing is left', () => {
  for (let seed = 1; seed <= 40; seed++) {
    let state = seed;
    const random = (most: number): number => (state = (state * 48_271) % 0x7fff_ffff) % most;
    const bed = new ConferenceBed({ pin: random(2) === 0 ? null : '2468', moderatorPin: '97531', announces: (['nothing', 'tone', 'name'] as const)[random(3)], startsMuted: random(2) === 0, waitsForModerator: random(2) === 0, endsWithModerator: random(2) === 0, record: (['never', 'always', 'onDemand'] as const)[random(3)] });
    const callers: Caller[] = [];
    for (let action = 0; action < 60; action++) {
      const caller = callers[random(Math.max(1, callers.length))];
      switch (random(9)) {
        case 0:
        case 1:
          if (callers.length < 8) callers.push(bed.enters(`call-${callers.length + 1}.2`, '101', ['2468#', '97531#', '#', '1#'][random(4)]));
          break;
        case 2:
          caller?.dial(['*6', '*7', '*8', '#', '2468#'][random(5)]!);
          break;
        case 3:
          caller?.speak(500);
          break;
        case 4:
          if (caller !== undefined && !caller.isOver) bed.rooms.mute(id, caller.leg.id, random(2) === 0);
          break;
        case 5:
          if (caller !== undefined && random(3) === 0) bed.rooms.remove(id, caller.leg.id);
          break;
        case 6:
          if (random(3) === 0) caller?.hangUp();
          break;
        case 7:
          if (random(4) === 0) bed.restart(callers.filter(({ isOver }) => !isOver));
          break;
        default:
          bed.pass(random(4_000));
      }
    }
    // Also of those who are gone already: their calls end.
    for (const caller of callers) caller.hangUp();
    bed.pass(90_000);
    expect({ seed, bugs: bed.bugs, over: callers.every(({ isOver }) => isOver), rooms: bed.rooms.views(), players: bed.players.size, listeners: bed.players.listeners, timers: bed.timers.size })
      .toEqual({ seed, bugs: [], over: true, rooms: [], players: 0, listeners: 0, timers: 0 });
  }
});
