import type { Timer, Timers } from '@tipring/clock';
import type { Tone } from '@tipring/dsp';
import type { RingCadence } from '../port-command.ts';
import { burstBeforeLongPause } from './announcement.ts';
import { CallerAnnouncement } from './caller-announcement.ts';
import type { CallerIdVoice } from './caller-id-voice.ts';
import { CentralOffice, type OfficeEvent } from './central-office.ts';
import type { OutsideCall } from './simulator-act.ts';
import type { AnswerPolicy, ExchangeLinePlan, ExchangeToneName, FarEnd, SpokenTone } from './simulator-plan.ts';
import type { ExchangeCall } from './simulator-state.ts';

/** A line as the exchange at its end handles it, calls both ways: simulator-state.ts draws it. What is asked of it answers with why not, or null. */
export class ExchangeLine {
  /** To be plugged in. */
  readonly office: CentralOffice;
  policy: AnswerPolicy;
  readonly #timers: Timers;
  readonly #plan: ExchangeLinePlan;
  readonly #voice: CallerIdVoice;
  #call: ExchangeCall = { at: 'idle' };
  /** Of the present state; each has one at most. */
  #timer: Timer | null = null;
  #digitsBy: 'dtmf' | 'pulse' | null = null;
  #flashes = 0;
  #partyTone: SpokenTone | null;
  /** Caller ID that goes before the ringing. */
  #announcement: CallerAnnouncement | null = null;

  constructor(timers: Timers, plan: ExchangeLinePlan, voice: CallerIdVoice, usualPartyTone: SpokenTone) {
    const { feed, impedance, ringing, tones, toneLevelDbm0 = usualToneDbm0, dialling = {}, policy = usualPolicy, partyTone = usualPartyTone } = plan;
    this.#timers = timers;
    this.#plan = plan;
    this.#voice = voice;
    this.policy = policy;
    this.#partyTone = partyTone;
    const { pulses, dialToneAfterMs, seizureMs } = dialling;
    const { voltsRms, hz, ohms = usualRingOhms } = ringing;
    this.office = new CentralOffice(timers, {
      ringSource: { voltsRms, hz, ohms },
      dialTone: tones.dial,
      toneLevelDbm0,
      ...(feed === undefined ? {} : { feed }),
      ...(impedance === undefined ? {} : { impedance }),
      ...(pulses === undefined ? {} : { pulses }),
      ...(dialToneAfterMs === undefined ? {} : { dialToneAfterMs }),
      ...(seizureMs === undefined ? {} : { seizureMs }),
    });
    this.office.onEvent = (event) => this.#hear(event);
    this.#mayBeSeized();
  }

  get call(): ExchangeCall {
    return this.#call.at === 'ringing' ? { ...this.#call, bursts: this.office.bursts } : this.#call;
  }

