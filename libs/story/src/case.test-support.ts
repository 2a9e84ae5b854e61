import type { CapturedLadder, CapturedMessage } from '@tipring/sip';
import type { AttemptRecord, CallRecord, LegRecord, MediaQuality, StoryEntry } from '@tipring/telephony';

/* Calls as records and ladders have them, written down shortly. The caller is `a` at 198.51.100.7, the called side `b` at 203.0.113.9; the PBX is 192.0.2.1. */

export const startedAt = 1_800_000_000_000;

export const fine: MediaQuality = {
  codec: 'PCMA', packetsReceived: 500, packetsSent: 500, packetsLost: 0, jitterMs: 2, roundTripMs: 20, mos: 4.4, packetsDiscarded: 0, worstJitterMs: 6, farLost: 0, farJitterMs: 3,
};

export function leg(role: 'caller' | 'called', over: Partial<LegRecord> = {}): LegRecord {
  const id = role === 'caller' ? 'cal.1' : 'cal.2';
  return {
    id, endpoint: role === 'caller' ? 'dev_a' : 'dev_b', role, reference: role === 'caller' ? 'a' : 'b', startedAt, answeredAt: startedAt + 2_000, endedAt: startedAt + 12_000,
    cause: 'normalClearing', evidence: { kind: role === 'caller' ? 'sipRequest' : 'local', text: 'BYE' }, quality: fine, ...over,
  };
}

export function attempt(name: string, over: Partial<AttemptRecord> = {}): AttemptRecord {
  return { name, endpoints: [name], number: '102', startedAt, answeredAt: null, endedAt: startedAt + 2_000, cause: 'networkOutOfOrder', evidence: { kind: 'timer', text: 'no answer within 2 s' }, legs: ['cal.2'], ...over };
}

/** Answered after two seconds, ten seconds long, in order. */
export function record(over: Partial<CallRecord> = {}): CallRecord {
  return {
    id: 'cal', direction: 'internal', startedAt, answeredAt: startedAt + 2_000, endedAt: startedAt + 12_000, from: { number: '101' }, to: '102', legs: [leg('caller'), leg('called')], attempts: [], emergency: null,
    cause: 'normalClearing', evidence: { kind: 'sipRequest', text: 'BYE' }, answeredBy: 'dev_b', story: [], recovered: false, segments: [], continues: [], continuedIn: null, ...over,
  };
}

/** Nobody answered; the caller's leg has the cause too. */
export function failed(cause: CallRecord['cause'], called: Partial<LegRecord>, over: Partial<CallRecord> = {}): CallRecord {
  const evidence = called.evidence ?? { kind: 'sipResponse', text: cause };
  return record({
    answeredAt: null, answeredBy: null, cause, evidence,
    legs: [leg('caller', { answeredAt: null, cause, evidence, quality: null }), leg('called', { answeredAt: null, cause, evidence, quality: null, ...called })],
    ...over,
  });
}

export function note(legId: string, kind: string, atMs: number, data: Readonly<Record<string, unknown>> = {}, text = kind): StoryEntry {
  return { at: startedAt + atMs, leg: legId, type: 'note', text, data: { kind, ...data } };
}

type Spoken = readonly [atMs: number, who: '>' | '<', callId: 'a' | 'b', start: string, over?: { readonly headers?: readonly string[]; readonly body?: string; readonly times?: number; readonly lastMs?: number; readonly cseq?: string }];

/** `>`: sent by us, `<`: received. CSeq is 1 and the start line's method, of a response INVITE. */
export function ladder(...spoken: readonly Spoken[]): CapturedLadder {
  return {
    omitted: 0,
    messages: spoken.map(([atMs, who, callId, start, { headers = [], body = '', times = 1, lastMs = atMs, cseq } = {}]): CapturedMessage => {
      const method = start.startsWith('SIP/2.0') ? 'INVITE' : start.split(' ', 1)[0];
      return {
        at: startedAt + atMs, lastAt: startedAt + lastMs, times, direction: who === '>' ? 'sent' : 'received', transport: 'udp', local: { address: '192.0.2.1', port: 5060 },
        remote: { address: callId === 'a' ? '198.51.100.7' : '203.0.113.9', port: 5060 },
        bytes: new TextEncoder().encode([start, `Call-ID: ${callId}`, `CSeq: ${cseq ?? `1 ${method}`}`, ...headers, '', body].join('\r\n')),
      };
    }),
  };
}

export function sdp(address: string, { codecs = ['8 PCMA/8000'], direction = 'sendrecv' }: { readonly codecs?: readonly string[]; readonly direction?: string } = {}): string {
  return ['v=0', `o=- 1 1 IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0', `m=audio 40000 RTP/AVP ${codecs.map((codec) => codec.split(' ')[0]).join(' ')}`, ...codecs.map((codec) => `a=rtpmap:${codec}`), `a=${direction}`, ''].join('\r\n');
}
