import { hostOf, isPrivate } from './addresses.ts';
import type { CallFacts, LegFacts } from './call-facts.ts';
import type { CallRecord } from '@tipring/telephony';
import type { Verdict } from './verdict.ts';
import { capital, seconds } from './words.ts';

/* What was wrong with the audio of a call that was answered. */

export function audioVerdicts(facts: CallFacts): readonly Verdict[] {
  const { talkers, record } = facts;
  if (talkers === null) return [];
  const [caller, called] = talkers;
  // A gateway that was restarted has counted from there on.
  const isCounted = record.story.every(({ type }) => type !== 'restored');
  const mute = isCounted ? talkers.filter(isMute) : [];
  return [
    ...(mute.length === 2 ? [noAudio(caller, called)] : mute.map((leg) => oneWay(leg, leg === caller ? called : caller))),
    ...talkers.flatMap((leg) => [...stopped(leg, record), ...loss(leg), ...jitter(leg)]),
    ...symmetric(talkers),
  ];
}

/** Nothing came from it although it should have, long enough to be no coincidence. */
export function isMute({ leg, remote, talkMs }: LegFacts): boolean {
  const { media, carrier } = leg;
  // An analog port always gives audio.
  if (media === null || carrier === 'line' || carrier === 'station') return false;
  const isToSpeak = remote === null || remote.direction === 'sendrecv' || remote.direction === 'sendonly';
  return media.received.packets === 0 && isToSpeak && talkMs >= LONG_ENOUGH_MS;
}

function oneWay(leg: LegFacts, other: LegFacts): Verdict {
  const discarded = discardedOf(leg);
  if (discarded !== null) return discarded;
  const hint = natHint(leg);
  const evidence = [nothingCame(leg), ...heard(other), ...(hint?.evidence ?? [])];
  if (hint !== null) {
    return {
      code: 'oneWayAudioNat', severity: 'error', legs: [leg.leg.id], evidence,
      title: `One-way audio: ${other.name} did not hear ${leg.name}, whose session description names a private address.`,
      cause: hint.cause,
      remedy: NAT_REMEDY,
    };
  }
  return {
    code: 'oneWayAudio', severity: 'error', legs: [leg.leg.id], evidence,
    title: `One-way audio: nothing came from ${leg.name}, so ${other.name} heard nothing.`,
    cause: `Its signalling arrived and its RTP did not. Either it sent none (microphone muted, or its own network is wrong), or a firewall between it and this PBX lets packets pass in one direction only.`,
    remedy: `Let UDP pass from it to the RTP ports of this PBX, and see with a capture at that end whether it sends to ${leg.local === null ? 'the address it was given' : `${leg.local.address}:${leg.local.port}`}.`,
  };
}

function noAudio(caller: LegFacts, called: LegFacts): Verdict {
  const discarded = discardedOf(caller) ?? discardedOf(called);
  if (discarded !== null) return discarded;
  const hints = [caller, called].flatMap((leg) => natHint(leg) ?? []);
  return {
    code: 'noAudio', severity: 'error', legs: [caller.leg.id, called.leg.id],
    title: 'No audio in either direction: not one packet came from either side.',
    cause: hints[0]?.cause ?? 'The signalling of both sides arrived and the RTP of neither: the RTP ports of this PBX are most likely closed by a firewall, or it gives an address that nobody can reach.',
    remedy: hints.length > 0 ? NAT_REMEDY : `Open the RTP ports of this PBX for UDP, and see that the address it gives${(caller.local?.address ?? null) === null ? '' : ` (${caller.local?.address})`} can be reached from both sides.`,
    evidence: [nothingCame(caller), nothingCame(called), ...hints.flatMap(({ evidence }) => evidence)],
  };
}

/** It was heard, and then no more until the end. */
function stopped({ leg, name }: LegFacts, { evidence, endedAt }: CallRecord): readonly Verdict[] {
  const { media } = leg;
  const last = media?.silences.at(-1);
  // When that ended the call, the party is taken for gone.
  if (media === null || last === undefined || last.to !== null || media.received.packets === 0 || evidence.kind === 'silence') return [];
  return [{
    code: 'audioStopped', severity: 'warning', legs: [leg.id],
    title: `The audio of ${name} stopped, ${seconds((leg.endedAt ?? endedAt) - last.from)} before the end of the call.`,
    cause: 'It was muted in a way that sends nothing at all, lost its network, or something between forgot the way of its packets.',
    remedy: 'If the other side complained: see whether it had network at that time; behind NAT, how long the router keeps UDP open.',
    evidence: [`${media.received.packets} packets came, then none`],
  }];
}

function discardedOf({ leg, name, remote }: LegFacts): Verdict | null {
  const discarded = leg.media?.received.discarded ?? 0;
  if (discarded < ENOUGH_PACKETS) return null;
  return {
    code: 'mediaDiscarded', severity: 'error', legs: [leg.id],
    title: `What ${name} sent could not be used: ${discarded} packets arrived, and none was of what had been agreed on.`,
    cause: 'They were of a payload type that is not in its session description, no RTP at all (SRTP or ZRTP without being told, for one), or from an address that kept changing.',
    remedy: 'Compare the codecs that are set at that device with those of its session description; switch encryption of its audio off unless both sides have it.',
    evidence: [`packets discarded: ${discarded}, taken: 0`, ...(remote === null ? [] : [`its description has ${remote.codecs.join(', ')}`])],
  };
}

