import type { Flow, Hop, SocketAddress, TransportName } from '../transport/flow.ts';
import { callIdOf } from './call-id.ts';
import type { CapturedLadder, CapturedMessage } from './captured-message.ts';

export interface LaddersSettings {
  /** Of one Call-ID; the first third of them stays, the rest is a ring. */
  readonly messages: number;
  /** Of one Call-ID. */
  readonly callBytes: number;
  /** Of all. What is nobody's call yet goes first, then the call that began first. */
  readonly bytes: number;
  /** An INVITE that became no call by then is forgotten. */
  readonly unansweredMs: number;
  /** A call without a message for so long is forgotten: no session timer is as slow (RFC 4028). */
  readonly quietMs: number;
}

/** 64 MiB hold some five thousand calls of thirteen messages each. */
export const defaultLaddersSettings: LaddersSettings = { messages: 64, callBytes: 96 * 1024, bytes: 64 * 1024 * 1024, unansweredMs: 64_000, quietMs: 12 * 3_600_000 };

interface Captured extends CapturedMessage {
  bytes: Uint8Array;
  times: number;
  lastAt: number;
}

interface Ladder {
  readonly messages: Captured[];
  bytes: number;
  omitted: number;
  lastAt: number;
  /** Some of its messages are still parts of the larger buffers that they came in. */
  isLoose: boolean;
}

/**
 * The SIP messages of the calls there are, by Call-ID: always on, and bounded. A message is kept as it is, read by nobody until somebody
 * asks; what does not belong to an INVITE's Call-ID (registrations, OPTIONS) is not kept. Bytes handed in are not copied: nobody may write into them
 * afterwards, as with `Transport`.
 */
export class Ladders {
  readonly #settings: LaddersSettings;
  /** Where nothing but a challenge or a refusal has been said of ours: anybody can make such. */
  readonly #strangers = new Map<string, Ladder>();
  readonly #calls = new Map<string, Ladder>();
  #bytes = 0;
  #evicted = 0;

  constructor(settings: Partial<LaddersSettings> = {}) {
    this.#settings = { ...defaultLaddersSettings, ...settings };
  }

  /** `at`: ms since the epoch. */
  received(bytes: Uint8Array, { transport, local, remote }: Flow, at: number): void {
    const callId = callIdOf(bytes);
    let ladder = this.#calls.get(callId) ?? this.#strangers.get(callId);
    if (ladder === undefined) {
      if (callId === '' || !isInvite(bytes)) return;
      ladder = { messages: [], bytes: 0, omitted: 0, lastAt: at, isLoose: true };
      this.#strangers.set(callId, ladder);
    }
    this.#add(ladder, 'received', bytes, transport, local, remote, at);
  }

  sent(bytes: Uint8Array, hop: Hop, at: number): void {
    const callId = callIdOf(bytes);
    let ladder = this.#calls.get(callId);
    if (ladder === undefined) {
      ladder = this.#strangers.get(callId);
      if (ladder === undefined) {
        if (callId === '' || !isInvite(bytes)) return;
        ladder = { messages: [], bytes: 0, omitted: 0, lastAt: at, isLoose: true };
        this.#calls.set(callId, ladder);
      } else if (isFavourable(bytes)) {
        this.#strangers.delete(callId);
        this.#calls.set(callId, ladder);
      }
    }
    if ('flow' in hop) this.#add(ladder, 'sent', bytes, hop.flow.transport, hop.flow.local, hop.flow.remote, at);
    else this.#add(ladder, 'sent', bytes, hop.transport, null, { address: hop.address, port: hop.port }, at);
  }

  has(callId: string): boolean {
    return this.#calls.has(callId) || this.#strangers.has(callId);
  }

  /** What there is of these Call-IDs, put together; undefined: nothing. */
  of(callIds: Iterable<string>): CapturedLadder | undefined {
    const found: Ladder[] = [];
    for (const callId of callIds) {
      const ladder = this.#calls.get(callId) ?? this.#strangers.get(callId);
      if (ladder !== undefined) found.push(ladder);
    }
    const [first] = found;
    if (first === undefined) return undefined;
    if (found.length === 1) return { messages: first.messages, omitted: first.omitted };
    return {
      messages: found.flatMap(({ messages }) => messages).sort((a, b) => a.at - b.at),
      omitted: found.reduce((sum, { omitted }) => sum + omitted, 0),
    };
  }

