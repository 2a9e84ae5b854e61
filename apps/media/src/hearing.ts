import { correspondence, shareCodec, spoken } from './common-codecs.ts';
import type { Context, RtpEnd, Termination } from './context.ts';
import type { PlaneRoute, PlaneSeat } from './worker/media-plane.ts';

/** How the audio of a context flows. */
export interface Hearing {
  /** Of each RTP end that is open: whose packets it passes on to whom. */
  readonly routes: ReadonlyMap<RtpEnd, readonly PlaneRoute[]>;
  /** Who is in the bridge; none where packets can be relayed as they are, which costs a twentieth. */
  readonly seats: readonly PlaneSeat[];
}

/**
 * Each hearer by itself: who hears one RTP end only, with a codec they share, is sent its packets; who hears several, another codec, a tone, a player or
 * a room is given a mix in the bridge, in which those are decoded whom it hears. So a call whose two ends are relayed stays relayed when a third
 * begins to listen. Players and seats are in the bridge always.
 */
export function hearingOf(context: Context): Hearing {
  const speakers = speakersOf(context);
  const routes = new Map<RtpEnd, PlaneRoute[]>();
  for (const end of speakers.keys()) if (end.kind === 'rtp') routes.set(end, []);
  const mixed = new Map<Termination, readonly Termination[]>();
  for (const [hearer, all] of speakers) {
    const decodable = all.filter((speaker) => speaker.kind !== 'rtp' || spoken(speaker) !== undefined);
    if (hearer.kind !== 'rtp') mixed.set(hearer, decodable);
    else if (isMixed(hearer, decodable)) mixed.set(hearer, decodable);
    else for (const speaker of all) if (speaker.kind === 'rtp') routes.get(speaker)?.push({ pair: hearer.pair.id, payloadTypes: correspondence(speaker, hearer) });
  }
  return { routes, seats: mixed.size === 0 ? [] : seatsOf(mixed) };
}

/** Whom each hears that is there, in the order of the context. */
function speakersOf({ terminations, joined, oneWay }: Context): Map<Termination, Termination[]> {
  const speakers = new Map<Termination, Termination[]>();
  for (const termination of terminations.values()) if (termination.kind !== 'rtp' || termination.live) speakers.set(termination, []);
  const add = (hearerId: string, speakerId: string): void => {
    const [hearer, speaker] = [terminations.get(hearerId), terminations.get(speakerId)];
    if (hearer === undefined || speaker === undefined || !speakers.has(speaker)) return;
    const heard = speakers.get(hearer);
    if (heard !== undefined && !heard.includes(speaker)) heard.push(speaker);
  };
  for (const [one, other] of joined) {
    add(one, other);
    add(other, one);
  }
  for (const [speaker, hearer] of oneWay) add(hearer, speaker);
  return speakers;
}

function isMixed(hearer: RtpEnd, decodable: readonly Termination[]): boolean {
  if (spoken(hearer) === undefined) return false;
  const [first] = decodable;
  if (hearer.hearsTone || decodable.length > 1) return true;
  return first !== undefined && (first.kind !== 'rtp' || !shareCodec(first, hearer));
}

function seatsOf(mixed: ReadonlyMap<Termination, readonly Termination[]>): PlaneSeat[] {
  const taking = [...mixed.keys()];
  for (const speakers of mixed.values()) for (const speaker of speakers) if (!taking.includes(speaker)) taking.push(speaker);
  return taking.map((termination): PlaneSeat => {
    const hears = (mixed.get(termination) ?? []).map((speaker) => taking.indexOf(speaker));
    switch (termination.kind) {
      case 'rtp':
        return { kind: 'rtp', pair: termination.pair.id, ...spoken(termination)!, isGiven: mixed.has(termination), hears };
      case 'player':
        return { kind: 'player', player: termination.slot, hears };
      case 'seat':
        return { kind: 'seat', seat: termination.number, room: termination.room.number, isMuted: termination.isMuted, hears };
    }
  });
}