/** A private address in its description, while it speaks to us from another. */
export function natHint({ remote, source, name }: LegFacts): { readonly cause: string; readonly evidence: readonly string[] } | null {
  const address = remote?.address ?? null;
  if (address === null || source === null || address === source || address === '0.0.0.0' || !isPrivate(address) || isNear(address, source)) return null;
  return {
    cause: `${capital(name)} is behind NAT: it asked for its audio at ${address}, which is of use in its own network only, while its signalling came from ${source}. What is sent to that address reaches nobody, and nothing came from there by which the way back could have been learned.`,
    evidence: [`session description: c= ${address}, port ${remote?.port ?? 0}`, `its SIP messages came from ${source}`],
  };
}

function loss({ leg, name }: LegFacts): readonly Verdict[] {
  const { media } = leg;
  if (media === null) return [];
  const { received, sent } = media;
  const [from, to] = [shareOf(received.lost, received.packets + received.lost), shareOf(sent.lost ?? 0, sent.packets)];
  if (from < MUCH_LOSS && to < MUCH_LOSS) return [];
  const direction = from >= MUCH_LOSS && to >= MUCH_LOSS ? 'in both directions' : from >= MUCH_LOSS ? 'on the way from it' : 'on the way to it';
  return [{
    code: 'packetLoss', severity: Math.max(from, to) >= UNBEARABLE_LOSS ? 'error' : 'warning', legs: [leg.id],
    title: `Bad audio: ${percent(Math.max(from, to))} of the packets were lost between this PBX and ${name}, ${direction}.`,
    cause: 'A link between the two is overloaded, or its radio (Wi-Fi) is poor: speech is missing in pieces.',
    remedy: 'Look for the link that is full or weak (WAN uplink, Wi-Fi, a switch port that negotiated half duplex), and give voice priority there (DSCP 46).',
    evidence: [
      `from it: ${received.packets} packets, ${received.lost} lost${received.mos === null ? '' : `, MOS ${received.mos}`}`,
      ...(sent.lost === null ? [] : [`to it: ${sent.packets} packets, ${sent.lost} reported as lost (RTCP)`]),
    ],
  }];
}

function jitter({ leg, name }: LegFacts): readonly Verdict[] {
  const { media } = leg;
  if (media === null || media.received.packets < ENOUGH_PACKETS) return [];
  const { jitterMs, worstJitterMs } = media.received;
  const far = media.sent.jitterMs ?? 0;
  if (jitterMs < MUCH_JITTER_MS && worstJitterMs < WORST_JITTER_MS && far < MUCH_JITTER_MS) return [];
  return [{
    code: 'jitter', severity: 'warning', legs: [leg.id],
    title: `Uneven audio: packets between this PBX and ${name} were up to ${Math.round(Math.max(worstJitterMs, far))} ms early or late.`,
    cause: 'Other traffic delays voice now and then, on a link that has no priority for it, or the device that sends is overloaded. What comes too late for the jitter buffer is as good as lost.',
    remedy: 'Give voice priority where it shares a link (DSCP 46); a telephone on Wi-Fi is best tried on a cable.',
    evidence: [`jitter from it: ${jitterMs} ms at the end, ${worstJitterMs} ms at most`, ...(media.sent.jitterMs === null ? [] : [`as it reported: ${media.sent.jitterMs} ms`])],
  }];
}

/** RFC 4961: fine, and good to know when one looks at a capture. */
function symmetric(talkers: readonly LegFacts[]): readonly Verdict[] {
  const found = talkers.filter(({ leg: { media } }) => media !== null && media.signalled !== null && media.heardFrom.length > 0 && media.received.packets > 0 && media.heardFrom.at(-1) !== media.signalled);
  if (found.length === 0) return [];
  return [{
    code: 'symmetricRtp', severity: 'info', legs: found.map(({ leg }) => leg.id),
    title: `The audio of ${found.map(({ name }) => name).join(' and of ')} came from another address than its session description names, and was sent back there.`,
    cause: 'Usual behind NAT: this PBX learns where packets really come from.',
    remedy: '',
    evidence: found.map(({ leg: { media } }) => `description: ${media?.signalled}; packets from ${media?.heardFrom.at(-1)}${isPrivate(hostOf(media?.signalled ?? '')) ? '' : ' (the description’s address is public)'}`),
  }];
}

function nothingCame({ leg, name, talkMs }: LegFacts): string {
  return `${name}: no packet in ${Math.round(talkMs / 1000)} s of talk, ${leg.media?.sent.packets ?? 0} sent to it`;
}

function heard({ leg, name }: LegFacts): readonly string[] {
  return leg.media === null ? [] : [`${name}: ${leg.media.received.packets} packets came`];
}

function shareOf(lost: number, all: number): number {
  return lost < FEWEST_LOST || all < ENOUGH_PACKETS ? 0 : lost / all;
}

/** In private networks of the same kind media may well come from another machine than SIP. */
function isNear(a: string, b: string): boolean {
  return isPrivate(b) && a.split(/[.:]/)[0] === b.split(/[.:]/)[0];
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

const NAT_REMEDY = 'Switch SIP ALG off in its router, open UDP for RTP there, or have the device learn its public address (STUN); on the same network, give it no other.';
/** A phone may need a second to begin. */
const LONG_ENOUGH_MS = 2_000;
/** A second of 20 ms packets. */
const ENOUGH_PACKETS = 50;
const FEWEST_LOST = 5;
/** Heard as soon as it is not spread evenly (ITU-T G.113 Appendix I: with concealment, 1 % is hardly noticed). */
const MUCH_LOSS = 0.02;
const UNBEARABLE_LOSS = 0.1;
/** Mean deviation (RFC 3550 A.8): jitter buffers of 60 ms hold twice that. */
const MUCH_JITTER_MS = 30;
const WORST_JITTER_MS = 60;