  get digits(): { readonly heard: string; readonly by: 'dtmf' | 'pulse' | null } {
    return { heard: this.office.digits, by: this.#digitsBy };
  }

  get flashes(): number {
    return this.#flashes;
  }

  get speaks(): SpokenTone | null {
    return this.#partyTone;
  }

  /** Somebody outside calls. */
  ring(caller: OutsideCall): string | null {
    if (this.#call.at !== 'idle' || this.office.seized) return 'The line is in use.';
    if (this.office.line.battery === 'off') return 'The line has no battery.';
    const { ringing, callerId } = this.#plan;
    const cadence = caller.pattern === undefined ? ringing.cadence : ringing.patterns?.[caller.pattern];
    if (cadence === undefined) return `The line has no ringing pattern "${caller.pattern}".`;
    const written = this.#voice.write(callerId, caller);
    if (!written.ok) return written.text;
    const { samples } = written;
    if (samples === null || !('place' in callerId)) this.#rings(cadence, 'none');
    else if (callerId.place === 'betweenRings') this.#rings(cadence, 'sent', samples);
    else {
      // Who lifts meanwhile has answered: no dial tone.
      this.office.dialTone = null;
      this.#turn({ at: 'announcing', callerId: 'sent' });
      this.#announcement = new CallerAnnouncement(this.#timers, this.office, callerId.place, samples, (how) => (how === 'answered' ? this.#answered() : this.#rings(cadence, 'sent')));
    }
    return null;
  }

  /** The party at the other end does. */
  hangUp(how: FarEnd = this.#plan.disconnect[0]!): string | null {
    switch (this.#call.at) {
      case 'announcing':
      case 'ringing':
        this.office.stopRinging();
        this.office.mouth.hush();
        this.office.setPolarity('normal');
        this.#turn({ at: 'idle' });
        return null;
      case 'ringback':
      case 'answered':
      case 'over':
        return this.#end(how);
      case 'idle':
      case 'dialling':
      case 'failed':
        return 'There is nobody at the other end.';
    }
  }

  /** In a call; kept for the calls to come. */
  speak(tone: SpokenTone | null): void {
    this.#partyTone = tone;
    if (this.#call.at === 'answered') this.#partySpeaks();
  }

  /** Samples at 8 kHz, 16 bits, of the party at the other end, beside its tone. */
  say(samples: ArrayLike<number>): void {
    if (this.#call.at === 'answered') this.office.mouth.say(samples);
  }

  setPolicy(policy: AnswerPolicy): void {
    this.policy = policy;
    if (this.#call.at === 'idle') this.#mayBeSeized();
    if (this.#call.at === 'ringback') this.#decide(this.#call.number, this.#call.rings);
  }

  stop(): void {
    this.#turn({ at: 'idle' });
    this.office.stop();
  }

  #hear(event: OfficeEvent): void {
    switch (event.type) {
      case 'seized':
        this.#digitsBy = null;
        this.#flashes = 0;
        if (this.#announcement !== null) this.#announcement.seized();
        else if (this.policy.is === 'dead') this.#turn({ at: 'failed', number: '', because: 'dead' });
        else this.#turn({ at: 'dialling', number: '' });
        return;
      case 'answered':
        if (this.#announcement !== null) this.#announcement.seized();
        else this.#answered();
        return;
      case 'digit':
        this.#digitsBy = event.by;
        this.#digit(event.digit);
        return;
      case 'flash':
        this.#flashes++;
        return;
      case 'released':
        if (this.#announcement !== null) this.#announcement.released();
        else this.#turn({ at: 'idle' });
    }
  }

  #digit(digit: string): void {
    const call = this.#call;
    // Dial tone after a call that is over: the next one.
    const isNext = call.at === 'over' && (call.by.by === 'dialTone' || (call.by.by === 'tone' && call.by.tone === 'dial'));
    if (call.at !== 'dialling' && !isNext) return;
    const number = (call.at === 'dialling' ? call.number : '') + digit;
    const { digits = null, pauseMs = usualPauseMs, secondDialToneAfter } = this.#plan.dialling ?? {};
    this.office.mouth.play(null);
    if (number === secondDialToneAfter) this.#play('secondDial', 'dial');
    if (digits !== null && number.length >= digits) this.#turn({ at: 'dialling', number }, postDialMs, () => this.#decide(number, 0));
    else this.#turn({ at: 'dialling', number }, pauseMs, () => this.#decide(number, 0));
  }

  /** What becomes of a call to this number, after so many rings. */
  #decide(number: string, rings: number): void {
    const policy = this.#plan.numbers?.find(({ digits }) => number.endsWith(digits))?.policy ?? this.policy;
    switch (policy.is) {
      case 'answered':
        if (rings >= policy.afterRings) return this.#farAnswers(number, policy.supervision);
        return this.#ringsThere(number, rings);
      case 'noAnswer':
        return this.#ringsThere(number, rings);
      case 'busy':
      case 'congestion':
      case 'unobtainable':
        this.#turn({ at: 'failed', number, because: policy.is });
        return this.#play(...failureTones[policy.is]);
      case 'dead':
        this.office.mouth.play(null);
        return this.#turn({ at: 'failed', number, because: 'dead' });
    }
  }

  #ringsThere(number: string, rings: number): void {
    if (rings === 0) this.#play('ringing');
    this.#turn({ at: 'ringback', number, rings: rings + 1 }, cycleMs(this.#plan.tones.ringing), () => this.#decide(number, rings + 1));
  }

  #farAnswers(number: string, supervision: 'reversal' | 'none'): void {
    this.#turn({ at: 'answered', direction: 'outgoing', number, sinceMs: this.#timers.now() });
    this.office.answer(supervision);
    this.#partySpeaks();
  }

  /** The call that came. */
  #answered(): void {
    this.office.stopRinging();
    this.office.mouth.hush();
    this.office.setPolarity('normal');
    this.#turn({ at: 'answered', direction: 'incoming', sinceMs: this.#timers.now() });
    this.#partySpeaks();
  }

  #end(by: FarEnd): string | null {
    const tone = by.by === 'dialTone' ? 'dial' : by.by === 'tone' ? by.tone : null;
    const sound = tone === null ? undefined : this.#plan.tones[tone];
    if (tone !== null && sound === undefined) return `The exchange has no ${tone} tone.`;
    this.office.hangUp(by.by === 'openLoop' || by.by === 'polarity' ? by : sound === undefined ? { by: 'nothing' } : { by: 'tone', tone: sound });
    this.#turn({ at: 'over', by, sinceMs: this.#timers.now() });
    return null;
  }

  #rings(cadence: RingCadence, callerId: 'sent' | 'none', betweenRings?: Float32Array): void {
    this.#turn({ at: 'ringing', bursts: 0, callerId });
    this.office.setPolarity('normal');
    this.office.ring(cadence, betweenRings === undefined ? undefined : { samples: betweenRings, afterBurst: burstBeforeLongPause(cadence) });
  }

  #play(...names: readonly ExchangeToneName[]): void {
    const { tones, toneLevelDbm0 = usualToneDbm0 } = this.#plan;
    const name = names.find((candidate) => tones[candidate] !== undefined) ?? 'busy';
    this.office.mouth.play(tones[name]!, toneLevelDbm0);
  }

