import type { PortCapabilities, PortCommand, PortSettingsChange } from '@tipring/cards';
import type { Timer } from '@tipring/clock';
import type { PortGatewayEvent, PortHappening, PortListening, PortName, PortSound, PortTreatment } from '@tipring/gateway';
import type { EndpointId } from '@tipring/telephony';
import { fittedGains, fittedSettings } from './fitted-settings.ts';
import type { PortRefused } from './line-endpoints-ports.ts';
import type { Surroundings } from './surroundings.ts';

/** Who has the port: told what becomes of it. */
export interface PortUser {
  readonly id: EndpointId;
  /** `kept`: it was open all the time, and what was off-hook is so. What happened meanwhile follows. */
  present(kept: boolean): void;
  absent(why: Absence): void;
  /** `at`: by our clock. */
  happened(is: PortHappening, at: number): void;
}

/** `card`: pulled. `driver`: its agent is gone. `gateway`: not connected, for how long nobody knows. */
export type Absence = 'card' | 'driver' | 'gateway';

export const absenceTexts: Readonly<Record<Absence, string>> = {
  card: 'the card of the port is not there',
  driver: 'the agent of the card is gone',
  gateway: 'the media gateway is not connected',
};

export interface PortOpening {
  readonly port: PortName;
  readonly portSettings: PortSettingsChange;
  readonly treatment: Partial<PortTreatment>;
}

/**
 * One port in the gateway, as its user sees it.
 *
 *   away ──found──► opening ──reply──► open ──lost──► away
 *    ▲                 │ refused: again after a while
 *    └─────────────────┘
 */
export class PortLink {
  readonly #user: PortUser;
  readonly #surroundings: Surroundings;
  #opening: PortOpening;
  #state: 'away' | 'opening' | 'open' = 'away';
  /** Replies to what was sent in a former state are nobody's. */
  #turn = 0;
  /** What comes until a moment after the opening: what was kept, and then how the line is, which tells what time it is there. Null: told at once. */
  #early: { readonly is: PortHappening; readonly atMs: number }[] | null = null;
  #settling: Timer | undefined;
  #retry: Timer | undefined;
  #capabilities: PortCapabilities | null = null;
  #absence: Absence = 'gateway';
  /** What its user was told last; a user begins without a port. */
  #told: 'present' | Absence = 'card';
  /** Of sounds, the last order; and what is to be told at its end, once the gateway has taken it. */
  #sound = 0;
  #isPulled = false;
  #isClosed = false;
  /** What was told of settings that this port cannot have. */
  #missing = '';
  #ended: (() => void) | undefined;

  constructor(user: PortUser, opening: PortOpening, surroundings: Surroundings) {
    this.#user = user;
    this.#opening = opening;
    this.#surroundings = surroundings;
  }

