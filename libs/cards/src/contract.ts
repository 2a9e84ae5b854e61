import type { PortCapabilities } from './port-capabilities.ts';
import type { Polarity, PortCommand } from './port-command.ts';
import type { PortEvent } from './port-event.ts';
import type { PortSettings, PortSettingsChange } from './port-settings.ts';

/**
 * What every kind of card is to the rest of the system: simulated, DAHDI, or an expansion shelf. Nothing here throws. What is asked
 * of a port is answered through its `done`, once, in the order of asking and never inside the call; events and audio come
 * through its listener, never inside a call either.
 */
export interface CardDriver {
  /** Every arrival and departure from now on; those that are there already are in what `discover` answers, and not told. */
  onCard: ((event: CardEvent) => void) | null;
  /** Looks for cards, now and from now on. In no particular order: a card is known by its serial and by nothing else. */
  discover(done: (cards: readonly Card[]) => void): void;
  /** Null while it is absent or was never seen. */
  port(id: PortId): Port | null;
  /** Every port is closed, as by `Port.close`; nothing is told from now on. */
  close(): void;
}

/** On return a card has its ports anew: what held the old ones gets them by their ids. Their settings are kept. */
export type CardEvent = { readonly type: 'arrived'; readonly card: Card; readonly atMs: number } | { readonly type: 'gone'; readonly serial: string; readonly atMs: number };

export interface Card {
  /** Never changes, wherever the card is put. Of hardware that has none: made from where it is plugged in, see `identity`. */
  readonly serial: string;
  /** Whether the serial moves with the card, or stays with the slot. */
  readonly identity: 'serial' | 'location';
  readonly vendor: string;
  readonly model: string;
  readonly firmware: string | null;
  readonly slot: string | null;
  /** 2 to 32, by number; places without a module are missing. */
  readonly ports: readonly Port[];
}

/** The card's serial and what is printed beside the jack: 1 … 32. */
export interface PortId {
  readonly card: string;
  readonly port: number;
}

/** What the jack is, and not what is plugged in: a line of the telephone company goes into an FXO port, a telephone into an FXS port. */
export type PortKind = 'fxo' | 'fxs';

/**
 * One jack. Until it is opened it is on hook (FXO) or feeds its telephone in silence (FXS) and tells nothing.
 * Wires are described as seen from here: `received` comes in from the line, `sent` goes out to it.
 */
export interface Port {
  readonly id: PortId;
  readonly kind: PortKind;
  readonly capabilities: PortCapabilities;
  /** As last configured: kept by card serial and port while the card is away. */
  readonly settings: PortSettings;
  /**
   * Audio and events begin; the first events say how the line is now (FXO: battery, polarity; FXS: hook).
   * Refused as `busy` when it is open already.
   */
  open(listener: PortListener, done: Done): void;
  /** On hook, no ringing, normal polarity, lamp off; nothing is told any more. What was not answered is refused as `closed`. */
  close(): void;
  /** At once, also during a call; all of it or, refused, none. Also while it is closed. */
  configure(change: PortSettingsChange, done: Done): void;
  send(command: PortCommand, done: Done): void;
  /** What the hardware measures now; also while it is closed, except by hardware that needs it open. */
  measure(done: (reading: LineReading | null, refusal: PortRefusal | null) => void): void;
}

export interface PortListener {
  event(event: PortEvent): void;
  /**
   * The card's clock is master: 20 ms have been received, and what is written into `send` goes out as the next 20 ms.
   * G.711 octets by the port's law, 160 each; both arrays are the driver's and good until return. `send` holds silence.
   * It comes at all times while the port is open, on hook too: that is where caller ID is heard.
   */
  audio(received: Uint8Array, send: Uint8Array): void;
}

/** Null: it was done, or the hardware has taken it in hand and will tell by an event. */
export type Done = (refusal: PortRefusal | null) => void;

export interface PortRefusal {
  readonly code: PortRefusalCode;
  /** For people. */
  readonly text: string;
}

export type PortRefusalCode =
  /** This port cannot: see its capabilities. */
  | 'unsupported'
  /** Out of the range of its capabilities, or no command. */
  | 'badCommand'
  /** Not now: ringing a telephone that is off hook, flashing a line that is not in use. */
  | 'wrongState'
  | 'busy'
  | 'closed'
  /** The card is gone. */
  | 'absent'
  /** The driver or the card has failed. */
  | 'hardware';

/** Null is what this hardware does not measure; polarity and hook are of the line, not of what was commanded. */
export interface LineReading {
  readonly atMs: number;
  /** FXO: we are off hook. FXS: the telephone is. */
  readonly offHook: boolean;
  readonly batteryPresent: boolean | null;
  /** Between tip and ring without regard to polarity, at the port. */
  readonly lineVolts: number | null;
  readonly loopMilliamps: number | null;
  readonly ringVoltsRms: number | null;
  readonly polarity: Polarity | null;
}

/** 20 ms at 8 kHz. */
export const blockSamples = 160;
export const blockMs = 20;

/** As it is written and compared: `serial/3`. */
export function portKey({ card, port }: PortId): string {
  return `${card}/${port}`;
}
