import { pause } from './each.ts';
import { settle } from './metrics.ts';
import type { RunningPbx } from './pbx.ts';
import { PhoneBank } from './phone-bank.ts';
import type { BankAttempt } from './phone-bank.ts';
import type { BankParty } from './bank-party.ts';
import { type RecordView, recordsOf } from './records.ts';
import { RtpStreams } from './rtp-streams.ts';
import { firstSipAnswerMs } from './sip-answer.ts';
import { type Hearing, TalkingCalls } from './talking-calls.ts';

/** Kills that the bench measures and the interop test asserts; every process killed is one of this PBX's own. */
export class Survival {
  readonly talking: TalkingCalls;
  readonly #pbx: RunningPbx;
  readonly #bank: PhoneBank;
  readonly #streams: RtpStreams;
  readonly #watch: Watch;

  /** The phones of the demo office register. `cpu`: where RTP is made, as for taskset. */
  static async start(pbx: RunningPbx, cpu?: string): Promise<Survival> {
    const watch: Watch = { ringMs: 0, arrived: [], answered: new Map() };
    const bank = await PhoneBank.start({
      registrar: { address: pbx.host, port: pbx.ports.sip },
      devices: pbx.devices,
      firstRtpPort: 61_000,
      ringMs: () => watch.ringMs,
      arrived: (party) => watch.arrived.push(party),
      responded: (callId, status, turnedAway) => {
        if (status !== 401 && status !== 407) watch.answered.set(callId, turnedAway);
      },
    });
    await bank.register();
    return new Survival(pbx, bank, RtpStreams.start(cpu), watch);
  }

  private constructor(pbx: RunningPbx, bank: PhoneBank, streams: RtpStreams, watch: Watch) {
    this.#pbx = pbx;
    this.#bank = bank;
    this.#streams = streams;
    this.#watch = watch;
    this.talking = new TalkingCalls(pbx.devices, bank, streams);
  }

  async stop(): Promise<void> {
    await this.#streams.stop();
    await this.#bank.close();
  }

