import { lanes, type FaxTone, type WatchedTone } from '@tipring/dsp';
import type { PortHappening, PortListening } from '@tipring/gateway';
import { CallerIdEar } from './caller-id-ear.ts';
import type { PortDsp } from './port-dsp.ts';
import { SilenceWatch, VoiceWatch } from './side-watch.ts';
import { ToneWatch } from './tone-watch.ts';

/** What a port does about what it hears, beside telling. */
export interface EarsOwner {
  tell(is: PortHappening): void;
  now(): number;
  digitBegan(digit: string, beganMsAgo: number): void;
  digitEnded(digit: string, durationMs: number): void;
  faxTone(tone: FaxTone): void;
}

/** What the detectors of a group said of a block: a bit for each lane. */
export interface GroupHeard {
  digits: number;
  fax: number;
  farFax: number;
  alerts: number;
}

/** Which detectors a port needs. */
export interface EarsNeeds {
  readonly digits: boolean;
  readonly tones: boolean;
  readonly fax: boolean;
  readonly alerts: boolean;
  readonly voice: boolean;
}

/** What a port listens for, in what came from its line and has no echo any more. */
export class PortEars {
  readonly #bank: PortDsp;
  readonly #channel: number;
  readonly #bit: number;
  readonly #owner: EarsOwner;
  readonly #tones: ToneWatch;
  readonly #callerId: CallerIdEar;
  readonly #voice: VoiceWatch;
  readonly #lineSilence: SilenceWatch;
  readonly #farSilence: SilenceWatch;
  #listening: PortListening = {};
  #watched: readonly WatchedTone[] = [];
  #digit: string | null = null;
  /** Since the digit receiver was reset. */
  #samples = 0;
  #isConnected = false;
  #takesDigits = false;

  constructor(bank: PortDsp, channel: number, owner: EarsOwner) {
    this.#bank = bank;
    this.#channel = channel;
    this.#bit = 1 << (channel % lanes);
    this.#owner = owner;
    const tell = (is: PortHappening): void => owner.tell(is);
    this.#tones = new ToneWatch(bank, channel, tell);
    this.#callerId = new CallerIdEar(bank, tell);
    this.#voice = new VoiceWatch(tell);
    this.#lineSilence = new SilenceWatch('line', tell);
    this.#farSilence = new SilenceWatch('far', tell);
  }

  get needs(): EarsNeeds {
    const { tones = false, learns = false, voice = false, alertTone = false, fax = false, callerId } = this.#listening;
    return {
      digits: this.#tellsDigits || this.#callerId.hearsDigits,
      tones: tones || learns || voice,
      fax: fax || this.#isConnected,
      alerts: alertTone || callerId !== undefined,
      voice,
    };
  }

  /** A port was opened: nothing is listened for. */
  begin(): void {
    this.#listening = {};
    this.#callerId.listen(null);
    this.connected(false, false);
    this.call();
  }

  /** In place of what was listened for before; what goes on is not interrupted. */
  listen(listening: PortListening): void {
    const before = this.needs;
    const former = this.#listening;
    this.#listening = listening;
    if (!sameCallerId(former.callerId, listening.callerId)) this.#callerId.listen(listening.callerId ?? null);
    const { needs } = this;
    if (needs.digits && !before.digits) this.#beginDigits();
    this.#setDigits();
    if (needs.tones && !before.tones) this.#tones.begin(this.#watched);
    else this.#tones.tellAnew();
    if (needs.alerts && !before.alerts) this.#bank.alerts.reset(this.#channel);
    if (needs.fax && !before.fax) this.#bank.fax.reset(this.#channel);
    if (needs.voice && !before.voice) this.#beginVoice();
  }

  /** The treatment's tones are others now. */
  watch(tones: readonly WatchedTone[]): void {
    this.#watched = tones;
    if (this.needs.tones) this.#tones.begin(tones);
  }

