export { JitterBuffer, type JitterBufferSettings, type Pulled } from './jitter-buffer.ts';
export { estimateMos, type StreamQuality } from './mos.ts';
export { middleBits, ntpOfUnixMs, type NtpTime, roundTripMs } from './ntp.ts';
export {
  markerOf,
  packetKind,
  type PacketKind,
  payloadLength,
  payloadOffset,
  payloadTypeOf,
  rewriteHeader,
  rtpHeaderLength,
  sequenceDistance,
  sequenceOf,
  ssrcOf,
  timestampOf,
  writeHeader,
} from './packet.ts';
export { Reception, type ReceptionReport } from './reception.ts';
export { readRtcp, type ReceivedRtcp, type RtcpReport, type SenderInfo, type SentReceptionReport, writeRtcp } from './rtcp.ts';
export { rtcpIntervalMs } from './rtcp-interval.ts';
export { digitOfEvent, eventOfDigit, type HeardEvent, telephoneEventLength, TelephoneEventReader, TelephoneEventWriter } from './telephone-event.ts';
