import { type CapturedLadder, type LadderMessage, readLadder } from '@tipring/sip';
import type { CallRecord, EndpointId, LegRecord, LegRole, StoryEntry } from '@tipring/telephony';
import { socketText } from './addresses.ts';
import { type SdpFacts, sdpFacts, type SdpMediaFacts } from './sdp-facts.ts';
import type { LegCarrier, LegMediaFacts, PortFacts, StoryLeg } from './story.ts';

export interface StorySettings {
  /** What an endpoint is; absent: by the beginning of its id. */
  readonly carrierOf?: (endpoint: EndpointId) => LegCarrier;
  /** What people call it; absent: its id. */
  readonly nameOf?: (endpoint: EndpointId) => string | undefined;
}

/** A message, and the session description in it. */
export interface LadderStep {
  readonly message: LadderMessage;
  readonly sdp: SdpFacts | null;
}

/** A leg with everything that is known of it: what verdicts are made of. */
export interface LegFacts {
  readonly leg: StoryLeg;
  /** `the caller (Desk 101)`, `trunk carrier`. */
  readonly name: string;
  /** Of the record's story, those of this leg. */
  readonly entries: readonly StoryEntry[];
  readonly steps: readonly LadderStep[];
  /** The audio stream of its last description, and of ours. */
  readonly remote: SdpMediaFacts | null;
  readonly local: SdpMediaFacts | null;
  /** Where its SIP messages came from last; null: none came. */
  readonly source: string | null;
  /** From its answer, or the other side's if that was later, without the time in which one of the two held; 0: not answered. */
  readonly talkMs: number;
}

export interface CallFacts {
  readonly record: CallRecord;
  readonly ladder: CapturedLadder | null;
  readonly legs: readonly LegFacts[];
  /** The two that talked; null: nobody did. */
  readonly talkers: readonly [caller: LegFacts, called: LegFacts] | null;
}

/** `ladder`: of all legs; undefined: there is none. */
export function factsOf(record: CallRecord, ladder: CapturedLadder | undefined, settings: StorySettings = {}): CallFacts {
  const steps = ladder === undefined ? [] : readLadder(ladder).map((message): LadderStep => ({ message, sdp: sdpFacts(message.body) }));
  const held = heldSpans(record);
  const legs = record.legs.map((leg) => legFacts(record, leg, steps.filter(({ message }) => isOf(message.callId, leg.reference)), held, settings));
  const caller = legs.find(({ leg }) => leg.role === 'caller' && leg.answeredAt !== null);
  const called = legs.find(({ leg }) => leg.role === 'called' && leg.answeredAt !== null && leg.endpoint === record.answeredBy) ?? legs.find(({ leg }) => leg.role === 'called' && leg.answeredAt !== null);
  return { record, ladder: ladder ?? null, legs, talkers: caller === undefined || called === undefined || record.answeredAt === null ? null : [caller, called] };
}

function legFacts(record: CallRecord, leg: LegRecord, steps: readonly LadderStep[], held: readonly Span[], settings: StorySettings): LegFacts {
  const entries = record.story.filter((entry) => entry.leg === leg.id);
  const carrier = settings.carrierOf?.(leg.endpoint) ?? carrierByName(leg.endpoint);
  const remote = lastAudio(steps, 'received');
  const began = Math.max(leg.answeredAt ?? Infinity, record.answeredAt ?? Infinity);
  const ended = leg.endedAt ?? record.endedAt;
  const title = settings.nameOf?.(leg.endpoint) ?? leg.endpoint;
  return {
    leg: {
      id: leg.id, endpoint: leg.endpoint, role: leg.role, carrier, reference: leg.reference, startedAt: leg.startedAt, answeredAt: leg.answeredAt, endedAt: leg.endedAt,
      cause: leg.cause, evidence: leg.evidence, media: mediaFacts(leg, entries, remote, ended), port: portFacts(entries),
    },
    name: carrier === 'trunk' ? `trunk ${title}` : carrier === 'line' ? `line ${title}` : `${roleWords[leg.role]} (${title})`,
    entries,
    steps,
    remote,
    local: lastAudio(steps, 'sent'),
    source: steps.findLast(({ message }) => message.direction === 'received')?.message.remote.address ?? null,
    talkMs: began === Infinity ? 0 : Math.max(0, ended - began - held.reduce((sum, span) => sum + overlapMs(span, { from: began, to: ended }), 0)),
  };
}