  /** `takesDigits`: the link does, and they leave the audio. */
  connected(isConnected: boolean, takesDigits: boolean): void {
    if (isConnected && !this.#isConnected) {
      this.#bank.fax.reset(this.#channel);
      this.#bank.farFax.reset(this.#channel);
      this.#bank.farVoice.reset(this.#channel);
    }
    if (isConnected !== this.#isConnected) this.#farSilence.begin();
    this.#isConnected = isConnected;
    this.#takesDigits = takesDigits;
    this.#setDigits();
  }

  /** The port went off hook: what it hears from now on is another call. */
  call(): void {
    this.#bank.fax.reset(this.#channel);
    this.#bank.farFax.reset(this.#channel);
    this.#beginDigits();
    this.#beginVoice();
    if (this.needs.tones) this.#tones.begin(this.#watched);
  }

  /** After the detectors of the group heard a block. */
  hear(heard: GroupHeard, silentMs: number): void {
    const { tones = false, learns = false, voice = false, fax = false } = this.#listening;
    this.#samples += 160;
    if ((heard.digits & this.#bit) !== 0) this.#takeDigits();
    if (((heard.fax | heard.farFax) & this.#bit) !== 0) this.#takeFax(fax);
    if ((heard.alerts & this.#bit) !== 0) this.#takeAlert();
    if (this.#callerId.hearsFsk) this.#callerId.hear(this.#bank.received, this.#channel);
    if (tones || learns || voice) this.#tones.hear(tones, learns);
    if (voice) this.#hearSides(silentMs);
  }

  get #tellsDigits(): boolean {
    return this.#listening.digits === true || this.#listening.alertTone === true;
  }

  #beginDigits(): void {
    this.#bank.digits.reset(this.#channel);
    this.#samples = 0;
    this.#digit = null;
  }

  #setDigits(): void {
    this.#bank.digits.set(this.#channel, { mute: this.#tellsDigits && this.#takesDigits, dialTone: !this.#isConnected });
  }

  #beginVoice(): void {
    this.#bank.voice.reset(this.#channel);
    this.#voice.begin();
    this.#lineSilence.begin();
    this.#farSilence.begin();
  }

  #takeDigits(): void {
    const tells = this.#tellsDigits;
    for (let event = this.#bank.digits.take(this.#channel); event !== undefined; event = this.#bank.digits.take(this.#channel)) {
      const { digit } = event;
      if (event.kind === 'begin') {
        this.#digit = digit;
        this.#callerId.digitBegan();
        if (!tells) continue;
        this.#owner.tell({ type: 'digitBegan', digit });
        if (this.#takesDigits) this.#owner.digitBegan(digit, ((this.#samples - event.startSample) | 0) / 8);
        continue;
      }
      this.#digit = null;
      const durationMs = Math.round(event.durationSamples / 8);
      this.#callerId.digit(digit, this.#owner.now());
      if (!tells) continue;
      this.#owner.tell({ type: 'digit', digit, durationMs, levelDbm0: Math.round(event.levelDbm0 * 10) / 10 });
      if (this.#takesDigits) this.#owner.digitEnded(digit, durationMs);
    }
  }

  #takeFax(tells: boolean): void {
    for (let event = this.#bank.fax.take(this.#channel); event !== undefined; event = this.#bank.fax.take(this.#channel)) {
      if (tells) this.#owner.tell({ type: 'faxTone', tone: event.tone });
      this.#owner.faxTone(event.tone);
    }
    // The port is to carry them too.
    for (let event = this.#bank.farFax.take(this.#channel); event !== undefined; event = this.#bank.farFax.take(this.#channel)) {
      if (tells) this.#owner.tell({ type: 'faxTone', tone: event.tone, side: 'far' });
      this.#owner.faxTone(event.tone);
    }
  }

  #takeAlert(): void {
    const event = this.#bank.alerts.take(this.#channel);
    if (event !== undefined) this.#owner.tell({ type: 'alertTone', durationMs: Math.round(event.durationMs) });
  }

  #hearSides(silentMs: number): void {
    const isActive = this.#bank.voice.active(this.#channel);
    const isTone = this.#digit !== null || this.#tones.hearsTone;
    this.#voice.hear(isTone ? 'tone' : isActive ? 'voice' : 'nothing');
    this.#lineSilence.hear(isActive || isTone, silentMs);
    if (this.#isConnected) this.#farSilence.hear(this.#bank.farVoice.active(this.#channel), silentMs);
  }
}

function sameCallerId(one: PortListening['callerId'], other: PortListening['callerId']): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.parity === other.parity && one.dtmfCodes === other.dtmfCodes && one.modems.length === other.modems.length && one.modems.every((modem) => other.modems.includes(modem));
}
