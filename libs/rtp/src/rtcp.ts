import { ByePacket, CompoundPacket, ReceiverReportPacket, ReceptionReport as RtcpReceptionReport, SdesChunk, SdesPacket, SenderReportPacket } from 'rtp.js/packets';
import type { NtpTime } from './ntp.ts';
import type { ReceptionReport } from './reception.ts';

/** A reception report as it travels: with what the round trip is measured by. LSR and DLSR in 1/65536 s (RFC 3550 6.4.1). */
export interface SentReceptionReport extends ReceptionReport {
  readonly lastSenderReport: number;
  readonly delaySinceLast: number;
}

export interface SenderInfo {
  readonly ntp: NtpTime;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** One compound packet to be sent (RFC 3550 6.1): SR or RR first, then SDES with the CNAME, then BYE. */
export interface RtcpReport {
  readonly ssrc: number;
  readonly cname: string;
  /** Present when RTP was sent since the last report. */
  readonly sender: SenderInfo | null;
  readonly reception: SentReceptionReport | null;
  readonly bye?: boolean;
}

export type ReceivedRtcp =
  | { readonly type: 'senderReport'; readonly ssrc: number; readonly sender: SenderInfo; readonly reports: readonly SentReceptionReport[] }
  | { readonly type: 'receiverReport'; readonly ssrc: number; readonly reports: readonly SentReceptionReport[] }
  | { readonly type: 'bye'; readonly ssrcs: readonly number[] };

export function writeRtcp(report: RtcpReport): Uint8Array {
  const compound = new CompoundPacket();
  compound.addPacket(report.sender === null ? receiverReport(report) : senderReport(report, report.sender));
  const chunk = new SdesChunk();
  chunk.setSsrc(report.ssrc);
  // SdesItemType exists as a type only; CNAME is 1 (RFC 3550 6.5.1).
  chunk.addItem(1, report.cname);
  const sdes = new SdesPacket();
  sdes.addChunk(chunk);
  compound.addPacket(sdes);
  if (report.bye === true) {
    const bye = new ByePacket();
    bye.addSsrc(report.ssrc);
    compound.addPacket(bye);
  }
  const bytes = new Uint8Array(compound.getByteLength());
  compound.serialize(bytes.buffer, 0);
  return bytes;
}

/** Reads what came to an RTCP port; null when it is no valid compound packet. Packets of no interest here are left out. Never throws. */
export function readRtcp(bytes: Uint8Array): readonly ReceivedRtcp[] | null {
  // RFC 3550 A.2: version 2, and an SR or RR first. RFC 5506 would allow less; it has to be negotiated, and we do not.
  if (bytes.length < 8 || ((bytes[0] as number) & 0xc0) !== 0x80 || (bytes[1] !== senderReportType && bytes[1] !== receiverReportType)) return null;
  try {
    const compound = new CompoundPacket(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return compound.getPackets().flatMap(received);
  } catch {
    // rtp.js throws on packets that are shorter than they say.
    return null;
  }
}

function senderReport({ ssrc, reception }: RtcpReport, sender: SenderInfo): SenderReportPacket {
  const packet = new SenderReportPacket();
  packet.setSsrc(ssrc);
  packet.setNtpSeconds(sender.ntp.seconds);
  packet.setNtpFraction(sender.ntp.fraction);
  packet.setRtpTimestamp(sender.rtpTimestamp >>> 0);
  packet.setPacketCount(sender.packets >>> 0);
  packet.setOctetCount(sender.octets >>> 0);
  if (reception !== null) packet.addReport(reportBlock(reception));
  return packet;
}

function receiverReport({ ssrc, reception }: RtcpReport): ReceiverReportPacket {
  const packet = new ReceiverReportPacket();
  packet.setSsrc(ssrc);
  if (reception !== null) packet.addReport(reportBlock(reception));
  return packet;
}

function reportBlock(reception: SentReceptionReport): RtcpReceptionReport {
  const block = new RtcpReceptionReport();
  block.setSsrc(reception.ssrc);
  block.setFractionLost(reception.fractionLost);
  block.setTotalLost(reception.cumulativeLost);
  block.setHighestSeqNumber(reception.extendedHighestSequence);
  block.setJitter(reception.jitter);
  block.setLastSRTimestamp(reception.lastSenderReport);
  block.setDelaySinceLastSR(reception.delaySinceLast);
  return block;
}

function received(packet: unknown): ReceivedRtcp[] {
  if (packet instanceof SenderReportPacket) {
    const ntp = { seconds: packet.getNtpSeconds(), fraction: packet.getNtpFraction() };
    const sender = { ntp, rtpTimestamp: packet.getRtpTimestamp(), packets: packet.getPacketCount(), octets: packet.getOctetCount() };
    return [{ type: 'senderReport', ssrc: packet.getSsrc(), sender, reports: packet.getReports().map(readBlock) }];
  }
  if (packet instanceof ReceiverReportPacket) return [{ type: 'receiverReport', ssrc: packet.getSsrc(), reports: packet.getReports().map(readBlock) }];
  if (packet instanceof ByePacket) return [{ type: 'bye', ssrcs: packet.getSsrcs() }];
  return [];
}

function readBlock(block: RtcpReceptionReport): SentReceptionReport {
  return {
    ssrc: block.getSsrc(),
    fractionLost: block.getFractionLost(),
    cumulativeLost: totalLost(block),
    extendedHighestSequence: block.getHighestSeqNumber(),
    jitter: block.getJitter(),
    lastSenderReport: block.getLastSRTimestamp(),
    delaySinceLast: block.getDelaySinceLastSR(),
  };
}

/** A signed 24-bit number (RFC 3550 6.4.1); rtp.js 0.15 reads only its lower 12 bits. */
function totalLost(block: RtcpReceptionReport): number {
  return (block.getView().getUint32(4) << 8) >> 8;
}

const senderReportType = 200;
const receiverReportType = 201;
