import type { Dialog } from '../dialog/dialog.ts';
import type { SipMessage, SipResponse } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { RequestOutcome } from './dialog-request.ts';
import type { HeaderLines, SessionEvent, SessionTimerSettings } from './session.ts';
import type { SignalingInput, SignalingState } from './signaling.ts';
import type { UserAgent } from './user-agent.ts';

/** What the offers of either side need of the dialog usage they belong to. */
export interface OfferingUsage {
  readonly agent: UserAgent;
  readonly dialog: Dialog;
  readonly owner: { readonly direction: 'in' | 'out'; readonly sessionTimer: SessionTimerSettings; emit(event: SessionEvent): void };
  readonly state: 'early' | 'confirmed' | 'ending' | 'ended';
  readonly signalingState: SignalingState;
  readonly peerAllowsUpdate: boolean;
  readonly isAwaitingAck: boolean;
  readonly targetHeaders: HeaderLines;
  readonly localOffers: { readonly isOpen: boolean; goOn(): void };
  readonly remoteOffers: { readonly isOpen: boolean };
  localSdp: string | undefined;
  signal(input: SignalingInput): boolean;
  request(method: string, headers: HeaderLines, body: Uint8Array | string | undefined, done: (outcome: RequestOutcome) => void): void;
  acknowledge(cseq: number, sdp: string | undefined): void;
  presumeAcknowledged(): void;
  refreshTarget(message: SipMessage): void;
  intervalHeaders(): HeaderLines;
  acceptInterval(response: SipResponse): void;
  answerInterval(transaction: ServerTransaction): HeaderLines;
  response(transaction: ServerTransaction, status: number, headers: HeaderLines, sdp: string | undefined): SipResponse;
  sendAnswer(transaction: ServerTransaction, response: SipResponse, initial: boolean): void;
  fail(by: 'timer' | 'transport' | 'remote' | 'local', detail: string): void;
}
