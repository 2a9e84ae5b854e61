import type { Timers } from '@tipring/clock';
import { type CapturedLadder, LadderCloser, Ladders, packLadder, pcapOf, unpackLadder } from '@tipring/sip';
import type { CallLadders, CallRecordRepository, LiveConfiguration } from '@tipring/store';
import { isRemarkable, type Story, storyOf } from '@tipring/story';
import type { CallJournal, CallRecord, EndpointId } from '@tipring/telephony';

/** The ladders of calls, from the first message to PostgreSQL; and the stories that are made of them. */
export class CallStories {
  readonly ladders = new Ladders();
  readonly #closer: LadderCloser;
  readonly #kept: CallLadders;
  readonly #records: CallRecordRepository;
  readonly #configuration: LiveConfiguration;
  readonly #sweep: { stop(): void };

  constructor(kept: CallLadders, records: CallRecordRepository, configuration: LiveConfiguration, timers: Timers, wallClock: () => number) {
    this.#kept = kept;
    this.#records = records;
    this.#configuration = configuration;
    this.#closer = new LadderCloser(this.ladders, timers, ({ ladder, ...about }) => kept.keep({ ...about, pack: () => packLadder(ladder) }));
    this.#sweep = every(SWEEP_MS, timers, () => this.ladders.sweep(wallClock()));
  }

  /** Writes to the journal; with the end of a call its ladder goes its way. */
  following(journal: CallJournal): CallJournal {
    return {
      begun: (line) => journal.begun(line),
      ended: (record) => {
        journal.ended(record);
        this.#closer.ended(record.id, record.endedAt, record.legs.flatMap(({ reference }) => this.#callIdsOf(reference)), isRemarkable(record));
      },
    };
  }

  /** Undefined: there is no such record. Rejects when PostgreSQL cannot be asked. */
  async storyOf(id: string): Promise<Story | undefined> {
    const record = await this.#records.wholeById(id);
    if (record === undefined) return undefined;
    return storyOf(record, await this.#ladderOf(record), { nameOf: (endpoint) => this.#nameOf(endpoint) });
  }

  /** The SIP messages of a call as a capture file; undefined: there is no such record, or they are not kept (any more). */
  async pcapOf(id: string): Promise<Uint8Array | undefined> {
    const record = await this.#records.wholeById(id);
    const ladder = record && (await this.#ladderOf(record));
    return ladder && pcapOf(ladder);
  }

  /** What waits is handed to the store; before that is closed. */
  close(): void {
    this.#sweep.stop();
    this.#closer.flush();
  }

  async #ladderOf({ id }: CallRecord): Promise<CapturedLadder | undefined> {
    const fresh = this.#closer.of(id);
    if (fresh !== undefined) return fresh;
    const packed = await this.#kept.read(id);
    return packed && unpackLadder(packed);
  }

  /** A trunk's leg may have called several servers, each by a Call-ID of its own: `1-REFERENCE`, `2-REFERENCE` … (trunk-leg.ts of sip-endpoint). */
  #callIdsOf(reference: string): readonly string[] {
    const callIds = [reference];
    for (let n = 1; this.ladders.has(`${n}-${reference}`); n += 1) callIds.push(`${n}-${reference}`);
    return callIds;
  }

  #nameOf(endpoint: EndpointId): string | undefined {
    const { snapshot } = this.#configuration;
    const named = snapshot.devices.get(endpoint) ?? snapshot.lines.get(endpoint) ?? snapshot.stations.get(endpoint) ?? snapshot.trunks.get(endpoint);
    return named?.displayName;
  }
}

function every(ms: number, timers: Timers, task: () => void): { stop(): void } {
  const again = (): { stop(): void } =>
    timers.start(ms, () => {
      task();
      timer = again();
    });
  let timer = again();
  return { stop: () => timer.stop() };
}

const SWEEP_MS = 1_000;
