import { type AudioBridgesSettings, largestConference } from './worker/audio-bridges.ts';
import { bridgeWords, longestRecord, type PlaneSeat } from './worker/media-plane.ts';

/** Room for so many ends at a time; Opus is dearer, and rarer. Three of them make a conference. */
export function bridgeRoom(ends: number): AudioBridgesSettings {
  return { channels: ends, opus: Math.min(ends, 16), conferences: Math.max(2, Math.ceil(ends / 3)) };
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
    if (left.channels < 0 || left.opus < 0 || left.conferences < 0) return false;
    if (needs.conferences > 0 && (wanted.length > largestConference || bridgeWords(wanted) > longestRecord)) return false;
    Object.assign(this.#left, left);
    return true;
  }
}

function usage(seats: readonly PlaneSeat[]): AudioBridgesSettings {
  return {
    channels: seats.length,
    opus: seats.filter((seat) => seat.kind === 'rtp' && seat.encoding === 'opus').length,
    conferences: seats.some(({ hears }) => hears.length > 1) ? 1 : 0,
  };
}
