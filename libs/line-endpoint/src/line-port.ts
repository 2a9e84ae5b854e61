import type { FxoCapabilities } from '@tipring/cards';
import type { PortHappening, PortListening } from '@tipring/gateway';
import type { FxoEffect } from '@tipring/line';
import type { Sound } from '@tipring/telephony';
import type { DigitSender } from './digit-sender.ts';
import { officeTone } from './office-tone.ts';
import type { LinePlan } from './plan.ts';
import type { PortLink } from './port-link.ts';

type PortEffect = Extract<FxoEffect, { do: 'hook' | 'flash' | 'dialPulses' | 'inspect' | 'sendDigits' | 'listen' | 'listenForCallerId' | 'silence' }>;

/** What the machine of a line wants of its port, as the port can do it; and its wires, as the port told of them last. */
export class LinePort {
  /** Null: not told yet, or it does not know. */
  polarity: 'normal' | 'reversed' | null = null;
  battery: boolean | null = null;
  hook: 'on' | 'off' | null = null;
  readonly #link: PortLink;
  readonly #digits: DigitSender;
  readonly #plan: () => LinePlan;
  readonly #digitsSent: () => void;
  #sound: Sound | null = null;

  constructor(link: PortLink, digits: DigitSender, plan: () => LinePlan, digitsSent: () => void) {
    this.#link = link;
    this.#digits = digits;
    this.#plan = plan;
    this.#digitsSent = digitsSent;
  }

  perform(effect: PortEffect): void {
    switch (effect.do) {
      case 'hook':
        return this.#link.command({ do: 'hook', hook: effect.to === 'offHook' ? 'off' : 'on' });
      case 'flash': {
        const range = this.#capabilities?.flashMs;
        return this.#link.command({ do: 'flash', ms: range === undefined || range === null ? effect.ms : Math.min(range.most, Math.max(range.least, effect.ms)) });
      }
      case 'dialPulses':
        return this.#link.command({ do: 'dialPulses', digits: effect.digits });
      case 'inspect':
        return this.#link.inspect();
      case 'sendDigits':
        this.#sound = null;
        return this.#digits.send(effect.digits, { digitMs: effect.digitMs, pauseMs: effect.pauseMs, levelDbm0: this.#plan().digitDbm0 }, this.#digitsSent);
      case 'listen':
        return this.listen('call');
      case 'listenForCallerId':
        return this.#link.listen({ callerId: { modems: effect.modems, ...this.#plan().callerIdForm } });
      case 'silence':
        // In its call it stays until the call has asked what was measured.
        return this.silence();
    }
  }

  /** Of happenings that tell how its wires are. */
  hear(is: PortHappening): void {
    if (is.type === 'polarity') this.polarity = is.polarity;
    else if (is.type === 'battery') this.battery = is.present;
    else if (is.type === 'portHook') this.hook = is.hook;
  }

  /** What is played to the far end in place of its call; null: nothing. What comes back of it is no news. */
  get sound(): Sound | null {
    return this.#sound;
  }

  /** To the far end, in place of its call; null: no more. */
  play(sound: Sound | null): void {
    if (sound === this.#sound) return;
    this.#sound = sound;
    this.#digits.stop();
    const { played, playedDbm0 } = this.#plan();
    this.#link.play(sound === null ? [] : [{ type: 'tone', tone: officeTone(played, sound), levelDbm0: playedDbm0 }]);
  }

  listen(to: 'call' | 'nothing'): void {
    const listening: PortListening = to === 'nothing' ? {} : { digits: true, tones: true, voice: true, fax: true, ...(this.#plan().learns ? { learns: true } : {}) };
    this.#link.listen(listening);
  }

  silence(): void {
    this.#digits.stop();
    this.#sound = null;
    this.#link.play([]);
    this.listen('nothing');
  }

  /** Nobody waits for their end any more. */
  stopDigits(): void {
    this.#digits.stop();
  }

  /** The port is gone: nobody knows. */
  forget(): void {
    this.polarity = this.battery = this.hook = null;
    this.#sound = null;
    this.#digits.stop();
  }

  get #capabilities(): FxoCapabilities | null {
    const { capabilities } = this.#link;
    return capabilities?.kind === 'fxo' ? capabilities : null;
  }
}
