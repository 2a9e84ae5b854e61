import type { Piece, Said } from '@tipring/prompts';
import type { Conference, Snapshot } from '@tipring/config';
import type { WallClock } from '../wall-clock.ts';
import { PinGuard } from '../voicemail/pin-guard.ts';
import { conference, type ConferenceApplication, roomOf } from './conference.ts';
import type { ConferenceAnswer, ConferenceAsk, Member, Role } from './member.ts';
import { RoomRecorder } from './room-recorder.ts';
import { RoomVoice, type RoomVoiceSurroundings } from './room-voice.ts';

export interface ConferenceRoomsPorts extends RoomVoiceSurroundings {
  readonly snapshot: () => Snapshot;
  readonly clock: WallClock;
  /** A recording is whole; `startedAt`: when its conference began, ms since the epoch. Must not throw. */
  readonly recorded: (recording: { readonly conference: string; readonly file: string; readonly startedAt: number }) => void;
  /** A file of the gateway's folder is not needed any more. */
  readonly discardFile: (file: string) => void;
}

/** A conference that somebody is in, as the API shows it. */
export interface ConferenceView {
  readonly conference: string;
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly isRecorded: boolean;
  readonly members: readonly (Member & { readonly isWaiting: boolean })[];
}

interface Seated {
  member: Member;
  isWaiting: boolean;
  /** His open question. */
  watch: ((answer: ConferenceAnswer) => void) | null;
  /** What he is to be answered, in order. */
  readonly news: ConferenceAnswer[];
}

interface Room {
  readonly conference: string;
  readonly session: string;
  readonly startedAt: number;
  readonly members: Map<string, Seated>;
  readonly voice: RoomVoice;
  recorder: RoomRecorder | null;
}

/** The conferences of the office that somebody is in: who, who is heard, whether they are recorded. It comes back with the calls that were in them. */
export class ConferenceRooms {
  /** Who is in a conference, or what is known of him, has changed. */
  onChanged: (conference: string) => void = () => {};
  readonly #ports: ConferenceRoomsPorts;
  readonly #pins: PinGuard;
  readonly #moderatorPins: PinGuard;
  readonly #rooms = new Map<string, Room>();

  constructor(ports: ConferenceRoomsPorts) {
    this.#ports = ports;
    this.#pins = new PinGuard(() => ports.clock.now());
    this.#moderatorPins = new PinGuard(() => ports.clock.now());
  }

