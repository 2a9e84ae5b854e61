import type { CallLog } from './call-log.ts';
import type { CallMedia, Hearing } from './call-media.ts';
import type { Heard } from './call-hearing.ts';
import type { LegId } from './leg.ts';
import type { TerminationId } from './media.ts';

/** Tells the gateway who hears whom in a call, when that is another than it was told last. */
export class CallConnection {
  readonly #log: CallLog;
  readonly #media: CallMedia;
  readonly #refused: (text: string) => void;
  #last: Heard = { joined: [], oneWay: [], music: [] };
  #recorder: TerminationId | null = null;
  #sent = NOTHING;
  #hasPlayer = false;

  /** `refused`: there is no room for converting or mixing what they say. */
  constructor(log: CallLog, media: CallMedia, refused: (text: string) => void) {
    this.#log = log;
    this.#media = media;
    this.#refused = refused;
  }

  /** `recorder`: hears all who talk. `isAnew`: ends of it were made again. */
  connect(at: number, heard: Heard, recorder: TerminationId | null, isAnew: boolean): void {
    if (heard === this.#last && recorder === this.#recorder && !isAnew) return;
    const was = this.#last;
    this.#last = heard;
    this.#recorder = recorder;
    const { id, features } = this.#log.state;
    const hearing = this.#hearing(heard, recorder);
    const now = JSON.stringify(hearing);
    if (now === this.#sent && !isAnew) return;
    const plays = heard.music.length > 0;
    if (plays && (!this.#hasPlayer || isAnew)) this.#media.music(id, this.#player, heard.musicClass ?? features?.music ?? null);
    this.#sent = now;
    this.#tell(at, was, heard);
    this.#media.connect(id, hearing, this.#refused);
    if (!plays && this.#hasPlayer) this.#media.drop(id, this.#player);
    this.#hasPlayer = plays;
  }

  /** After a restart: it is as the gateway has it. */
  adopt(heard: Heard, recorder: TerminationId | null): void {
    this.#last = heard;
    this.#recorder = recorder;
    this.#sent = JSON.stringify(this.#hearing(heard, recorder));
    this.#hasPlayer = heard.music.length > 0;
  }

  #hearing(heard: Heard, recorder: TerminationId | null): Hearing {
    const pairs = (legs: Heard['joined']) => legs.map(([a, b]) => [this.#termination(a), this.#termination(b)] as const);
    const oneWay = pairs(heard.oneWay);
    for (const leg of heard.music) oneWay.push([this.#player, this.#termination(leg)]);
    if (recorder !== null) for (const speaker of speakersOf(heard)) oneWay.push([this.#termination(speaker), recorder]);
    return { joined: pairs(heard.joined), oneWay };
  }

  get #player(): TerminationId {
    return `${this.#log.state.id}.music`;
  }

  #tell(at: number, was: Heard, heard: Heard): void {
    const [pair] = heard.joined;
    if (heard.joined.length === 1 && pair !== undefined) this.#log.tell(at, 'joined', 'the two hear each other', pair[1]);
    else if (heard.joined.length > 1) this.#log.tell(at, 'joined', `${speakersOf(heard).length} hear each other`);
    else if (was.joined.length > 0 && heard.music.length === 0) this.#log.tell(at, 'parted', 'nobody hears anybody any more');
    for (const leg of heard.music) if (!was.music.includes(leg)) this.#log.tell(at, 'music', 'hears music', leg);
  }

  #termination(leg: LegId): TerminationId {
    const logged = this.#log.leg(leg);
    if (logged === undefined) throw new Error('a leg to be joined is not known');
    return logged.media;
  }
}

function speakersOf({ joined, oneWay }: Heard): readonly LegId[] {
  return [...new Set([...joined.flat(), ...oneWay.map(([speaker]) => speaker)])];
}

const NOTHING = JSON.stringify({ joined: [], oneWay: [] });
