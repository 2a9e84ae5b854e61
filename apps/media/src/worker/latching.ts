import { sequenceDistance } from '@tipring/rtp';

/**
 * Where a far end really is (symmetric RTP, RFC 4961; latching, RFC 7362 4). Its SDP names an address, but behind NAT its
 * packets come from another. Following any packet would let everyone who finds the port take over a call, therefore:
 *
 *   1. Only valid RTP counts: version 2 and a payload type that was negotiated (the caller checks).
 *   2. A packet from the address of the SDP wins at once, always: it is the one address the signalling vouches for.
 *   3. Another source wins only while nothing has been heard from the SDP's address, after `enoughPackets` in a row of one
 *      SSRC with rising sequence numbers. A packet of yet another source breaks the row: when two compete, neither wins.
 *   4. Once latched, other sources are dropped. Only after `silenceMs` without a packet from the latched one, or a
 *      re-negotiation that changes the address, may a source win by rule 3 again.
 *
 *      signalled ──rule 3──► latched elsewhere ──rule 2──► latched on the SDP's address
 *          └──────────────────rule 2──────────────────────────┘      (each goes on to rule 3 after silence)
 *
 * Until something is latched we send to the SDP's address.
 */
export class Latching {
  #signalledAddress: string | null = null;
  #signalledPort = 0;
  #at: 'open' | 'latched' = 'open';
  #latchedAddress: string | null = null;
  #latchedPort = 0;
  #heardAtUs = 0;
  #candidateAddress = '';
  #candidatePort = 0;
  #candidateSsrc = 0;
  #candidateSequence = 0;
  #candidatePackets = 0;

  /** The SDP names an address, or none (null). Negotiating the same one again keeps what is latched; another begins anew. Returns whether it is another. */
  signal(address: string | null, port: number): boolean {
    if (address === this.#signalledAddress && port === this.#signalledPort) return false;
    this.#signalledAddress = address;
    this.#signalledPort = port;
    this.#at = 'open';
    this.#candidatePackets = 0;
    return true;
  }

  reset(): void {
    this.#signalledAddress = null;
    this.#signalledPort = 0;
    this.#at = 'open';
    this.#candidatePackets = 0;
  }

  get latched(): boolean {
    return this.#at === 'latched';
  }

  /** A packet from where we send to anyway; true when it is the one that latches. */
  heard(nowUs: number): boolean {
    this.#heardAtUs = nowUs;
    this.#candidatePackets = 0;
    if (this.#at === 'latched') return false;
    // Until something is latched we send to the SDP's address, so that is where this came from.
    this.#latch(this.#signalledAddress, this.#signalledPort, nowUs);
    return true;
  }

  /** A valid packet from anywhere else: `take` it and send there from now on, or `drop` it. `known`: it was of a batch with the packet that latched. */
  stranger(address: string, port: number, ssrc: number, sequence: number, nowUs: number): 'take' | 'known' | 'drop' {
    if (this.#at === 'latched' && port === this.#latchedPort && address === this.#latchedAddress) {
      this.#heardAtUs = nowUs;
      return 'known';
    }
    // Rule 2.
    if (port === this.#signalledPort && address === this.#signalledAddress) return this.#latch(address, port, nowUs);
    // Rule 4.
    if (this.#at === 'latched' && nowUs - this.#heardAtUs < silenceMs * 1000) return 'drop';
    // Rule 3.
    const goesOn = this.#candidatePackets > 0 && port === this.#candidatePort && address === this.#candidateAddress && ssrc === this.#candidateSsrc;
    const ahead = sequenceDistance(sequence, this.#candidateSequence);
    this.#candidatePackets = goesOn && ahead > 0 && ahead <= largestStep ? this.#candidatePackets + 1 : 1;
    this.#candidateAddress = address;
    this.#candidatePort = port;
    this.#candidateSsrc = ssrc;
    this.#candidateSequence = sequence;
    return this.#candidatePackets >= enoughPackets ? this.#latch(address, port, nowUs) : 'drop';
  }

  #latch(address: string | null, port: number, nowUs: number): 'take' {
    this.#at = 'latched';
    this.#latchedAddress = address;
    this.#latchedPort = port;
    this.#heardAtUs = nowUs;
    this.#candidatePackets = 0;
    return 'take';
  }
}

/** 100 ms of packets of 20 ms. */
export const enoughPackets = 5;
/** Longer than a Wi-Fi phone's hand-over, far shorter than anybody listens to nothing. */
export const silenceMs = 3000;
/** A candidate may lose some packets on its way and is consistent all the same. */
const largestStep = 10;