/** A leg over a trunk may have called several servers, each by a Call-ID of its own: `1-REFERENCE`, `2-REFERENCE` … */
function isOf(callId: string, reference: string): boolean {
  return reference !== '' && (callId === reference || (callId.endsWith(`-${reference}`) && /^\d+$/.test(callId.slice(0, -reference.length - 1))));
}

/** Ids begin with what they are of. */
function carrierByName(endpoint: EndpointId): LegCarrier {
  return carriers[endpoint.slice(0, 4)] ?? 'other';
}

const carriers: Readonly<Record<string, LegCarrier>> = { dev_: 'device', trk_: 'trunk', lin_: 'line', sta_: 'station' };

function lastAudio(steps: readonly LadderStep[], direction: 'received' | 'sent'): SdpMediaFacts | null {
  // A description in a request that was refused changes nothing, but those are rare and show what was wanted.
  return steps.findLast(({ message, sdp }) => message.direction === direction && sdp !== null)?.sdp?.media.find(({ kind }) => kind === 'audio') ?? null;
}

function mediaFacts({ quality }: LegRecord, entries: readonly StoryEntry[], remote: SdpMediaFacts | null, ended: number): LegMediaFacts | null {
  if (quality === null) return null;
  const started = entries.filter(({ data }) => data?.['kind'] === 'mediaStarted');
  const silences: { from: number; to: number | null }[] = [];
  for (const { at, data } of entries) {
    if (at > ended) continue;
    const silentMs = typeof data?.['silentMs'] === 'number' ? data['silentMs'] : 0;
    const last = silences.at(-1);
    if (data?.['kind'] === 'mediaTimeout') silences.push({ from: at - silentMs, to: null });
    else if (data?.['kind'] === 'mediaResumed' && last !== undefined) last.to ??= at;
  }
  return {
    codec: quality.codec,
    received: { packets: quality.packetsReceived, lost: quality.packetsLost, discarded: quality.packetsDiscarded ?? 0, jitterMs: tenth(quality.jitterMs), worstJitterMs: tenth(quality.worstJitterMs ?? quality.jitterMs), mos: quality.mos === null ? null : tenth(quality.mos) },
    sent: { packets: quality.packetsSent, lost: quality.farLost ?? null, jitterMs: quality.farJitterMs === undefined || quality.farJitterMs === null ? null : tenth(quality.farJitterMs) },
    roundTripMs: quality.roundTripMs === null ? null : tenth(quality.roundTripMs),
    signalled: remote === null || remote.address === null ? null : socketText({ address: remote.address, port: remote.port }),
    heardFrom: started.flatMap(({ data }) => (typeof data?.['from'] === 'string' ? [data['from']] : [])),
    firstPacketAt: started[0]?.at ?? null,
    silences,
  };
}

function portFacts(entries: readonly StoryEntry[]): PortFacts | null {
  const data = entries.findLast((entry) => entry.data?.['kind'] === 'portMeasured')?.data;
  if (data === undefined) return null;
  const number = (name: string): number | null => (typeof data[name] === 'number' ? data[name] : null);
  return {
    receivedDbm0: number('receivedDbm0'), sentDbm0: number('sentDbm0'), clipped: number('clipped') ?? 0, humDbm0: number('humDbm0'), mainsHz: number('mainsHz'),
    erlDb: number('erlDb'), erleDb: number('erleDb'), loopMa: number('loopMa'),
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** In which one side or the other held, put together. */
function heldSpans({ story, endedAt }: CallRecord): readonly Span[] {
  const spans: Span[] = [];
  const holding = new Set<string>();
  let from = 0;
  for (const { at, type, leg = '' } of story) {
    const before = holding.size;
    if (type === 'held') holding.add(leg);
    else if (type === 'resumed') holding.delete(leg);
    if (before === 0 && holding.size > 0) from = at;
    else if (before > 0 && holding.size === 0) spans.push({ from, to: at });
  }
  return holding.size > 0 ? [...spans, { from, to: endedAt }] : spans;
}

function overlapMs(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

const roleWords: Readonly<Record<LegRole, string>> = { caller: 'the caller', called: 'the called party', observer: 'the supervisor' };
