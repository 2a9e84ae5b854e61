import { Concealment, DriftEstimator, type G711Law } from '@tipring/dsp';
import { JitterBuffer } from '@tipring/rtp';
import type { PortDsp } from './port-dsp.ts';

/**
 * What came over the link, on its way to the line. The card's clock takes 20 ms at a time; where the packets' clock is another, the audio
 * is resampled by some millionths, so that the delay stays and no sample is ever left out or made up:
 *
 *   packets ─► jitter buffer ─► G.711, concealment ─► `decoded` ─► resampler ─► the line's next 20 ms
 *                    └──────── samples kept ──────► drift estimator ─┘
 *
 * The delay is what it must be: two packets' time at least and a margin for jitter, which grows by each time it was too small and shrinks
 * where it was too large for ten seconds.
 */
export class LineBuffer {
  /** Blocks that had to be made up although the far end was sending; packets that were left out, or came too late. */
  underruns = 0;
  overruns = 0;
  readonly #bank: PortDsp;
  readonly #channel: number;
  readonly #jitter = new JitterBuffer({ octets: mostOctets + 1 });
  readonly #concealment: Concealment;
  /** The law's number, and a payload. */
  readonly #packet = new Uint8Array(mostOctets + 1);
  /** What the jitter buffer gave is one of few views: without its first octet. */
  readonly #payloads = new WeakMap<Uint8Array, Uint8Array>();
  /** Samples for the resampler; behind `decodedSamples` room for a packet. */
  readonly #decoded: Int16Array;
  readonly #incoming: Int16Array;
  readonly #address: number;
  #left = 0;
  #perPacket = usualPacket;
  #arrivedMs = 0;
  #flow: 'none' | 'flowing' = 'none';
  #missing = 0;
  #concealed = mostConcealed;
  #drift: DriftEstimator;
  #margin = usualMargin;
  #least = Infinity;
  #watched = 0;
  #isFixed = false;

  constructor(bank: PortDsp, channel: number) {
    this.#bank = bank;
    this.#channel = channel;
    this.#concealment = new Concealment(bank.dsp, 8_000);
    this.#address = bank.dsp.allocate((decodedSamples + mostOctets) * 2);
    this.#decoded = bank.dsp.int16(this.#address, decodedSamples + mostOctets);
    this.#incoming = this.#decoded.subarray(decodedSamples);
    this.#drift = new DriftEstimator({ targetSamples: this.#target });
  }

  /** For another link. */
  reset(): void {
    this.#jitter.reset();
    this.#concealment.reset();
    this.#bank.resamplers.reset(this.#channel);
    this.#left = this.#missing = this.underruns = this.overruns = 0;
    this.#concealed = mostConcealed;
    this.#flow = 'none';
    this.#perPacket = usualPacket;
    this.#margin = usualMargin;
    this.#isFixed = false;
    this.#drift = new DriftEstimator({ targetSamples: this.#target });
    this.#watchAnew();
  }

  /** A fax: the delay does not change any more, and nothing is left out. */
  fix(): void {
    this.#isFixed = true;
  }

  push(law: G711Law, bytes: Uint8Array, at: number, length: number, ssrc: number, sequence: number, nowMs: number): void {
    if (length === 0 || length > mostOctets) return;
    this.#packet[0] = law === 'PCMA' ? 1 : 0;
    for (let n = 0; n < length; n++) this.#packet[n + 1] = bytes[at + n]!;
    if (!this.#jitter.push(this.#packet, 0, length + 1, ssrc, sequence)) {
      this.overruns++;
      this.#grow();
      return;
    }
    this.#perPacket = length;
    this.#arrivedMs = nowMs;
  }

