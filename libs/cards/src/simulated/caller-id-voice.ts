import { type AudioRows, type CallerIdMessage, type CallerIdTime, type Dsp, type DtmfCallerIdPlan, encodeCallerId, encodeDtmfCallerId, FskSender, type FskSending } from '@tipring/dsp';
import { Mouth } from './mouth.ts';
import type { OutsideCall } from './simulator-act.ts';
import type { ExchangeCallerId } from './simulator-plan.ts';

/** What an exchange sends about a caller, at 8 kHz; null: this line sends nothing, or there is nothing to send. */
export type CallerIdSamples = { readonly ok: true; readonly samples: Float32Array | null } | { readonly ok: false; readonly text: string };

/** Writes caller ID as sound: what announces it by tone included. One for all lines. */
export class CallerIdVoice {
  readonly #fsk: { readonly sender: FskSender; readonly audio: AudioRows } | null;
  readonly #time: () => CallerIdTime;

  /** Without a Dsp there is no FSK; DTMF needs none. `time`: what is told as the time of the call. */
  constructor(dsp: Dsp | null, time: () => CallerIdTime) {
    this.#fsk = dsp === null ? null : { sender: new FskSender(dsp), audio: dsp.rows(1, blockSamples) };
    this.#time = time;
  }

  write(scheme: ExchangeCallerId, caller: OutsideCall): CallerIdSamples {
    switch (scheme.by) {
      case 'fsk':
        return this.#byFsk(scheme, caller);
      case 'dtmf':
        return byDtmf(scheme, caller);
      case 'request':
      case 'none':
        return { ok: true, samples: null };
    }
  }

  #byFsk(scheme: Extract<ExchangeCallerId, { by: 'fsk' }>, { number, name }: OutsideCall): CallerIdSamples {
    const { format = 'mdmf', parity = 'none', modulation, place, levelDbm0 = usualFskDbm0 } = scheme;
    if (this.#fsk === null || (number === undefined && name === undefined) || (format === 'sdmf' && number === undefined)) return { ok: true, samples: null };
    const message: CallerIdMessage = { type: 'call-setup', format, time: this.#time(), ...(number === undefined ? {} : { number }), ...(name === undefined || format === 'sdmf' ? {} : { name }) };
    const encoded = encodeCallerId(message, { parity });
    if (!encoded.ok) return { ok: false, text: `The ${encoded.error.field} of the caller cannot be sent: ${encoded.error.problem}.` };
    const data = this.#modulate(encoded.value, { modem: modulation === 'v23' ? 'v23' : 'bell-202', hook: place === 'afterReversalAndBursts' ? 'off' : 'on', levelDbm0 });
    return { ok: true, samples: place === 'afterDualTone' || place === 'afterReversalAndDualTone' ? join(alertTone(), data) : data };
  }

  #modulate(message: Uint8Array, sending: FskSending): Float32Array {
    const { sender, audio } = this.#fsk!;
    const samples: number[] = [];
    sender.start(message, sending);
    while (sender.isSending) {
      const count = sender.process(audio, 0);
      for (let n = 0; n < count; n++) samples.push(audio.row(0)[n]!);
    }
    return Float32Array.from(samples);
  }
}

/** A number in digits; letters and other signs of it are not for this way. Names are not told. */
function byDtmf({ place, start, end, codes = codesOf(start, end) }: Extract<ExchangeCallerId, { by: 'dtmf' }>, { number }: OutsideCall): CallerIdSamples {
  if (number === undefined) return { ok: true, samples: null };
  const plain = 'shown' in number ? { shown: number.shown.replace(/^\+/, '') } : number;
  const encoded = encodeDtmfCallerId({ number: plain }, { ...codes, number: [start, ...codes.number], end: [end, ...codes.end] });
  if (!encoded.ok) return { ok: false, text: `The number of the caller cannot be sent by DTMF: ${encoded.error.reason}.` };
  const digits = dtmfSamples(encoded.value);
  return { ok: true, samples: place === 'afterDualTone' || place === 'afterReversalAndDualTone' ? join(alertTone(), digits) : digits };
}

/** ETSI's (ETS 300 659-1 annex C); the Danish ones where # ends. */
function codesOf(start: string, end: string): DtmfCallerIdPlan {
  if (end === '#') return { number: [start], information: 'D', reasons: { '1': 'private', '2': 'unavailable' }, end: ['#'] };
  return { number: [start], information: 'B', reasons: { '00': 'unavailable', '10': 'private' }, end: [end] };
}

/** EN 300 659-1 annex C: 65 ms and more of each. */
function dtmfSamples(digits: string): Float32Array {
  const mouth = new Mouth();
  mouth.dial(digits, { onMs: dtmfMs, offMs: dtmfMs, levelDbm0: -9 });
  return rendered(mouth, digits.length * 2 * dtmfMs * 8);
}

/** DT-AS, and the pause that lets a telephone make ready (EN 300 659-1 6.1.1: 45 to 500 ms). */
function alertTone(): Float32Array {
  const mouth = new Mouth();
  mouth.play({ segments: [{ frequenciesHz: [2_130, 2_750], durationMs: 100 }], repeatFrom: null }, alertDbm0);
  return rendered(mouth, 200 * 8);
}

function rendered(mouth: Mouth, samples: number): Float32Array {
  const sound = new Float32Array(samples);
  // In blocks: what is queued goes on with the next one.
  for (let from = 0; from < samples; from += blockSamples) mouth.add(sound, from, Math.min(samples, from + blockSamples));
  return sound;
}

function join(first: Float32Array, second: Float32Array): Float32Array {
  const both = new Float32Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const blockSamples = 160;
const usualFskDbm0 = -13.5;
/** Both tones together. */
const alertDbm0 = -15;
/** Of whole blocks. */
const dtmfMs = 80;
