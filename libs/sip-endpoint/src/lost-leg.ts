import { createRequest, createResponse, parseNameAddress } from '@tipring/sip';
import type { DialogSnapshot, Flow, Hop, SipRequest, SipResponse } from '@tipring/sip';
import type { Cause, Leg, LegId, LegListener, LegSnapshot, TerminationId } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';
import { reasonHeader, statusOf } from './cause-table.ts';
import type { Surroundings } from './surroundings.ts';

type Address = Pick<Flow['remote'], 'address' | 'port'> & { readonly transport: Flow['transport'] };

/** What is needed to end an INVITE whose transaction died with the process. Plain JSON. */
export type SetupSnapshot =
  /** Nothing is under way yet, or nothing is known of it. */
  | { readonly at: 'setup'; readonly reference: string }
  /** Theirs: what a response copies (RFC 3261 8.2.6.2). */
  | { readonly at: 'offered'; readonly reference: string; readonly to: string; readonly from: string; readonly cseq: number; readonly vias: readonly string[]; readonly hop: Address }
  /** Ours, with a provisional response: what a CANCEL repeats (9.1), and the dialog that response may have begun. */
  | {
      readonly at: 'called';
      readonly dialog: DialogSnapshot | null;
      readonly reference: string;
      readonly to: string;
      readonly from: string;
      readonly cseq: number;
      readonly via: string;
      readonly uri: string;
      readonly routes: readonly string[];
      readonly hop: Address;
    };

export function offeredSnapshot(request: SipRequest, flow: Flow): SetupSnapshot {
  const { headers } = request;
  return {
    at: 'offered', reference: request.callId, to: headers.get('To') ?? '', from: headers.get('From') ?? '', cseq: request.cseq.number, vias: headers.list('Via'), hop: addressOf({ flow }),
  };
}

/** `response`: a provisional one; it repeats what the INVITE said of itself. */
export function calledSnapshot(response: SipResponse, to: string, invite: { readonly uri: string; readonly routes: readonly string[]; readonly hop: Hop }): SetupSnapshot {
  const from = response.headers.get('From') ?? '';
  return {
    at: 'called', dialog: earlyDialog(response, from, invite), reference: response.callId, to, from, cseq: response.cseq.number, via: response.via.text,
    uri: invite.uri, routes: invite.routes, hop: addressOf(invite.hop),
  };
}

function earlyDialog(response: SipResponse, local: string, { uri, routes }: { readonly uri: string; readonly routes: readonly string[] }): DialogSnapshot | null {
  const [localTag, remoteTag] = [response.from.tag, response.to.tag];
  if (localTag === undefined || remoteTag === undefined) return null;
  const contact = parseNameAddress(response.headers.get('Contact') ?? '');
  return {
    callId: response.callId, localTag, remoteTag, local, remote: response.headers.get('To') ?? '', localCSeq: response.cseq.number, remoteCSeq: undefined,
    remoteTarget: contact?.uri ?? uri, routes, secure: false,
  };
}

/**
 * A leg that was being set up when the former process ended: its far end is told once, as far as that is possible
 * without a transaction, and it is released. What is lost on the way the far end's own timers end.
 */
export function lostLeg(id: LegId, snapshot: LegSnapshot, listener: LegListener, surroundings: Surroundings): Leg {
  const setup = snapshot as unknown as SetupSnapshot;
  const report = new LegReport(listener);
  const end = (cause: Cause): void => {
    if (report.over) return;
    report.released(cause, { kind: 'restart', text: farewell(setup, cause, surroundings) });
  };
  surroundings.timers.start(0, () => end('temporaryFailure'));
  let now = id;
  return {
    get id() {
      return now;
    },
    media: id satisfies TerminationId,
    reference: typeof setup.reference === 'string' ? setup.reference : '',
    send: (command) => {
      if (command.type === 'release') end(command.cause);
      else if (command.type === 'moved') now = command.leg;
    },
    snapshot: () => snapshot,
  };
}

function farewell(setup: SetupSnapshot, cause: Cause, { send, sessions }: Surroundings): string {
  switch (setup.at) {
    case 'offered': {
      const { to, from, cseq, vias, reference, hop } = setup;
      const request = createRequest({ method: 'INVITE', uri: 'sip:lost', headers: [...vias.map((via) => ['Via', via] as const), ['From', from], ['To', to], ['Call-ID', reference], ['CSeq', `${cseq} INVITE`]] });
      const status = statusOf(cause);
      send(hop, createResponse(request, status, { toTag: 'restarted', headers: [['Reason', reasonHeader(cause)]] }));
      return `${status} sent: the controller was restarted during set-up`;
    }
    case 'called': {
      const { to, from, cseq, via, reference, hop, uri, routes } = setup;
      send(hop, createRequest({
        method: 'CANCEL',
        uri,
        headers: [
          ['Via', via], ['Max-Forwards', '70'], ['From', from], ['To', to], ['Call-ID', reference], ['CSeq', `${cseq} CANCEL`],
          ...routes.map((route) => ['Route', route] as const), ['Reason', reasonHeader(cause)],
        ],
      }));
      if (setup.dialog === null) return 'CANCEL sent: the controller was restarted during set-up';
      // It may have answered while nobody listened. Then the CANCEL comes too late, and the dialog is ended by BYE, which
      // may be sent in an early one too (RFC 3261 15).
      sessions.adopt({ version: 1, direction: 'out', dialog: setup.dialog, hop, contact: '', localSdp: undefined, peerAllowsUpdate: false, sessionTimer: undefined }, () => {}).end({ reasonHeader: reasonHeader(cause) });
      return 'CANCEL and BYE sent: the controller was restarted during set-up';
    }
    default:
      return 'the controller was restarted before anything was sent';
  }
}

function addressOf(hop: Hop): Address {
  const { transport, address, port } = 'flow' in hop ? { transport: hop.flow.transport, ...hop.flow.remote } : hop;
  return { transport, address, port };
}
