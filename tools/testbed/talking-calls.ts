import { eachOf, pause } from './each.ts';
import type { DemoDevice } from './pbx.ts';
import type { BankCall, PhoneBank } from './phone-bank.ts';
import type { RtpStreams } from './rtp-streams.ts';

/** What all streams of the calls heard since the last `listen`. */
export interface Hearing {
  readonly streams: number;
  /** Streams that hear their own other party now, and nobody else since the beginning. */
  readonly right: number;
  /** Calls with a gap of 40 ms or more, or with silence or a stranger, at either end. */
  readonly callsDisturbed: number;
  readonly longestGapMs: number;
  /** What of the gap may be the load generator's own. */
  readonly longestSendGapMs: number;
  readonly longestDelayMs: number;
  readonly lost: number;
  readonly received: number;
}

/** Calls between phones of the bank, each with RTP both ways, 50 packets a second. */
export class TalkingCalls {
  readonly calls: BankCall[] = [];
  readonly #devices: readonly DemoDevice[];
  readonly #bank: PhoneBank;
  readonly #streams: RtpStreams;

  /** The first half of the devices calls the second. */
  constructor(devices: readonly DemoDevice[], bank: PhoneBank, streams: RtpStreams) {
    this.#devices = devices;
    this.#bank = bank;
    this.#streams = streams;
  }

  get callIds(): string[] {
    return this.calls.map((call) => call.caller.session.callId);
  }

  /** Sets so many calls up, one after the other, and lets both parties of each talk. */
  async establish(count: number): Promise<void> {
    const half = Math.floor(this.#devices.length / 2);
    for (let at = this.calls.length; this.calls.length < count; at += 1) {
      const call = await this.#bank.call(this.#devices[at % half]!, this.#devices[half + (at % half)]!);
      this.calls.push(call);
      await this.#streams.add(callerOf(at), call.caller.rtpPort, call.caller.pbxRtpPort);
      await this.#streams.add(calledOf(at), call.called.rtpPort, call.called.pbxRtpPort);
    }
    await this.untilAllHear(5_000);
  }

  /** From now on gaps count. */
  listen(): Promise<void> {
    return this.#streams.reset();
  }

  async heard(): Promise<Hearing> {
    const { streams, longestSendGapMs } = await this.#streams.report();
    const isRight = (one: (typeof streams)[number]) => one.hears === otherOf(one.id) && one.foreign === 0 && one.silentMs < 200;
    const disturbed = new Set(streams.filter((one) => !isRight(one) || one.longestGapMs >= DISTURBING_GAP_MS).map((one) => Math.floor((one.id - 1) / 2)));
    return {
      streams: streams.length,
      right: streams.filter(isRight).length,
      callsDisturbed: disturbed.size,
      longestGapMs: Math.max(0, ...streams.map((one) => one.longestGapMs)),
      longestSendGapMs,
      longestDelayMs: Math.max(0, ...streams.map((one) => one.longestDelayMs)),
      lost: streams.reduce((sum, one) => sum + one.lost, 0),
      received: streams.reduce((sum, one) => sum + one.received, 0),
    };
  }

  /** Listens for so long, once all hear. */
  async hearFor(ms: number): Promise<Hearing> {
    await this.untilAllHear(5_000);
    await pause(50);
    await this.listen();
    await pause(ms);
    return this.heard();
  }

  /** @returns whether every stream hears its own other party again within that time */
  async untilAllHear(timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const { right, streams } = await this.heard();
      if (right === streams) return true;
      if (performance.now() > end) return false;
      await pause(50);
    }
  }

  /** Each call is held and resumed, every other one by the called party. @returns how many were */
  async holdAndResume(): Promise<{ readonly held: number; readonly resumed: number }> {
    const holders = this.calls.map((call, at) => (at % 2 === 0 ? call.caller : call.called));
    const held = await eachOf(holders, AT_ONCE, (party) => this.#bank.hold(party, 'sendonly'));
    const resumed = await eachOf(holders, AT_ONCE, (party) => this.#bank.hold(party, 'sendrecv'));
    return { held: held.filter(Boolean).length, resumed: resumed.filter(Boolean).length };
  }

  /** Half are ended by the caller, half by the called party. @returns in how many the other one was told by the PBX */
  async hangUp(): Promise<number> {
    const told = await eachOf(this.calls, AT_ONCE, ({ caller, called }, at) => (at % 2 === 0 ? this.#bank.hangUp(caller, called) : this.#bank.hangUp(called, caller)));
    for (let at = 0; at < this.calls.length; at += 1) {
      await this.#streams.remove(callerOf(at));
      await this.#streams.remove(calledOf(at));
    }
    this.calls.length = 0;
    return told.filter(Boolean).length;
  }

  /** Offers that came to either side: none is needed while ports stay the same. */
  get offersReceived(): number {
    return this.calls.reduce((sum, { caller, called }) => sum + [...caller.events, ...called.events].filter((type) => type === 'offer').length, 0);
  }
}

function callerOf(call: number): number {
  return 2 * call + 1;
}

function calledOf(call: number): number {
  return 2 * call + 2;
}

function otherOf(stream: number): number {
  return stream % 2 === 1 ? stream + 1 : stream - 1;
}

/** Two packets of 20 ms and a little: one lost packet is not heard, three are. */
const DISTURBING_GAP_MS = 40;
const AT_ONCE = 20;
