import type { PayloadCodec, RemoteMedia } from '@tipring/gateway';
import { isIPv6, SocketAddress } from 'node:net';
import { payloadKind, type PlaneCodec, type PlaneRemote } from './worker/media-plane.ts';

/** What a worker has to know of a far end. */
export function planeRemote({ rtp, rtcp, rtcpMux = false, codecs, multicastTtl = 1 }: RemoteMedia): PlaneRemote {
  const address = sendable(rtp.address);
  const codecList = codecs.map(planeCodec);
  const rtcpAddress = rtcpMux ? null : rtcp === undefined ? address : sendable(rtcp.address);
  return { address, port: rtp.port, rtcpAddress, rtcpPort: rtcp?.port ?? Math.min(65_535, rtp.port + 1), rtcpMux, codecs: codecList, multicastTtl };
}

export function isAudio({ name }: PayloadCodec): boolean {
  return kinds[name.toLowerCase()] === undefined;
}

function planeCodec({ payloadType, name, clockRate }: PayloadCodec): PlaneCodec {
  return { payloadType, clockRate, kind: kinds[name.toLowerCase()] ?? payloadKind.audio };
}

/** As the worker's sockets write addresses, so that it can compare them as text; null for none (RFC 2543's hold by 0.0.0.0). */
function sendable(address: string): string | null {
  if (address === '0.0.0.0' || address === '::') return null;
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

const kinds: Readonly<Record<string, number | undefined>> = { 'telephone-event': payloadKind.telephoneEvent, cn: payloadKind.comfortNoise };
