import type { FxsCapabilities, RingCadence as PortCadence } from '@tipring/cards';
import type { PortListening, PortSound } from '@tipring/gateway';
import type { FxsEffect, FxsInput, FxsLine } from '@tipring/line';
import type { Sound } from '@tipring/telephony';
import type { DigitSender } from './digit-sender.ts';
import { officeTone } from './office-tone.ts';
import type { StationPlan } from './plan.ts';
import type { PortLink } from './port-link.ts';
import { alertSounds, callerIdSounds, messageWaitingSounds, toneSound } from './station-sounds.ts';
import type { Surroundings } from './surroundings.ts';

type PortEffect = Extract<FxsEffect, { do: 'ring' | 'stopRing' | 'polarity' | 'openLoop' | 'lamp' | 'playTone' | 'stopTone' | 'sendCallerId' | 'sendMessageWaiting' | 'stopSending' | 'playAlertTone' }>;

/** What the machine of a station wants of its port, as the port can do it. */
export class StationPort {
  readonly #link: PortLink;
  readonly #digits: DigitSender;
  readonly #surroundings: Surroundings;
  readonly #plan: () => StationPlan;
  readonly #say: (input: FxsInput) => void;
  /** What was ordered last. */
  #listening = '';
  /** Of what is played: in place of a call, which is to be heard later. */
  #isInPlace = false;
  /** What the office says, in place of the call. */
  #sound: Sound | null = null;

  constructor(link: PortLink, digits: DigitSender, surroundings: Surroundings, plan: () => StationPlan, say: (input: FxsInput) => void) {
    this.#link = link;
    this.#digits = digits;
    this.#surroundings = surroundings;
    this.#plan = plan;
    this.#say = say;
  }

  perform(effect: PortEffect, line: FxsLine): void {
    const can = this.#capabilities;
    switch (effect.do) {
      case 'ring':
        return this.#link.command({
          do: 'ring',
          cadence: cadenceFor(effect.cadence, can),
          ...(effect.callerIdAfterBurst === null || can?.onHookTransmission === false ? {} : { callerId: { afterBurst: effect.callerIdAfterBurst } }),
        });
      case 'stopRing':
        return this.#link.command({ do: 'ringStop' });
      case 'polarity':
        return can?.polarityReversal === false ? undefined : this.#link.command({ do: 'polarity', polarity: effect.polarity });
      case 'openLoop': {
        const range = can?.openLoopMs;
        if (range === null) return this.#say({ type: 'openLoopEnded' });
        return this.#link.command({ do: 'openLoop', ms: range === undefined ? effect.ms : Math.min(range.most, Math.max(range.least, effect.ms)) });
      }
      case 'lamp':
        return can?.messageWaitingLamp === false ? undefined : this.#link.command({ do: 'messageWaiting', lamp: effect.isLit ? 'on' : 'off' });
      case 'playTone':
        return this.#play([toneSound(this.#plan(), effect.tone)]);
      case 'stopTone':
      case 'stopSending':
        return this.hush();
      case 'playAlertTone':
        this.#play(alertSounds(this.#plan().callerId));
        this.#isInPlace = true;
        return;
      case 'sendCallerId': {
        const { callerId } = this.#plan();
        const sounds = callerIdSounds(callerId, effect.caller, { hook: effect.hook === 'onHook' ? 'on' : 'off', alertTone: effect.alertTone }, this.#surroundings.settings.localTime());
        return this.#send(sounds, line);
      }
      case 'sendMessageWaiting':
        return this.#send(messageWaitingSounds(this.#plan().callerId, effect.isWaiting, effect.alertTone), line);
    }
  }

  /** What is to be heard of a telephone as it stands. */
  listen(line: FxsLine): void {
    const listening = listeningIn(line);
    const text = JSON.stringify(listening);
    if (text === this.#listening) return;
    this.#listening = text;
    this.#link.listen(listening);
  }

  /** Another port, or the same one opened anew. */
  forget(): void {
    this.#listening = '';
  }

  /** In place of a call in which nobody is heard yet. */
  ringback(): void {
    this.#play([toneSound(this.#plan(), 'ringing')]);
    this.#isInPlace = true;
  }

  /** The call is heard (again): what was played in its place ends, ringing tone or the silence in which an acknowledgement was waited for. */
  connected(): void {
    if (this.#isInPlace) this.hush();
  }

  /** In place of the call; null: no more. */
  sound(sound: Sound | null): void {
    if (sound === this.#sound) return;
    if (sound === null) return this.hush();
    const { tones, toneDbm0 } = this.#plan();
    this.#play([{ type: 'tone', tone: officeTone(tones, sound), levelDbm0: toneDbm0 }]);
    this.#sound = sound;
  }

  /** A digit is dialled: who was asked for it has heard. */
  dialled(): void {
    if (this.#sound === 'askPin') this.hush();
  }

  /** From the call. */
  sendDigit(digit: string): void {
    this.#digits.send(digit, { digitMs: 100, pauseMs: 60, levelDbm0: -9 });
  }

  hush(): void {
    this.#play([]);
  }

  /** As a port is on which nothing goes on but perhaps a call, whatever was left on it. */
  neutral(polarity: 'normal' | 'reversed'): void {
    this.#link.command({ do: 'ringStop' });
    if (this.#capabilities?.polarityReversal === true) this.#link.command({ do: 'polarity', polarity });
    this.hush();
  }

  get #capabilities(): FxsCapabilities | null {
    const { capabilities } = this.#link;
    return capabilities?.kind === 'fxs' ? capabilities : null;
  }

  /** Data; what cannot be sent counts as sent. */
  #send(sounds: readonly PortSound[] | null, line: FxsLine): void {
    const can = this.#capabilities;
    const isQuiet = line.at === 'announcing';
    if (sounds === null || (isQuiet && can?.onHookTransmission === false)) return this.#say({ type: 'dataSent' });
    // Between rings the port lets it through by itself.
    if (isQuiet) this.#link.command({ do: 'onHookTransmission', ms: this.#plan().settings.callerId.sendingMs + transmissionMs });
    this.#play(sounds, () => this.#say({ type: 'dataSent' }));
  }

  #play(sounds: readonly PortSound[], ended?: () => void): void {
    this.#digits.stop();
    this.#isInPlace = false;
    this.#sound = null;
    this.#link.play(sounds, ended);
  }
}

function listeningIn(line: FxsLine): PortListening {
  switch (line.at) {
    case 'dialing':
    case 'offered':
    case 'ringback':
    case 'early':
    case 'choosing':
    case 'holding':
    case 'toned':
      return { digits: true };
    case 'talking': {
      const { is } = line.waiting;
      return { digits: true, fax: true, ...(is === 'alerted' || is === 'sending' ? { alertTone: true } : {}) };
    }
    default:
      return {};
  }
}

/** On, off, on, off … as pairs; of more bursts than the port has, the first ones, with the last pause. */
function cadenceFor(cadence: readonly number[], can: FxsCapabilities | null): PortCadence {
  const bursts = [];
  for (let index = 0; index + 1 < cadence.length; index += 2) bursts.push({ onMs: cadence[index]!, offMs: cadence[index + 1]! });
  const most = Math.max(1, can?.ringBursts ?? bursts.length);
  if (bursts.length <= most) return bursts;
  return [...bursts.slice(0, most - 1), { onMs: bursts[most - 1]!.onMs, offMs: bursts.at(-1)!.offMs }];
}

const transmissionMs = 200;