  #partySpeaks(): void {
    const tone = this.#partyTone;
    this.office.mouth.play(tone === null ? null : { segments: [{ frequenciesHz: [tone.frequencyHz], durationMs: null }] }, tone?.levelDbm0);
  }

  #turn(call: ExchangeCall, ms?: number, then?: () => void): void {
    this.#timer?.stop();
    this.#timer = ms === undefined || then === undefined ? null : this.#timers.start(ms, then);
    this.#call = call;
    this.#announcement?.stop();
    this.#announcement = null;
    if (call.at === 'idle') this.#mayBeSeized();
  }

  #mayBeSeized(): void {
    this.office.dialTone = this.policy.is === 'dead' ? null : this.#plan.tones.dial;
  }
}

/** From ring to ring, as the ringing tone has it; a tone without pauses rings as often as usual. */
function cycleMs({ segments, repeatFrom }: Tone): number {
  const repeated = segments.slice(repeatFrom ?? 0);
  const ms = repeated.reduce((sum, { durationMs }) => sum + (durationMs ?? Infinity), 0);
  return Number.isFinite(ms) && ms > 0 ? ms : usualCycleMs;
}

const failureTones = {
  busy: ['busy'],
  congestion: ['congestion', 'busy'],
  unobtainable: ['numberUnobtainable', 'specialInformation', 'congestion', 'busy'],
} as const satisfies Record<string, readonly ExchangeToneName[]>;
const usualPolicy: AnswerPolicy = { is: 'answered', afterRings: 2, supervision: 'none' };
const usualToneDbm0 = -13;
const usualRingOhms = 510;
const usualPauseMs = 4_000;
const usualCycleMs = 5_000;
/** From the last digit to what becomes of it, where the number is known to be complete. */
const postDialMs = 300;
