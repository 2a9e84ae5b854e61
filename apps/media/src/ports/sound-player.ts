import { FskSender } from '@tipring/dsp';
import type { PortSound } from '@tipring/gateway';
import type { PortDsp } from './port-dsp.ts';

/** Plays sounds to a line one after the other. Each begins with a block of 20 ms; a pause is as many of them as come nearest. */
export class SoundPlayer {
  readonly #bank: PortDsp;
  readonly #channel: number;
  readonly #fsk: FskSender;
  #sounds: readonly PortSound[] = [];
  #index = 0;
  /** Of a pause. */
  #blocksLeft = 0;
  /** Digits that the generator's queue has no room for yet. */
  #digitsLeft = '';
  /** What was cut off still has its last edge to play. */
  #fading = false;

  constructor(bank: PortDsp, channel: number) {
    this.#bank = bank;
    this.#channel = channel;
    this.#fsk = new FskSender(bank.dsp);
  }

  /** In place of what is played; none: hush. @returns why they cannot be played, and then what was played goes on */
  play(sounds: readonly PortSound[]): string | null {
    for (const sound of sounds) {
      const fault = this.#faultOf(sound);
      if (fault !== null) return fault;
    }
    if (this.isPlaying) {
      this.#bank.tones.stop(this.#channel);
      this.#bank.soundDigits.stop(this.#channel);
      this.#fading = true;
    }
    this.#sounds = sounds;
    this.#index = 0;
    if (sounds.length > 0) this.#begin();
    return null;
  }

  get isPlaying(): boolean {
    return this.#index < this.#sounds.length;
  }

  /** The next 20 ms, in place of the channel's row of `toLine`, or added. @returns whether the last sound has ended by itself in them */
  write(): boolean {
    const { tones, soundDigits, toLine } = this.#bank;
    const channel = this.#channel;
    const sound = this.#sounds[this.#index];
    if (sound === undefined) {
      if (this.#fading) {
        tones.add(channel, toLine, channel);
        soundDigits.add(channel, toLine, channel);
        this.#fading = false;
      }
      return false;
    }
    this.#fading = false;
    switch (sound.type) {
      case 'tone':
        if (sound.over === true) tones.add(channel, toLine, channel);
        else tones.write(channel, toLine, channel);
        return !tones.playing(channel) && this.#next();
      case 'digits':
        this.#dial(sound);
        soundDigits.write(channel, toLine, channel);
        return this.#digitsLeft === '' && soundDigits.pending(channel) === 0 && this.#next();
      case 'fsk':
        this.#fsk.process(toLine, channel);
        return !this.#fsk.isSending && this.#next();
      case 'pause':
        toLine.row(channel).fill(0);
        return --this.#blocksLeft <= 0 && this.#next();
    }
  }

  #next(): boolean {
    this.#index++;
    if (!this.isPlaying) return true;
    this.#begin();
    return false;
  }

  #begin(): void {
    const sound = this.#sounds[this.#index]!;
    if (sound.type === 'tone') this.#bank.tones.play(this.#channel, sound.tone, sound.levelDbm0);
    else if (sound.type === 'digits') this.#digitsLeft = sound.digits;
    else if (sound.type === 'pause') this.#blocksLeft = Math.max(1, Math.round(sound.ms / 20));
    else {
      const { message, modem, hook, levelDbm0, seizureBits, markBits } = sound;
      this.#fsk.start(Uint8Array.from(message), { modem, hook, levelDbm0, ...(seizureBits === undefined ? {} : { seizureBits }), ...(markBits === undefined ? {} : { markBits }) });
    }
  }

  #dial({ digitMs, pauseMs, levelDbm0 }: Extract<PortSound, { type: 'digits' }>): void {
    if (this.#digitsLeft === '') return;
    const room = mostQueued - this.#bank.soundDigits.pending(this.#channel);
    if (room <= 0) return;
    const now = this.#digitsLeft.slice(0, room);
    this.#digitsLeft = this.#digitsLeft.slice(now.length);
    this.#bank.soundDigits.dial(this.#channel, now, { levelDbm0: bothTones(levelDbm0), twistDb: 0, onMs: digitMs, offMs: pauseMs });
  }

  #faultOf(sound: PortSound): string | null {
    const level = sound.type === 'pause' ? 0 : sound.levelDbm0;
    if (!(level >= -60 && level <= 3)) return `A level of ${level} dBm0.`;
    switch (sound.type) {
      case 'tone': {
        const { tones, channels } = this.#bank;
        try {
          tones.play(channels, sound.tone, sound.levelDbm0);
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
        tones.stop(channels);
        return null;
      }
      case 'digits':
        if (!/^[0-9A-D*#,]{1,256}$/.test(sound.digits)) return `"${sound.digits}" are no DTMF digits.`;
        return inRange(sound.digitMs, 10, 60_000) && inRange(sound.pauseMs, 2, 60_000) ? null : `Digits of ${sound.digitMs} ms and ${sound.pauseMs} ms after each.`;
      case 'fsk':
        if (sound.message.length > mostOctets || sound.message.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255)) return `A message of ${sound.message.length} octets, or of more than octets.`;
        return inRange(sound.seizureBits ?? 0, 0, mostBits) && inRange(sound.markBits ?? 0, 0, mostBits) ? null : 'A channel seizure or mark of more than a second.';
      case 'pause':
        return inRange(sound.ms, 0, longestPauseMs) ? null : `A pause of ${sound.ms} ms.`;
    }
  }
}

/** Two tones of the same level. */
export function bothTones(eachDbm0: number): number {
  return Math.max(-60, Math.min(0, eachDbm0 + 3.01));
}

function inRange(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** Of DtmfGenerators. */
const mostQueued = 64;
/** Of FskSender. */
const mostOctets = 264;
const mostBits = 1_200;
const longestPauseMs = 3_600_000;
