/** A telephone company that is a program: where it listens, who its customers are, what becomes of the numbers one calls. Plain JSON. */
export interface CarrierPlan {
  /** For people. */
  readonly name: string;
  /** Port 0 takes a free one. `address` is also where its calls come from, and where its RTP is. */
  readonly listen: readonly CarrierSocket[];
  /** In its From, and the realm of its challenges. */
  readonly domain: string;
  readonly customers: readonly CarrierCustomer[];
  /** The first that fits decides; what fits none is `usual`. */
  readonly numbers: readonly NumberRule[];
  /** Answered after 500 ms when absent. */
  readonly usual?: NumberBehaviour;
  /** Calls at a time; more are refused with 503. None when absent. */
  readonly channels?: number;
  /** In order of preference; PCMU and PCMA when absent. */
  readonly codecs?: readonly CarrierCodec[];
  /** Each call speaks a tone of its own: the next of these. 2400, 2460, … 3360 Hz when absent. */
  readonly tones?: { readonly firstHz: number; readonly stepHz: number; readonly count: number };
}

export type CarrierTransport = 'udp' | 'tcp' | 'tls';
export type CarrierCodec = 'PCMU' | 'PCMA';

export interface CarrierSocket {
  readonly transport: CarrierTransport;
  readonly address: string;
  readonly port: number;
}

export type CarrierCustomer = RegisteringCustomer | StaticCustomer;

/** It registers with this account, and is called where it is registered. */
export interface RegisteringCustomer {
  readonly type: 'registration';
  readonly username: string;
  readonly password: string;
  /** Its INVITEs are challenged too; true when absent. */
  readonly challengesCalls?: boolean;
  /** `requestUri`: the called number is the Request-URI’s user; `to`: the Request-URI is the contact as it was registered. The former when absent. */
  readonly calledIn?: 'requestUri' | 'to';
  /** Its numbers, as they are written in calls to it: the first is who calls when nothing else is said. */
  readonly numbers: readonly string[];
}

/** It is known by its address, and is called there. */
export interface StaticCustomer extends CarrierSocket {
  readonly type: 'address';
  readonly name: string;
  /** Its INVITEs are challenged, and its calls must know this. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly numbers: readonly string[];
}

/** `digits`: what the called number ends with, without any sign. */
export interface NumberRule {
  readonly digits: string;
  readonly behaviour: NumberBehaviour;
}

export type NumberBehaviour =
  /** 180, or 183 with a ringing tone as early media; then 200. 0: at once. */
  | { readonly is: 'answered'; readonly afterMs: number; readonly earlyMedia?: boolean; readonly speaks?: CarrierSound; readonly hangsUpAfterMs?: number }
  /** It rings until the caller gives up. */
  | { readonly is: 'noAnswer'; readonly earlyMedia?: boolean }
  /** A final response, after so long; with `announcement`, special information tone is heard until then as early media (183). At once, and after 2 s of the tone, when not said. */
  | { readonly is: 'refused'; readonly status: number; readonly reason?: string; readonly afterMs?: number; readonly announcement?: boolean };

/** `own`: the call’s own tone; `echo`: what it hears. */
export type CarrierSound = 'own' | 'echo' | 'silence' | { readonly hz: number; readonly levelDbm0?: number };