  /** The line's next 20 ms: fills the channel's row of `fromLink`. */
  take(nowMs: number): void {
    const { resamplers, fromLink } = this.#bank;
    if (this.#flow === 'flowing') resamplers.set(this.#channel, this.#drift.update(this.#fill(nowMs)));
    const needs = resamplers.needs(this.#channel, blockSamples);
    while (this.#left < needs) this.#more(needs, nowMs);
    if (this.#flow === 'flowing') this.#watch(needs);
    const consumed = resamplers.take(this.#channel, this.#address, fromLink.addressOf(this.#channel), blockSamples);
    this.#left -= consumed;
    if (this.#left > 0) this.#decoded.copyWithin(0, consumed, consumed + this.#left);
  }

  /** From a sample's arrival to the line's next 20 ms. */
  get delayMs(): number {
    return (this.#target - this.#perPacket / 2) / 8;
  }

  /** How much faster the packets come than the card takes them. */
  get driftPpm(): number {
    return this.#drift.driftPpm;
  }

  get #target(): number {
    return blockSamples + this.#perPacket + this.#margin;
  }

  /** As if samples came one by one: since the last packet some are on their way already. */
  #fill(nowMs: number): number {
    const onTheirWay = Math.min(this.#perPacket, Math.max(0, (nowMs - this.#arrivedMs) * 8));
    return this.#jitter.span * this.#perPacket + this.#left + onTheirWay;
  }

  #more(needs: number, nowMs: number): void {
    const pulled = this.#jitter.pull();
    if (pulled === 'none') return this.#nothing(needs - this.#left);
    if (pulled === 'lost') {
      this.underruns++;
      return this.#conceal(this.#perPacket);
    }
    if (this.#flow === 'none') this.#begin(nowMs);
    else if (this.#missing > 0) this.#grow();
    this.#missing = this.#concealed = 0;
    const payload = this.#jitter.payload();
    const samples = this.#bank.g711.decode(payload[0] === 1 ? 'PCMA' : 'PCMU', this.#withoutLaw(payload), this.#incoming);
    this.#decoded.copyWithin(this.#left, decodedSamples, decodedSamples + samples);
    if (pulled === 'excess' && this.#isTooMuch(samples)) {
      this.overruns++;
      this.#jitter.leftOut();
      this.#drift.shift(-samples);
      return;
    }
    this.#concealment.received(this.#address + this.#left * 2, samples);
    this.#left += samples;
  }

  /** The first packet is about to be played: what is kept is brought to what is wanted, in what is silence still. */
  #begin(nowMs: number): void {
    this.#flow = 'flowing';
    this.#watchAnew();
    this.#drift = new DriftEstimator({ targetSamples: this.#target, maxPpm: mostPpm });
    // The packet in hand is none of the buffer's any more.
    const fill = this.#fill(nowMs) + this.#perPacket;
    const silent = Math.min(decodedSamples - mostOctets - this.#left, Math.max(0, Math.round(this.#target - fill)));
    this.#decoded.fill(0, this.#left, this.#left + silent);
    this.#left += silent;
  }

  #nothing(samples: number): void {
    if (this.#flow === 'flowing') {
      this.underruns++;
      if (++this.#missing >= pauseBlocks) {
        // The far end has stopped sending: that was no underrun.
        this.underruns -= this.#missing;
        this.#flow = 'none';
      } else {
        this.#drift.shift(samples);
      }
    }
    this.#conceal(samples);
  }

  #conceal(samples: number): void {
    this.#concealed += samples;
    if (this.#concealed > mostConcealed) this.#decoded.fill(0, this.#left, this.#left + samples);
    else this.#concealment.missing(this.#address + this.#left * 2, samples);
    this.#left += samples;
  }

  #grow(): void {
    if (this.#isFixed) return;
    this.#margin = Math.min(mostMargin, this.#margin + marginStep);
    this.#drift.target = this.#target;
    this.#watchAnew();
  }

  /** What was left over each time for ten seconds was not needed. */
  #watch(needs: number): void {
    this.#least = Math.min(this.#least, this.#jitter.span * this.#perPacket + this.#left - needs);
    if (++this.#watched < watchedBlocks) return;
    const unneeded = this.#least - leastMargin;
    this.#watchAnew();
    if (this.#isFixed || unneeded <= 0 || this.#margin === leastMargin) return;
    this.#margin = Math.max(leastMargin, this.#margin - unneeded / 4);
    this.#drift.target = this.#target;
  }

  #watchAnew(): void {
    this.#least = Infinity;
    this.#watched = 0;
  }

  /** So much more than wanted that resampling would take minutes, where nobody misses it. */
  #isTooMuch(samples: number): boolean {
    if (this.#isFixed || this.#jitter.span * this.#perPacket + this.#left + samples < this.#target + this.#perPacket) return false;
    let energy = 0;
    for (let n = this.#left; n < this.#left + samples; n++) energy += this.#decoded[n]! ** 2;
    return energy < samples * quietRms ** 2;
  }

  #withoutLaw(payload: Uint8Array): Uint8Array {
    let view = this.#payloads.get(payload);
    if (view === undefined) this.#payloads.set(payload, (view = payload.subarray(1)));
    return view;
  }
}

const blockSamples = 160;
const usualPacket = 160;
/** 80 ms. */
const mostOctets = 640;
/** What is left of a block, the silence of a beginning, and the longest packet. */
const decodedSamples = 2_560;
/** 10 ms, for a thread that is late at times: with packets of 20 ms a sample waits 40 ms. */
const usualMargin = 80;
const leastMargin = 80;
const mostMargin = 1_280;
const marginStep = 80;
/** 200 ms. */
const mostConcealed = 1_600;
const pauseBlocks = 10;
const watchedBlocks = 500;
const mostPpm = 500;
/** Some -45 dBm0. */
const quietRms = 90;