  get port(): PortName {
    return this.#opening.port;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Why it is not open. */
  get absence(): Absence {
    return this.#absence;
  }

  /** Null until it was found once. */
  get capabilities(): PortCapabilities | null {
    return this.#capabilities;
  }

  /** The gateway has it. `kept`: it is open there already. */
  found(kept: boolean, capabilities: PortCapabilities): void {
    if (this.#state !== 'away' || this.#isClosed) return;
    this.#state = 'opening';
    this.#early = [];
    this.#capabilities = capabilities;
    const turn = ++this.#turn;
    const opening = this.#opening;
    this.#surroundings.gateway.send({ do: 'openPort', port: opening.port, ...this.#fitted(capabilities) }, (reply, refusal) => {
      if (turn !== this.#turn) return;
      if (reply !== null) {
        this.#opened(kept);
        if (opening !== this.#opening) this.configure(this.#opening);
        return;
      }
      this.#gone(refusal?.code === 'gone' ? 'gateway' : 'card');
      this.#complain(refusal, 'open');
      if (refusal === null || quiet.has(refusal.code)) return;
      this.#retry = this.#surroundings.timers.start(retryMs, () => this.found(kept, capabilities));
    });
  }

  lost(why: Absence): void {
    // A gateway that begins anew finds its cards one after the other: they were not pulled.
    if (why !== 'gateway' && this.#told === 'present') {
      this.#isPulled = true;
      if (why === 'card') this.#surroundings.incident(this.#user.id, 'cardPulled', `the card of port ${this.port} was pulled`);
      else this.#surroundings.incident(this.#user.id, 'driverLost', `the agent of the card of port ${this.port} is gone`);
    }
    this.#gone(why);
  }

  hear({ is, atMs }: Extract<PortGatewayEvent, { event: 'port' }>): void {
    const { clock } = this.#surroundings;
    clock.note(atMs);
    if (this.#state === 'away') return;
    // The end of a sound is told in the order of replies, which do not wait: later it would be taken for another's.
    if (this.#early === null || is.type === 'soundEnded') this.#tell(is, clock.ours(atMs));
    else if (this.#early.length < mostEarly) this.#early.push({ is, atMs });
  }

  command(command: PortCommand): void {
    this.#surroundings.gateway.send({ do: 'commandPort', port: this.port, command }, (_reply, refusal) => this.#complain(refusal, command.do));
  }

  /** In place of what is played; nothing: hush. `ended`: the last of it is over, by itself. `refused`: it was not played. */
  play(sounds: readonly PortSound[], ended?: () => void, refused?: () => void): void {
    const order = ++this.#sound;
    this.#ended = undefined;
    this.#surroundings.gateway.send({ do: 'play', port: this.port, sounds }, (reply, refusal) => {
      this.#complain(refusal, 'play');
      if (order !== this.#sound) return;
      // An end that is told before this is the former's.
      if (reply !== null) this.#ended = ended;
      else refused?.();
    });
  }

  listen(listening: PortListening): void {
    this.#surroundings.gateway.send({ do: 'listen', port: this.port, listening }, (_reply, refusal) => this.#complain(refusal, 'listen'));
  }

  inspect(): void {
    this.#surroundings.gateway.send({ do: 'inspectPort', port: this.port });
  }

  /** From now on; the port is the same. */
  configure(opening: PortOpening): void {
    this.#opening = opening;
    if (this.#state !== 'open' || this.#capabilities === null) return;
    this.#surroundings.gateway.send({ do: 'configurePort', port: this.port, ...this.#fitted(this.#capabilities) }, (_reply, refusal) => this.#complain(refusal, 'configure'));
  }

  /** For a while, beside its settings. */
  treat(treatment: Partial<PortTreatment>): void {
    if (this.#state === 'open') this.#surroundings.gateway.send({ do: 'configurePort', port: this.port, treatment }, (_reply, refusal) => this.#complain(refusal, 'treat'));
  }

  /** Nobody's any more: on hook, and not opened again. */
  close(): void {
    this.#isClosed = true;
    if (this.#state !== 'away') this.#surroundings.gateway.send({ do: 'closePort', port: this.port });
    this.#away('gateway');
  }

  #opened(kept: boolean): void {
    this.#state = 'open';
    if (this.#isPulled) this.#surroundings.incident(this.#user.id, 'cardReturned', `the card of port ${this.port} is back`);
    this.#isPulled = false;
    this.#told = 'present';
    this.#user.present(kept);
    this.#settling = this.#surroundings.timers.start(settlingMs, () => {
      const early = this.#early ?? [];
      this.#early = null;
      for (const { is, atMs } of early) if (this.#state === 'open') this.#tell(is, this.#surroundings.clock.ours(atMs));
    });
  }

  #tell(is: PortHappening, at: number): void {
    switch (is.type) {
      case 'absent': {
        const capabilities = this.#capabilities;
        this.lost(is.why ?? 'card');
        // It may be old news of a card that is back already; if not, it is refused, and an arrival is told.
        if (capabilities !== null) this.#retry = this.#surroundings.timers.start(retryMs, () => this.found(false, capabilities));
        return;
      }
      case 'missed':
        // Whatever it was, this is how it is now.
        return this.inspect();
      case 'soundEnded': {
        const ended = this.#ended;
        this.#ended = undefined;
        return ended?.();
      }
      default:
        return this.#user.happened(is, at);
    }
  }

  #fitted(capabilities: PortCapabilities): { readonly settings: PortSettingsChange; readonly treatment: Partial<PortTreatment> } {
    const { settings, missing } = fittedSettings(this.#opening.portSettings, capabilities);
    const text = missing.join(', ');
    // Once, and not at each opening.
    if (text !== '' && text !== this.#missing) this.#surroundings.incident(this.#user.id, 'portRefused', `port ${this.port} cannot be as its line wants it: ${text}`);
    this.#missing = text;
    const { card, treatment } = fittedGains(this.#opening.treatment, capabilities);
    return { settings: { ...settings, ...card }, treatment };
  }

  /** Its user waits for a gateway that is gone. That the card is gone is told also to who waits: the gateway is back without it. */
  #gone(why: Absence): void {
    const isNews = this.#told === 'present' || (this.#told === 'gateway' && why !== 'gateway');
    this.#away(why);
    if (!isNews) return;
    this.#told = why;
    this.#user.absent(why);
  }

  #away(why: Absence): void {
    this.#absence = why;
    this.#turn++;
    this.#state = 'away';
    this.#early = null;
    this.#settling?.stop();
    this.#ended = undefined;
    this.#sound++;
    this.#retry?.stop();
    this.#retry = undefined;
  }

  /** `wrongState`: the wires were quicker than we, and will tell. What is gone is told otherwise. */
  #complain(refusal: PortRefused | null, what: string): void {
    if (refusal === null || quiet.has(refusal.code)) return;
    this.#surroundings.incident(this.#user.id, 'portRefused', `port ${this.port} refused ${what}: ${refusal.text}`);
  }
}

const quiet: ReadonlySet<string> = new Set(['gone', 'absent', 'closed', 'wrongState', 'noSuchPort']);
const retryMs = 5_000;
/** From the reply to what follows it. */
const settlingMs = 50;
/** More than a gateway keeps. */
const mostEarly = 1_000;
