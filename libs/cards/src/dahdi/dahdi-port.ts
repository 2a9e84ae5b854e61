import { checkCommand, checkSettings, refusal } from '../command-check.ts';
import { blockSamples, type Done, type LineReading, type Port, type PortId, type PortKind, type PortListener, type PortRefusal } from '../contract.ts';
import type { PortCapabilities } from '../port-capabilities.ts';
import type { PortCommand } from '../port-command.ts';
import type { PortSettings, PortSettingsChange } from '../port-settings.ts';
import { type AgentLink, msOf } from './agent-link.ts';
import { ask } from './frames.ts';
import { gainTable } from './gain-table.ts';
import { commandOctets, eventOf } from './port-codes.ts';

/**
 *            open               the agent's answer
 *   closed ────────► opening ──────────────────────► open          absent: from anywhere, for good
 *      ▲                │ refused, close               │ close
 *      └────────────────┴──────────────────────────────┘
 */
type Life = { readonly at: 'closed' } | { readonly at: 'opening' } | { readonly at: 'open'; readonly listener: PortListener; sequence: number } | { readonly at: 'absent' };

/** One channel of the agent's: the contract above, frames below. */
export class DahdiPort implements Port {
  readonly id: PortId;
  readonly kind: PortKind;
  readonly capabilities: PortCapabilities;
  readonly channel: number;
  readonly #link: AgentLink;
  readonly #keep: (settings: PortSettings) => void;
  readonly #received = Buffer.alloc(blockSamples);
  readonly #send = new Uint8Array(blockSamples);
  #settings: PortSettings;
  #life: Life = { at: 'closed' };

  /** `keep` is told of each change of settings. */
  constructor(link: AgentLink, channel: number, id: PortId, capabilities: PortCapabilities, settings: PortSettings, keep: (settings: PortSettings) => void) {
    this.#link = link;
    this.channel = channel;
    this.id = id;
    this.kind = capabilities.kind;
    this.capabilities = capabilities;
    this.#settings = settings;
    this.#keep = keep;
    if (settings.receiveGainDb !== 0 || settings.sendGainDb !== 0) this.#sendGains(settings, () => {});
  }

  get settings(): PortSettings {
    return this.#settings;
  }

  open(listener: PortListener, done: Done): void {
    const free = this.#life.at === 'closed';
    const opening: Life = { at: 'opening' };
    if (free) this.#life = opening;
    const refused = this.#life.at === 'absent' ? gone : free ? null : refusal('busy', 'The port is open already.');
    this.#ask(ask.open, nothing, refused, (refusedThere) => {
      if (free && this.#life === opening) this.#life = refusedThere === null ? { at: 'open', listener, sequence: 0 } : { at: 'closed' };
      done(refusedThere);
    });
  }

  close(): void {
    if (this.#life.at !== 'open' && this.#life.at !== 'opening') return;
    this.#life = { at: 'closed' };
    this.#link.tell(ask.close, this.channel, 0, nothing);
    this.#link.refuse(this, refusal('closed', 'The port was closed.'));
  }

  configure(change: PortSettingsChange, done: Done): void {
    const refused = this.#life.at === 'absent' ? gone : checkSettings(change, this.capabilities);
    if (refused !== null) return this.#ask(ask.gains, nothing, refused, done);
    const before = this.#settings;
    this.#settings = { ...this.#settings, ...change } as PortSettings;
    this.#sendGains(this.#settings, (refusedThere) => {
      if (refusedThere === null) this.#keep(this.#settings);
      else this.#settings = before;
      done(refusedThere);
    });
  }

  send(command: PortCommand, done: Done): void {
    const refused = this.#life.at === 'absent' ? gone : (checkCommand(command, this.capabilities) ?? (this.#life.at === 'closed' ? refusal('closed', 'The port is not open.') : null));
    this.#ask(ask.command, refused === null ? commandOctets(command) : nothing, refused, done);
  }

  measure(done: (reading: LineReading | null, refusal: PortRefusal | null) => void): void {
    this.#link.ask(this, ask.measure, this.channel, nothing, this.#life.at === 'absent' ? gone : null, (payload, refused) => done(payload === null ? null : this.#reading(payload), refused));
  }

  /** The card or the agent is gone. */
  vanish(why: 'card' | 'driver'): void {
    const life = this.#life;
    this.#life = { at: 'absent' };
    this.#link.refuse(this, gone);
    if (life.at === 'open') life.listener.event({ type: 'absent', ...(why === 'driver' ? { why } : {}), atMs: this.#link.agentMs, sequence: life.sequence + 1 });
  }

  event(payload: Buffer, at: number): void {
    const life = this.#life;
    if (life.at !== 'open') return;
    const event = eventOf(payload.readUInt16LE(at + 12), payload.readInt32LE(at + 14), payload.readInt32LE(at + 18));
    life.sequence = payload.readUInt32LE(at + 8);
    if (event !== null) life.listener.event({ ...event, atMs: msOf(payload, at), sequence: life.sequence });
  }

  block(payload: Buffer, at: number): void {
    const life = this.#life;
    if (life.at !== 'open') return;
    payload.copy(this.#received, 0, at + 12, at + 12 + blockSamples);
    this.#send.fill(this.#settings.law === 'PCMA' ? 0xd5 : 0xff);
    life.listener.audio(this.#received, this.#send);
    // Closed by its listener: nobody waits for an answer.
    if (this.#life === life) this.#link.tell(ask.block, this.channel, payload.readUInt32LE(at + 8), this.#send);
  }

  #sendGains({ law, receiveGainDb, sendGainDb }: PortSettings, done: Done): void {
    const tenths = Buffer.alloc(4);
    tenths.writeInt16LE(Math.round(10 * receiveGainDb), 0);
    tenths.writeInt16LE(Math.round(10 * sendGainDb), 2);
    this.#ask(ask.gains, Buffer.concat([tenths, gainTable(law, receiveGainDb), gainTable(law, sendGainDb)]), null, done);
  }

  #ask(type: number, payload: Uint8Array, refused: PortRefusal | null, done: Done): void {
    this.#link.ask(this, type, this.channel, payload, refused, (_, refusedThere) => done(refusedThere));
  }

  #reading(payload: Buffer): LineReading {
    const measured = payload[10] === 1;
    const seen = measured && (this.capabilities.kind === 'fxs' || this.capabilities.seesPolarity);
    return {
      atMs: msOf(payload, 0),
      offHook: payload[8] === 1,
      batteryPresent: payload[9] === 1,
      lineVolts: measured ? payload.readInt32LE(12) / 1_000 : null,
      loopMilliamps: null,
      ringVoltsRms: null,
      polarity: seen ? (payload[11] === 1 ? 'reversed' : 'normal') : null,
    };
  }
}

const gone = refusal('absent', 'The card is not there.');
const nothing = new Uint8Array(0);
