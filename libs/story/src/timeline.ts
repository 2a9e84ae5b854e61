import type { LegId, StoryEntry } from '@tipring/telephony';
import { socketText } from './addresses.ts';
import type { CallFacts, LadderStep } from './call-facts.ts';
import type { LegCarrier, SipStep, TimelineEntry, TimelineKind } from './story.ts';

/** The record's story and the ladders of its legs, by their instants. What was done because of a message stands after it. */
export function timelineOf({ record, legs }: CallFacts): readonly TimelineEntry[] {
  const carriers = new Map<LegId, LegCarrier>(legs.map(({ leg }) => [leg.id, leg.carrier]));
  const told = record.story.map((entry): TimelineEntry => ({
    at: entry.at,
    kind: kindOf(entry, carriers.get(entry.leg ?? '') ?? 'other'),
    leg: entry.leg ?? null,
    type: entry.type,
    text: entry.text,
    ...(entry.data === undefined ? {} : { data: entry.data }),
  }));
  const seen = legs.flatMap(({ leg, steps }) => steps.map((step): TimelineEntry => sipEntry(leg.id, step)));
  return [...seen, ...told].map((entry, index) => ({ entry, index })).sort((a, b) => a.entry.at - b.entry.at || a.index - b.index).map(({ entry }) => entry);
}

function kindOf({ type, data }: StoryEntry, carrier: LegCarrier): TimelineKind {
  const kind = data?.['kind'];
  if (type === 'routed' || type === 'refused' || type === 'rerouted' || type === 'asked') return 'routing';
  if (type === 'joined' || type === 'parted' || type === 'transcoded' || type === 'held' || type === 'resumed' || type === 'restored') return 'media';
  if (kind === 'mediaStarted' || kind === 'mediaTimeout' || kind === 'mediaResumed') return 'media';
  if ((carrier === 'line' || carrier === 'station') && type !== 'commanded' && type !== 'originated' && type !== 'offered') return 'line';
  return 'call';
}

function sipEntry(leg: LegId, { message, sdp }: LadderStep): TimelineEntry {
  const { direction, transport, local, remote, start, method, status, cseq, times, lastAt, text, at } = message;
  const what = status === null ? method : `${start.slice('SIP/2.0 '.length)} (${method})`;
  const repeated = times === 1 ? '' : `, ${times} times in ${Math.round((lastAt - at) / 100) / 10} s`;
  const step: SipStep = {
    direction, transport, local: local === null ? null : socketText(local), remote: socketText(remote), start, method, status, cseq, times, lastAt,
    headers: message.headers.filter(({ name }) => shown.has(name)), sdp, text,
  };
  return { at, kind: 'sip', leg, type: status === null ? method : String(status), text: `${direction === 'received' ? 'from' : 'to'} ${socketText(remote)}: ${what}${repeated}`, message: step };
}

/** What people ask for when a call fails. */
const shown: ReadonlySet<string> = new Set([
  'Via', 'From', 'To', 'Contact', 'Route', 'Record-Route', 'Reason', 'Warning', 'Retry-After', 'User-Agent', 'Server', 'P-Asserted-Identity', 'Remote-Party-ID', 'Privacy', 'Diversion', 'History-Info',
  'Session-Expires', 'Min-SE', 'Require', 'Unsupported', 'WWW-Authenticate', 'Proxy-Authenticate', 'Authorization', 'Proxy-Authorization', 'Refer-To', 'Replaces', 'Content-Type',
]);
