import { type EncodingName, encodings } from '@tipring/dsp';
import type { PayloadCodec, TerminationId } from '@tipring/gateway';
import type { Context, Termination } from './context.ts';
import { isAudio, shareCodec } from './context.ts';
import { type AudioBridgesSettings, largestConference } from './worker/audio-bridges.ts';
import type { PlaneSeat } from './worker/media-plane.ts';

/** Room for so many ends at a time; Opus and conferences are dearer, and rarer. */
export function bridgeRoom(ends: number): AudioBridgesSettings {
  return { channels: ends, opus: Math.min(ends, 16), conferences: Math.max(2, Math.ceil(ends / 16)) };
}

/**
 * How a context's audio has to be decoded; undefined where its packets can be relayed as they are, which costs a twentieth. Decoded
 * where two that are joined share no codec or one sends what the other has not, where somebody hears several, and where somebody hears a tone.
 */
export function bridgeOf(context: Context): readonly PlaneSeat[] | undefined {
  const speakers = [...context.terminations.values()].filter((termination) => termination.live && spoken(termination) !== undefined);
  const hears = new Map<TerminationId, Termination[]>(speakers.map(({ id }) => [id, []]));
  let needed = speakers.some(({ hearsTone }) => hearsTone);
  for (const [one, other] of context.joined) {
    const [a, b] = [speakers.find(({ id }) => id === one), speakers.find(({ id }) => id === other)];
    if (a === undefined || b === undefined) continue;
    hears.get(one)?.push(b);
    hears.get(other)?.push(a);
    needed ||= !shareCodec(a, b);
  }
  needed ||= [...hears.values()].some(({ length }) => length > 1);
  if (!needed) return undefined;
  const seated = speakers.filter(({ id, hearsTone }) => hearsTone || (hears.get(id)?.length ?? 0) > 0);
  return seated.map((termination) => {
    const codec = spoken(termination)!;
    const others = (hears.get(termination.id) ?? []).map((one) => seated.indexOf(one)).filter((seat) => seat >= 0);
    return { pair: termination.pair.id, encoding: codec.encoding, payloadType: codec.payloadType, clockRate: codec.clockRate, hears: others };
  });
}

/** What one worker has left of its room. */
export class BridgeLedger {
  readonly #left: { channels: number; opus: number; conferences: number };

  constructor(room: AudioBridgesSettings) {
    this.#left = { ...room };
  }

  /** In place of what this bridge had before. False, and nothing changed, when there is no room. */
  swap(former: readonly PlaneSeat[], wanted: readonly PlaneSeat[]): boolean {
    const [had, needs] = [usage(former), usage(wanted)];
    const left = { channels: this.#left.channels + had.channels - needs.channels, opus: this.#left.opus + had.opus - needs.opus, conferences: this.#left.conferences + had.conferences - needs.conferences };
    if (left.channels < 0 || left.opus < 0 || left.conferences < 0 || (needs.conferences > 0 && wanted.length > largestConference)) return false;
    Object.assign(this.#left, left);
    return true;
  }
}

function usage(seats: readonly PlaneSeat[]): AudioBridgesSettings {
  return {
    channels: seats.length,
    opus: seats.filter(({ encoding }) => encoding === 'opus').length,
    conferences: seats.some(({ hears }) => hears.length > 1) ? 1 : 0,
  };
}

/** The codec that is spoken with this end: the one that comes from it, else the first of its audio codecs; as far as we know them. */
function spoken({ remote, heard }: Termination): { readonly encoding: EncodingName; readonly payloadType: number; readonly clockRate: number } | undefined {
  let first: ReturnType<typeof spoken>;
  for (const codec of remote?.codecs ?? []) {
    const encoding = isAudio(codec) ? encodingOf(codec) : undefined;
    if (encoding === undefined || (first !== undefined && codec.payloadType !== heard)) continue;
    first = { encoding, payloadType: codec.payloadType, clockRate: codec.clockRate };
  }
  return first;
}

function encodingOf({ name, clockRate }: PayloadCodec): EncodingName | undefined {
  const found = Object.values(encodings).find((encoding) => encoding.name.toLowerCase() === name.toLowerCase());
  return found?.rtpClockHz === clockRate ? found.name : undefined;
}
