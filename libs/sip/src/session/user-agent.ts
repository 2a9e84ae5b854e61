import type { Timers } from '@tipring/clock';
import type { SipMessage, SipResponse } from '../message/message.ts';
import { createResponse } from '../message/create.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { TransactionTiming } from '../transaction/timing.ts';
import type { Hop } from '../transport/flow.ts';
import type { HeaderLines } from './session.ts';
import type { SessionSettings } from './session-settings.ts';

/** What every session has of the layer it lives in. */
export interface UserAgent {
  readonly transactions: TransactionLayer;
  readonly timers: Timers;
  readonly timing: TransactionTiming;
  readonly settings: SessionSettings;
  /** Allow, Supported and User-Agent lines, for requests and their 2xx. */
  readonly capabilities: HeaderLines;
  /** The User-Agent line alone. */
  readonly product: HeaderLines;
  /** In [0, 1). */
  random(): number;
  /** A new tag or Call-ID. */
  newToken(): string;
  /** Our Contact value towards that hop. */
  contact(hop: Hop, user: string | undefined): string;
  /** Where else a request may go whose hop cannot be reached at all; `uri`: the first route or the remote target. */
  alternatives(uri: string, failed: Hop): readonly Hop[];
  /** RFC 3261 11.2: what we can. */
  answerOptions(transaction: ServerTransaction, toTag: string): void;
  /** Runs the task when the message, timer or command at hand is through: events never arrive inside a command. */
  defer(task: () => void): void;
}

/** A response that says what was wrong; with our tag when there is none yet. */
export function respond(transaction: ServerTransaction, status: number, toTag: string, headers: HeaderLines = []): void {
  transaction.respond(createResponse(transaction.request, status, { toTag, headers }));
}

/** The session description a message carries. */
export function sdpOf(message: SipMessage): string | undefined {
  if (message.body.length === 0) return undefined;
  const type = message.headers.get('Content-Type');
  return type !== undefined && isSdp(type) ? decoder.decode(message.body) : undefined;
}

export function textOf(message: SipMessage): string {
  return decoder.decode(message.body);
}

/** Whether a Content-Type value says application/sdp. */
export function isSdp(contentType: string): boolean {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase() === 'application/sdp';
}

export function isSuccess(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300;
}

export const sdpContent: readonly [string, string] = ['Content-Type', 'application/sdp'];

const decoder = new TextDecoder();
