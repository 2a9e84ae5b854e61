import { middleBits, ntpOfUnixMs, readRtcp, type Reception, roundTripMs, rtcpIntervalMs, type SentReceptionReport, writeRtcp } from '@tipring/rtp';
import type { OutgoingStream } from './outgoing-stream.ts';

/** Reports about one termination's two streams (RFC 3550 6), and the round trip they measure. */
export class RtcpSession {
  /** Null until a far end has reported about a sender report of ours. */
  roundTripMs: number | null = null;
  /** What the far end said of our stream last; jitter in units of its clock. */
  far: { readonly lost: number; readonly jitter: number } | null = null;
  #nextAtUs = 0;
  #packetsAtLastReport = 0;
  #lastSenderReport = 0;
  #lastSenderReportAtUs = 0;

  reset(nowUs: number, random: number): void {
    this.roundTripMs = null;
    this.far = null;
    this.#nextAtUs = nowUs + rtcpIntervalMs(random, 'first') * 1000;
    this.#packetsAtLastReport = 0;
    this.#lastSenderReport = 0;
  }

  isDue(nowUs: number): boolean {
    return nowUs >= this.#nextAtUs;
  }

  /** The next compound packet, and from now on the one after it is awaited. */
  write(stream: OutgoingStream, reception: Reception, cname: string, clockRate: number, nowUs: number, random: number, last: 'bye' | 'goesOn'): Uint8Array {
    this.#nextAtUs = nowUs + rtcpIntervalMs(random, 'later') * 1000;
    // RFC 3550 6.4: SR only by who has sent since its last report but one; the last is near enough.
    const hasSent = stream.packets !== this.#packetsAtLastReport;
    this.#packetsAtLastReport = stream.packets;
    return writeRtcp({
      ssrc: stream.ssrc >>> 0,
      cname,
      sender: hasSent ? { ntp: ntpOfUnixMs(Date.now()), rtpTimestamp: stream.timestampAt(nowUs, clockRate), packets: stream.packets, octets: stream.octets } : null,
      reception: reception.started ? this.#receptionReport(reception, nowUs) : null,
      bye: last === 'bye',
    });
  }

  /** What came to the RTCP port; false when it is not RTCP. */
  receive(bytes: Uint8Array, stream: OutgoingStream, nowUs: number): boolean {
    const packets = readRtcp(bytes);
    if (packets === null) return false;
    for (const packet of packets) {
      if (packet.type === 'bye') continue;
      if (packet.type === 'senderReport') {
        this.#lastSenderReport = middleBits(packet.sender.ntp);
        this.#lastSenderReportAtUs = nowUs;
      }
      const own = packet.reports.find(({ ssrc }) => ssrc === stream.ssrc >>> 0);
      if (own === undefined) continue;
      this.far = { lost: own.cumulativeLost, jitter: own.jitter };
      this.roundTripMs = roundTripMs(ntpOfUnixMs(Date.now()), own.lastSenderReport, own.delaySinceLast) ?? this.roundTripMs;
    }
    return true;
  }

  #receptionReport(reception: Reception, nowUs: number): SentReceptionReport {
    const lastSenderReport = this.#lastSenderReport;
    const delaySinceLast = lastSenderReport === 0 ? 0 : Math.round(((nowUs - this.#lastSenderReportAtUs) * 65_536) / 1e6) >>> 0;
    return { ...reception.report(), lastSenderReport, delaySinceLast };
  }
}
