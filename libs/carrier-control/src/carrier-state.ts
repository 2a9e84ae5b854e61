import type { CarrierFailure } from './carrier-act.ts';
import type { CarrierSocket, CarrierSound } from './carrier-plan.ts';

/** A carrier as it stands: a copy. Instants are ms since 1970. */
export interface CarrierState {
  readonly name: string;
  /** With the ports that were taken. */
  readonly listening: readonly CarrierSocket[];
  readonly failure: CarrierFailure | null;
  readonly registrations: readonly CarrierRegistration[];
  /** Those that live and the last that ended, 100 at most, in order of their beginning. */
  readonly calls: readonly CarrierCall[];
  /** Requests that came, by method; repetitions count. */
  readonly received: Readonly<Record<string, number>>;
}

export interface CarrierRegistration {
  readonly username: string;
  readonly contact: string;
  readonly transport: string;
  readonly source: { readonly address: string; readonly port: number };
  readonly expiresAt: number;
}

export interface CarrierCall {
  /** Of this carrier: c1, c2, … */
  readonly id: string;
  /** `toCarrier`: a customer calls out. */
  readonly direction: 'toCarrier' | 'toCustomer';
  readonly phase: 'calling' | 'ringing' | 'answered' | 'ended';
  readonly callId: string;
  /** As it is written in the INVITE. */
  readonly number: string;
  readonly transport: string;
  /** Lines of the INVITE that came, or was sent, by their names as written there; Request-URI too, Via and credentials not. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** The INVITE’s session description. */
  readonly offer: string | null;
  /** Its tone, when it has one of its own. */
  readonly ownHz: number;
  readonly speaks: CarrierSound | 'ringing' | 'specialInformation';
  /** In the last 400 ms, the strongest first: multiples of 20 Hz; nothing while no packet comes. */
  readonly hears: readonly { readonly hz: number; readonly dbm0: number }[];
  /** What the other side pressed (RFC 4733), each digit once. */
  readonly digits: string;
  /** By the other side. */
  readonly held: boolean;
  readonly codec: string | null;
  readonly rtp: { readonly port: number; readonly remote: string | null; readonly sent: number; readonly received: number };
  readonly beganAt: number;
  readonly answeredAt: number | null;
  readonly ended: { readonly at: number; readonly by: 'customer' | 'carrier' | 'nobody'; readonly status: number | null; readonly reason: string | null; readonly text: string } | null;
}

/** A SIP message that came or went, without its body. */
export interface CarriedMessage {
  /** Since the first: `messages` gives those after a number. */
  readonly number: number;
  readonly at: number;
  readonly way: 'received' | 'sent' | 'swallowed';
  readonly transport: string;
  readonly peer: string;
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}