  forget(callIds: Iterable<string>): void {
    for (const callId of callIds) {
      this.#remove(this.#strangers, callId);
      this.#remove(this.#calls, callId);
    }
  }

  /**
   * Once a second: what became no call is forgotten, and what was never asked for; calls that go on get their messages copied together. Bytes come in buffers of
   * many messages, which one that is kept for hours would keep from being given back; most calls are over before that is worth a copy.
   */
  sweep(now: number): void {
    for (const [callId, { lastAt }] of this.#strangers) if (now - lastAt > this.#settings.unansweredMs) this.#remove(this.#strangers, callId);
    let copied = 0;
    for (const [callId, ladder] of this.#calls) {
      const quietMs = now - ladder.lastAt;
      if (quietMs > this.#settings.quietMs) this.#remove(this.#calls, callId);
      else if (ladder.isLoose && quietMs > LOOSE_MS && copied++ < COPIED_AT_ONCE) copyTogether(ladder);
    }
  }

  get size(): number {
    return this.#calls.size + this.#strangers.size;
  }

  /** Of messages, without what it takes to hold them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Ladders that went because there was no room. */
  get evicted(): number {
    return this.#evicted;
  }

  #add(ladder: Ladder, direction: 'received' | 'sent', bytes: Uint8Array, transport: TransportName, local: SocketAddress | null, remote: SocketAddress, at: number): void {
    const { messages } = ladder;
    ladder.lastAt = at;
    // A repetition is the same bytes again, and seldom much later than the first.
    for (let index = messages.length - 1; index >= 0 && index >= messages.length - REPETITIONS_AMONG; index -= 1) {
      const former = messages[index]!;
      if (former.direction !== direction || !isSame(former.bytes, bytes)) continue;
      former.times += 1;
      former.lastAt = at;
      return;
    }
    messages.push({ at, direction, transport, local, remote, bytes, times: 1, lastAt: at });
    ladder.isLoose = true;
    ladder.bytes += bytes.length;
    this.#bytes += bytes.length;
    const { messages: most, callBytes, bytes: all } = this.#settings;
    while (messages.length > most || (ladder.bytes > callBytes && messages.length > 1)) this.#omit(ladder, Math.floor(Math.min(most, messages.length) / 3));
    while (this.#bytes > all && this.size > 1) this.#evict(ladder);
  }

  #omit(ladder: Ladder, index: number): void {
    const [gone] = ladder.messages.splice(index, 1);
    const size = gone?.bytes.length ?? 0;
    ladder.bytes -= size;
    this.#bytes -= size;
    ladder.omitted += 1;
  }

  #evict(but: Ladder): void {
    for (const ladders of [this.#strangers, this.#calls]) {
      for (const [callId, ladder] of ladders) {
        if (ladder === but) continue;
        this.#remove(ladders, callId);
        this.#evicted += 1;
        return;
      }
    }
  }

  #remove(from: Map<string, Ladder>, callId: string): void {
    const ladder = from.get(callId);
    if (ladder === undefined) return;
    from.delete(callId);
    this.#bytes -= ladder.bytes;
  }
}

function copyTogether(ladder: Ladder): void {
  const all = new Uint8Array(ladder.bytes);
  let at = 0;
  for (const message of ladder.messages) {
    all.set(message.bytes, at);
    message.bytes = all.subarray(at, (at += message.bytes.length));
  }
  ladder.isLoose = false;
}

function isInvite(bytes: Uint8Array): boolean {
  return bytes[0] === 0x49 && bytes[1] === 0x4e && bytes[2] === 0x56;
}

/** A response of 101 to 299: its request has been taken on. */
function isFavourable(bytes: Uint8Array): boolean {
  if (bytes[3] !== 0x2f) return false;
  return bytes[8] === 0x32 || (bytes[8] === 0x31 && (bytes[9] !== 0x30 || bytes[10] !== 0x30));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  // From the end: messages of a dialog begin alike.
  for (let at = a.length - 1; at >= 0; at -= 1) if (a[at] !== b[at]) return false;
  return true;
}

const REPETITIONS_AMONG = 8;
const LOOSE_MS = 20_000;
/** Some two milliseconds. */
const COPIED_AT_ONCE = 500;
