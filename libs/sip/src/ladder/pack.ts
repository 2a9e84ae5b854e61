import { decodeLatin1, encodeLatin1 } from '../message/latin1.ts';
import type { TransportName } from '../transport/flow.ts';
import type { CapturedLadder, CapturedMessage } from './captured-message.ts';
import { redact } from './redact.ts';

/**
 * A ladder as it is stored: a line that says what this is and how many are missing, then for each message a line of its facts and the message itself, secrets
 * crossed out. A person can read it as it is.
 *
 *     ladder 1 0
 *     1763900000000 1763900000500 2 received udp 192.0.2.1 5060 198.51.100.7 5062 412
 *     INVITE sip:102@…
 */
export function packLadder({ messages, omitted }: CapturedLadder): Uint8Array {
  const first = encodeLatin1(`ladder 1 ${omitted}\n`, 0);
  const heads = messages.map((message) => encodeLatin1(`${facts(message)}\n`, 0));
  const packed = new Uint8Array(messages.reduce((sum, { bytes }, index) => sum + bytes.length + heads[index]!.length + 1, first.length));
  packed.set(first);
  let at = first.length;
  for (const [index, { bytes }] of messages.entries()) {
    packed.set(heads[index]!, at);
    at += heads[index]!.length;
    packed.set(bytes, at);
    redact(packed.subarray(at, at + bytes.length));
    at += bytes.length;
    packed[at++] = LF;
  }
  return packed;
}

/** Undefined: not what `packLadder` made. */
export function unpackLadder(packed: Uint8Array): CapturedLadder | undefined {
  const [first, afterFirst] = lineAt(packed, 0);
  const [name, version, omitted] = first.split(' ');
  if (name !== 'ladder' || version !== '1') return undefined;
  const messages: CapturedMessage[] = [];
  for (let at = afterFirst; at < packed.length; ) {
    const [line, start] = lineAt(packed, at);
    const [began, lastAt, times, direction, transport, localAddress, localPort, address, port, length] = line.split(' ');
    const end = start + Number(length);
    if ((direction !== 'received' && direction !== 'sent') || !(end <= packed.length) || address === undefined) return undefined;
    messages.push({
      at: Number(began),
      lastAt: Number(lastAt),
      times: Number(times),
      direction,
      transport: transport as TransportName,
      local: localAddress === undefined || localAddress === NOWHERE ? null : { address: localAddress, port: Number(localPort) },
      remote: { address, port: Number(port) },
      bytes: packed.subarray(start, end),
    });
    at = end + 1;
  }
  return { messages, omitted: Number(omitted) };
}

function facts({ at, lastAt, times, direction, transport, local, remote, bytes }: CapturedMessage): string {
  return `${at} ${lastAt} ${times} ${direction} ${transport} ${local?.address ?? NOWHERE} ${local?.port ?? 0} ${remote.address} ${remote.port} ${bytes.length}`;
}

function lineAt(bytes: Uint8Array, at: number): [line: string, next: number] {
  const end = bytes.indexOf(LF, at);
  return end < 0 ? ['', bytes.length] : [decodeLatin1(bytes, at, end), end + 1];
}

const NOWHERE = '-';
const LF = 0x0a;
