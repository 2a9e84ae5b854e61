import { connect, type Socket } from 'node:net';
import { eachOf, pause } from '../../testbed/each.ts';
import type { RunningPbx } from '../../testbed/pbx.ts';
import { quantile } from './calls-with-sipp.ts';

export interface ConnectionFigures {
  readonly opened: number;
  /** Those whose request was answered. */
  readonly answered: number;
  readonly answeredPerSecond: number;
  readonly p99AnswerMs: number;
}

/** Opens connections at a rate, from many addresses; each asks once by OPTIONS and closes. */
export async function openAndAsk(pbx: RunningPbx, perSecond: number, seconds: number): Promise<ConnectionFigures> {
  const began = performance.now();
  const asking: Promise<number | undefined>[] = [];
  while (asking.length < perSecond * seconds) {
    const at = asking.length;
    const wait = began + (at * 1000) / perSecond - performance.now();
    if (wait > 1) await pause(wait);
    asking.push(ask(pbx, `127.0.2.${1 + (at % 250)}`, at));
  }
  const delays = (await Promise.all(asking)).filter((delay) => delay !== undefined);
  const elapsed = (performance.now() - began) / 1000;
  return { opened: asking.length, answered: delays.length, answeredPerSecond: delays.length / elapsed, p99AnswerMs: quantile(delays, 0.99) };
}

export interface SlowFigures {
  readonly opened: number;
  /** Closed by the PBX while we waited. */
  readonly closed: number;
  readonly longestLifeS: number;
  /** What another client's request took meanwhile; undefined when it got no answer. */
  readonly answerMeanwhileMs: number | undefined;
}

/** Half of them say nothing, half a byte a second. Waits until the PBX has closed all, or the time is over. */
export async function openAndDawdle(pbx: RunningPbx, count: number, timeoutMs: number): Promise<SlowFigures> {
  const lives: number[] = [];
  const sockets = await eachOf(Array.from({ length: count }), 100, async (_, at) => {
    const socket = connect({ host: pbx.host, port: pbx.ports.sip, localAddress: `127.0.3.${1 + (at % 250)}` });
    const opened = performance.now();
    socket.on('close', () => lives.push(performance.now() - opened));
    socket.on('error', () => {});
    await new Promise<void>((resolve) => socket.once('connect', resolve).once('close', () => resolve()));
    return socket;
  });
  const request = `OPTIONS sip:${pbx.host} SIP/2.0\r\nSubject: ${'x'.repeat(1000)}`;
  let said = 0;
  const speaking = setInterval(() => {
    for (let at = 0; at < sockets.length; at += 2) if (!sockets[at]!.destroyed) sockets[at]!.write(request[said % request.length]!);
    said += 1;
  }, 1000);
  const answerMeanwhileMs = await ask(pbx, '127.0.2.251', -1);
  for (const end = performance.now() + timeoutMs; lives.length < count && performance.now() < end; ) await pause(100);
  clearInterval(speaking);
  const closed = lives.length;
  for (const socket of sockets) socket.destroy();
  return { opened: count, closed, longestLifeS: Math.max(0, ...lives.slice(0, closed)) / 1000, answerMeanwhileMs };
}

/** @returns how long the answer took, the connection included; undefined when none came within five seconds */
function ask(pbx: RunningPbx, localAddress: string, n: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket: Socket = connect({ host: pbx.host, port: pbx.ports.sip, localAddress });
    const finish = (delay: number | undefined) => {
      socket.destroy();
      resolve(delay);
    };
    socket.setTimeout(5_000, () => finish(undefined));
    socket.on('error', () => finish(undefined));
    socket.on('close', () => resolve(undefined));
    socket.on('data', () => finish(performance.now() - began));
    socket.on('connect', () => {
      const lines = [
        `OPTIONS sip:${pbx.host} SIP/2.0`, `Via: SIP/2.0/TCP ${localAddress}:${socket.localPort};branch=z9hG4bKtcp${n};rport`, 'Max-Forwards: 70', `From: <sip:tcp@${localAddress}>;tag=t${n}`,
        `To: <sip:${pbx.host}>`, `Call-ID: tcp-${n}-${socket.localPort}`, 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', '',
      ];
      socket.write(lines.join('\r\n'));
    });
  });
}