  views(): readonly ConferenceView[] {
    return Array.from(this.#rooms.values(), ({ conference, startedAt, recorder, members }) => ({ conference, startedAt, isRecorded: recorder !== null, members: Array.from(members.values(), ({ member, isWaiting }) => ({ ...member, isWaiting })) }));
  }

  /** Of a call that comes to it now; undefined: there is no such conference. `music`: what those hear who wait. */
  application(id: string, music: readonly Said[]): ConferenceApplication | undefined {
    const configured = this.#configured(id);
    if (configured === undefined) return undefined;
    const { pin, moderatorPin, announces, record } = configured;
    const call = { id, hasPin: pin !== null || moderatorPin !== null, asksName: announces === 'name', recordsOnDemand: record === 'onDemand', music };
    return conference(call, (ask, answer) => this.#ask(id, ask, answer));
  }

  /** False: he is not there. */
  mute(conference: string, leg: string, isMuted: boolean): boolean {
    const seated = this.#rooms.get(conference)?.members.get(leg);
    if (seated === undefined) return false;
    if (seated.member.isMuted === isMuted) return true;
    seated.member = { ...seated.member, isMuted };
    this.#tell(seated, { to: 'watch', is: isMuted ? 'muted' : 'unmuted' });
    this.onChanged(conference);
    return true;
  }

  /** All but moderators. */
  muteOthers(conference: string): void {
    for (const [leg, { member }] of this.#rooms.get(conference)?.members ?? []) if (member.role !== 'moderator') this.mute(conference, leg, true);
  }

  /** False: he is not there. */
  remove(conference: string, leg: string): boolean {
    const seated = this.#rooms.get(conference)?.members.get(leg);
    if (seated !== undefined) this.#tell(seated, { to: 'watch', is: 'removed' });
    return seated !== undefined;
  }

  /** False: nobody is there. */
  record(conference: string, is: 'started' | 'stopped'): boolean {
    const room = this.#rooms.get(conference);
    if (room === undefined) return false;
    if (is === 'started') this.#startRecording(room);
    else room.recorder?.stop();
    return true;
  }

  #ask(id: string, ask: ConferenceAsk, answer: (answer: ConferenceAnswer) => void): void {
    switch (ask.ask) {
      case 'checkPin':
        return answer({ to: 'checkPin', role: this.#roleOf(id, ask.pin) });
      case 'enter':
        return this.#enter(id, ask, answer);
      case 'watch':
        return this.#watch(ask.member, ask.isWaiting, answer);
      case 'mute':
        return void this.mute(id, ask.member.leg, ask.isMuted);
      case 'muteOthers':
        return this.muteOthers(id);
      case 'record':
        return void this.record(id, ask.is);
      case 'leave':
        return this.#leave(id, ask.leg);
      case 'discardName':
        return this.#ports.discardFile(ask.file);
    }
  }

  /** Whose PIN a wrong one was to be is not known, so it counts for both; the participants' own makes none of the guesses at the moderators' forgotten. */
  #roleOf(id: string, pin: string): Role | null {
    const configured = this.#configured(id);
    if (configured === undefined) return null;
    if (pin === (configured.pin ?? '')) return this.#pins.isRight(id, pin, pin) ? 'participant' : null;
    const isRight = [this.#pins, this.#moderatorPins].map((guard) => guard.isRight(id, pin, configured.moderatorPin));
    return isRight.includes(false) ? null : 'moderator';
  }

  #enter(id: string, { leg, party, role, name, at }: Extract<ConferenceAsk, { ask: 'enter' }>, answer: (answer: ConferenceAnswer) => void): void {
    const configured = this.#configured(id);
    if (configured === undefined || (this.#rooms.get(id)?.members.size ?? 0) >= configured.mostParties) return answer({ to: 'enter', is: 'full' });
    const room = this.#rooms.get(id) ?? this.#open(id, `${id}-${at}`, at);
    const isMuted = configured.startsMuted && role !== 'moderator';
    const member: Member = { conference: id, session: room.session, leg, party, role, name, isMuted, isRecorded: room.recorder !== null, since: at };
    const isWaiting = configured.waitsForModerator && role !== 'moderator' && !hasModerator(room);
    const isFirst = [...room.members.values()].every((other) => other.isWaiting);
    room.members.set(leg, { member, isWaiting, watch: null, news: [] });
    if (isWaiting) answer({ to: 'enter', is: 'waiting', member, isFirst: false });
    else {
      this.#announce(room, configured, member, 'joined');
      answer({ to: 'enter', is: 'in', member, isFirst: isFirst && room.members.size === 1 });
      if (role === 'moderator') this.#begin(room);
      if (configured.record === 'always') this.#startRecording(room);
    }
    this.onChanged(id);
  }

  /** The moderator is there: who waited comes in. */
  #begin(room: Room): void {
    for (const seated of room.members.values()) {
      if (!seated.isWaiting) continue;
      seated.isWaiting = false;
      this.#tell(seated, { to: 'watch', is: 'open', isFirst: false });
    }
  }

  #watch(member: Member, isWaiting: boolean, answer: (answer: ConferenceAnswer) => void): void {
    const room = this.#rooms.get(member.conference) ?? this.#comeBack(member);
    let seated = room.members.get(member.leg);
    if (seated === undefined) {
      // He was in it before this process was.
      seated = { member, isWaiting, watch: null, news: [] };
      room.members.set(member.leg, seated);
      if (member.isRecorded) this.#startRecording(room);
      if (hasModerator(room)) this.#begin(room);
    }
    seated.watch = answer;
    this.#flush(seated);
  }

  #comeBack({ conference, session, since }: Member): Room {
    return this.#open(conference, session, Number(session.slice(session.lastIndexOf('-') + 1)) || since);
  }

  #open(conference: string, session: string, startedAt: number): Room {
    const room: Room = { conference, session, startedAt, members: new Map(), voice: new RoomVoice(roomOf(conference), this.#ports), recorder: null };
    this.#rooms.set(conference, room);
    return room;
  }

  #leave(id: string, leg: string): void {
    const room = this.#rooms.get(id);
    const seated = room?.members.get(leg);
    if (room === undefined || seated === undefined) return;
    room.members.delete(leg);
    const { member } = seated;
    const configured = this.#configured(id);
    if (room.members.size === 0) this.#close(room);
    else {
      if (configured !== undefined && !seated.isWaiting) this.#announce(room, configured, member, 'left');
      if (configured?.endsWithModerator === true && member.role === 'moderator' && !hasModerator(room)) for (const other of room.members.values()) this.#tell(other, { to: 'watch', is: 'over' });
    }
    // Said before it is thrown away.
    const { name } = member;
    if (name !== null) this.#ports.timers.start(nameKeptMs, () => this.#ports.discardFile(name));
    this.onChanged(id);
  }

  #close(room: Room): void {
    this.#rooms.delete(room.conference);
    room.voice.close();
    room.recorder?.stop();
  }

  #startRecording(room: Room): void {
    if (room.recorder !== null) return;
    const { conference, session, startedAt } = room;
    const file = `conferences/${conference}/${session}.wav`;
    room.recorder = new RoomRecorder(roomOf(conference), file, this.#ports, () => {
      room.recorder = null;
      this.#tellRecording(room);
      this.#ports.recorded({ conference, file, startedAt });
    });
    this.#tellRecording(room);
  }

  /** All hear it, and the calls remember it. */
  #tellRecording(room: Room): void {
    if (room.members.size === 0) return;
    const is = room.recorder === null ? 'notRecorded' : 'recorded';
    for (const seated of room.members.values()) {
      if (seated.member.isRecorded === (room.recorder !== null)) continue;
      seated.member = { ...seated.member, isRecorded: room.recorder !== null };
      this.#tell(seated, { to: 'watch', is });
    }
    this.#say(room, [{ phrase: room.recorder === null ? 'feature.recordingOff' : 'feature.recordingOn' }]);
    this.onChanged(room.conference);
  }

  #announce(room: Room, { announces }: Conference, { name }: Member, what: 'joined' | 'left'): void {
    if (announces === 'nothing' || room.members.size === 0) return;
    const tone = what === 'joined' ? rising : falling;
    this.#say(room, announces === 'name' && name !== null ? [tone, { file: name }, { phrase: what === 'joined' ? 'conference.joined' : 'conference.left' }] : [tone]);
  }

  #say({ conference, voice }: Room, said: readonly Said[]): void {
    const { settings } = this.#ports.snapshot();
    voice.say(this.#configured(conference)?.language ?? settings.voice.language, said);
  }

  #tell(seated: Seated, news: ConferenceAnswer): void {
    seated.news.push(news);
    this.#flush(seated);
  }

  #flush(seated: Seated): void {
    const { watch } = seated;
    const news = watch === null ? undefined : seated.news.shift();
    if (watch === null || news === undefined) return;
    seated.watch = null;
    watch(news);
  }

  #configured(id: string): Conference | undefined {
    return this.#ports.snapshot().conferences.get(id);
  }
}

function hasModerator({ members }: Room): boolean {
  return [...members.values()].some(({ member }) => member.role === 'moderator');
}

/** Two short tones, up for who comes and down for who goes. */
const rising: Piece = chime(660, 880);
const falling: Piece = chime(880, 660);

function chime(first: number, second: number): Piece {
  return { tone: { segments: [{ frequenciesHz: [first], durationMs: 120 }, { frequenciesHz: [second], durationMs: 160 }], repeatFrom: null }, levelDbm0: -20, ms: 300 };
}

const nameKeptMs = 60_000;