  /** kill -9 of the controller, while everybody talks; listens until a second after it is back. */
  async killController(): Promise<ControllerKill> {
    await this.talking.listen();
    await pause(200);
    const ready = this.#pbx.controller.nextReady();
    const killedAt = performance.now();
    await this.#pbx.controller.kill();
    const gone = performance.now() - killedAt;
    const firstAnswerMs = gone + (await firstSipAnswerMs(this.#pbx));
    await ready;
    const readyMs = performance.now() - killedAt;
    await pause(1_000);
    return { firstAnswerMs, readyMs, hearing: await this.talking.heard() };
  }

  /** kill -9 of the gateway, while everybody talks; listens until all hear again, at most ten seconds. */
  async killGateway(): Promise<GatewayKill> {
    const offersBefore = this.talking.offersReceived;
    const ready = this.#pbx.media.nextReady();
    await this.talking.listen();
    await this.#pbx.media.kill();
    await ready;
    const allHear = await this.talking.untilAllHear(10_000);
    const hearing = await this.talking.heard();
    return { hearing, allHear, portsUnchanged: this.talking.offersReceived === offersBefore };
  }

  /** kill -9 of PostgreSQL, calls set up and ended without it, PostgreSQL started again. */
  async killDatabase(calls: number): Promise<RecordCheck & { readonly calls: number }> {
    const { devices, database } = this.#pbx;
    process.kill(database.pid, 'SIGKILL');
    const callIds: string[] = [];
    for (let at = 0; at < calls; at += 1) {
      const { caller, called } = await this.#bank.call(devices[at % 5]!, devices[5 + (at % 5)]!);
      callIds.push(caller.session.callId);
      await this.#bank.hangUp(caller, called);
    }
    await database.restart();
    return { calls, ...(await this.records(callIds)) };
  }

  /**
   * kill -9 of the controller in the midst of set-ups. Phones ring for a while, talk for a while, and hang up; whoever
   * hears nothing for ten seconds gives up.
   */
  async killDuringSetUps(ratePerS: number, seconds: number): Promise<SetUpKill> {
    const { devices, controller } = this.#pbx;
    const watch = this.#watch;
    watch.ringMs = RING_MS;
    watch.arrived.length = 0;
    watch.answered.clear();
    const attempts: BankAttempt[] = [];
    let gaveUp = 0;
    const began = performance.now();
    const killAt = began + (seconds * 1000) / 2;
    let killed: Promise<unknown> | undefined;
    while (attempts.length < ratePerS * seconds) {
      const at = attempts.length;
      const wait = began + (at * 1000) / ratePerS - performance.now();
      if (wait > 0) await pause(wait);
      if (killed === undefined && performance.now() >= killAt) {
        const ready = controller.nextReady();
        killed = controller.kill().then(() => ready);
      }
      const attempt = this.#bank.place(devices[at % 5]!, devices[5 + (at % 5)]!.extension);
      attempts.push(attempt);
      void attempt.outcome.then(async (outcome) => {
        if (outcome.type !== 'answered') return;
        await pause(TALK_MS);
        attempt.caller.session.end();
      });
    }
    await killed;
    const isSettled = ({ caller }: BankAttempt) => caller.events.includes('accepted') || caller.endedBy !== undefined;
    for (const end = performance.now() + PATIENCE_MS; !attempts.every(isSettled) && performance.now() < end; ) await pause(100);
    for (const attempt of attempts) {
      const { caller } = attempt;
      if (isSettled(attempt)) continue;
      gaveUp += 1;
      caller.session.end();
    }
    for (const end = performance.now() + 40_000; this.#bank.sessions > 0 && performance.now() < end; ) await pause(100);
    watch.ringMs = 0;

    const outcomes = await Promise.all(attempts.map(({ outcome }) => Promise.race([outcome, pause(100)])));
    const heard = attempts.map(({ callId }) => callId).filter((callId) => watch.answered.has(callId));
    // The front door's 503 comes before any work: it is the one answer that leaves no record.
    const turnedAway = heard.filter((callId) => watch.answered.get(callId) === true);
    const notTold = watch.arrived.filter((party) => party.endedBy !== 'remote');
    const left = await settle(this.#pbx);
    const { missing, twice } = await this.records(heard.filter((callId) => watch.answered.get(callId) === false));
    return {
      attempts: attempts.length,
      answeredByAnything: heard.length,
      turnedAway: turnedAway.length,
      established: outcomes.filter((outcome) => outcome?.type === 'answered').length,
      callersWhoGaveUp: gaveUp,
      calledNotTold: notTold.length,
      notToldBecause: [...new Set(notTold.map((party) => party.end ?? `still ${party.session.phase}`))].join('; '),
      sessionsLeft: this.#bank.sessions,
      missing,
      twice,
      left,
    };
  }

  /** Compares the records in REST with the calls there were. */
  async records(callIds: readonly string[]): Promise<RecordCheck> {
    const found = await recordsOf(this.#pbx, callIds);
    const of = (callId: string): readonly RecordView[] => found.get(callId) ?? [];
    const single = callIds.map(of).filter((records) => records.length === 1).map(([record]) => record!);
    return {
      missing: callIds.filter((callId) => of(callId).length === 0).length,
      twice: callIds.filter((callId) => of(callId).length > 1).length,
      recovered: single.filter((record) => record.recovered).length,
      clearedNormally: single.filter((record) => record.cause === 'normalClearing').length,
      withQuality: single.filter((record) => record.legs.length >= 2 && record.legs.every((leg) => (leg.quality?.packetsReceived ?? 0) > 0)).length,
      causes: Object.groupBy(single, (record) => record.cause) as Readonly<Record<string, readonly RecordView[]>>,
    };
  }
}

export interface ControllerKill {
  /** From the kill to the first answer to any SIP request. */
  readonly firstAnswerMs: number;
  /** From the kill until the controller says that it is ready. */
  readonly readyMs: number;
  readonly hearing: Hearing;
}

export interface GatewayKill {
  /** `longestGapMs` is the outage of the stream that had to wait longest. */
  readonly hearing: Hearing;
  readonly allHear: boolean;
  /** No party was offered another port. */
  readonly portsUnchanged: boolean;
}

export interface RecordCheck {
  readonly missing: number;
  readonly twice: number;
  readonly recovered: number;
  readonly clearedNormally: number;
  /** Both legs with packets received. */
  readonly withQuality: number;
  readonly causes: Readonly<Record<string, readonly RecordView[]>>;
}

export interface SetUpKill {
  readonly attempts: number;
  /** Attempts whose INVITE got any answer beyond the challenge. */
  readonly answeredByAnything: number;
  /** Of these, 503 before any work. */
  readonly turnedAway: number;
  readonly established: number;
  /** Callers who heard nothing final and hung up by themselves. */
  readonly callersWhoGaveUp: number;
  /** Called phones that no CANCEL or BYE reached. */
  readonly calledNotTold: number;
  /** How these ended. */
  readonly notToldBecause: string;
  readonly sessionsLeft: number;
  /** Attempts that were answered and have no record, or several. */
  readonly missing: number;
  readonly twice: number;
  readonly left: Readonly<Record<string, number>>;
}

interface Watch {
  ringMs: number;
  readonly arrived: BankParty[];
  /** Call-IDs of INVITEs that got any answer beyond the challenge; true: the last one was 503 with Retry-After. */
  readonly answered: Map<string, boolean>;
}

const RING_MS = 300;
const TALK_MS = 500;
const PATIENCE_MS = 10_000;
