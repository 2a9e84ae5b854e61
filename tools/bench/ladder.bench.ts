import { nodeTimers } from '@tipring/clock';
import { bufferLatin1, type Flow, LadderCloser, Ladders, packLadder, useLatin1 } from '@tipring/sip';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'SIP ladders: what it costs to keep every message of every call';
export const explains =
  'Two-legged calls of 26 messages as a PBX in the middle sees them (13 each way, 0.4 to 1.2 KB, none the same as another): found by Call-ID, kept, closed, packed for the database. ' +
  'Target: keeping them 2 % of a call of the whole PBX, which takes about 1 ms of CPU: 20 µs. Packing is done after the call, one at a time, and is told by itself.';
export const options = { calls: { default: 100_000, explains: 'calls' }, open: { default: 1_000, explains: 'calls that are up at the same time' } };

export async function run(context: BenchContext): Promise<Figures> {
  useLatin1(bufferLatin1);
  const [calls, open] = [context.number('calls'), context.number('open')];
  const flows = [flowTo('198.51.100.7'), flowTo('198.51.100.8')] as const;
  // Made before the clock runs: in a PBX they come out of a socket.
  const batch = 2_000;
  const pass = (count: number): { keepUs: number; packUs: number; bytes: number } => {
    const ladders = new Ladders();
    const timers = nodeTimers();
    let packedBytes = 0;
    let packMs = 0;
    const closer = new LadderCloser(ladders, timers, ({ ladder }) => {
      const began = cpuMs();
      packedBytes += packLadder(ladder).length;
      packMs += cpuMs() - began;
    });
    let keepMs = 0;
    const up: { id: string; callIds: string[] }[] = [];
    for (let first = 0; first < count; first += batch) {
      const scripts = Array.from({ length: Math.min(batch, count - first) }, (_, index) => script(first + index));
      const began = cpuMs();
      for (const { id, callIds, messages } of scripts) {
        for (const { bytes, received, leg } of messages) {
          if (received) ladders.received(bytes, flows[leg]!, first);
          else ladders.sent(bytes, { flow: flows[leg]! }, first);
        }
        up.push({ id, callIds });
      }
      keepMs += cpuMs() - began;
      while (up.length > open) {
        const { id, callIds } = up.shift()!;
        closer.ended(id, first, callIds, false);
      }
      closer.flush();
    }
    timers.close();
    return { keepUs: (keepMs * 1000) / count, packUs: (packMs * 1000) / (count - up.length), bytes: packedBytes / (count - up.length) };
  };
  context.progress('warming up');
  pass(Math.min(calls, 10_000));
  context.progress(`${calls} calls`);
  const { keepUs, packUs, bytes } = pass(calls);
  context.table([['CPU µs of a two-legged call', ''], ['kept', keepUs.toFixed(1)], ['target', 20], ['packed', packUs.toFixed(1)], ['bytes packed', Math.round(bytes)]]);
  return { keepUsPerCall: Math.round(keepUs * 10) / 10, packUsPerCall: Math.round(packUs * 10) / 10, storedBytesPerCall: Math.round(bytes) };
}

interface Scripted {
  readonly bytes: Uint8Array;
  readonly received: boolean;
  readonly leg: 0 | 1;
}

function script(n: number): { id: string; callIds: string[]; messages: readonly Scripted[] } {
  const callIds = [`${n.toString(36)}-3f81d4fae7dec11@198.51.100.7`, `${n.toString(36)}-b2bua-8f2e@192.0.2.1`];
  const messages = ([0, 1] as const).flatMap((leg) =>
    shapes.map(([start, body], index): Scripted => ({ leg, received: (index + leg) % 2 === 0, bytes: Buffer.from(message(start, callIds[leg]!, index, body)) })),
  );
  return { id: `cal_${n}`, callIds, messages };
}

const sdp = ['v=0', 'o=- 1 1 IN IP4 198.51.100.7', 's=-', 'c=IN IP4 198.51.100.7', 't=0 0', 'm=audio 40000 RTP/AVP 9 8 0 101', ...['9 G722/8000', '8 PCMA/8000', '0 PCMU/8000', '101 telephone-event/8000'].map((map) => `a=rtpmap:${map}`), 'a=sendrecv', ''].join('\r\n');
const shapes: readonly (readonly [start: string, body: string])[] = [
  ['INVITE sip:102@192.0.2.1 SIP/2.0', sdp], ['SIP/2.0 401 Unauthorized', ''], ['ACK sip:102@192.0.2.1 SIP/2.0', ''], ['INVITE sip:102@192.0.2.1;x SIP/2.0', sdp], ['SIP/2.0 100 Trying', ''],
  ['SIP/2.0 180 Ringing', ''], ['SIP/2.0 200 OK', sdp], ['ACK sip:102@192.0.2.1;x SIP/2.0', ''], ['INVITE sip:102@192.0.2.1;y SIP/2.0', sdp], ['SIP/2.0 200 Fine', sdp], ['ACK sip:102@192.0.2.1;y SIP/2.0', ''],
  ['BYE sip:102@192.0.2.1 SIP/2.0', ''], ['SIP/2.0 200 Bye', ''],
];

/** With everything a phone writes before Call-ID. */
function message(start: string, callId: string, index: number, body: string): string {
  return [
    start, `Via: SIP/2.0/UDP 198.51.100.7:5062;rport;branch=z9hG4bK-${index}-${callId}`, 'Max-Forwards: 70', 'Route: <sip:192.0.2.1;lr>', 'From: "Anna Maria" <sip:101@192.0.2.1>;tag=as7d8f6a',
    'To: <sip:102@192.0.2.1>;tag=b0b5', 'Contact: <sip:101@198.51.100.7:5062>', `Call-ID: ${callId}`, `CSeq: ${100 + index} INVITE`, 'User-Agent: Bench 1.0',
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, MESSAGE', ...(body === '' ? [] : ['Content-Type: application/sdp']), `Content-Length: ${body.length}`, '', body,
  ].join('\r\n');
}

function flowTo(address: string): Flow {
  return { id: address, transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address, port: 5062 } };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
