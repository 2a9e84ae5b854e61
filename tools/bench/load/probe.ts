import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { RunningPbx } from '../../testbed/pbx.ts';
import { quantile } from './calls-with-sipp.ts';

export interface ProbeFigures {
  readonly sent: number;
  readonly answered: number;
  /** Of the answers, how many were 503, and of these how many said when to come again. */
  readonly refused: number;
  readonly refusedWithRetryAfter: number;
  readonly p99AnswerMs: number;
}

/** Sends first requests without credentials from a port of its own, a few a second, and looks at each answer. Nothing is sent twice. */
export class Probe {
  readonly #socket: Socket;
  readonly #sending: NodeJS.Timeout;
  readonly #sentAt = new Map<string, number>();
  readonly #delays: number[] = [];
  #sent = 0;
  #refused = 0;
  #refusedWithRetryAfter = 0;

  static async start(pbx: RunningPbx, method: 'INVITE' | 'REGISTER', perSecond = 50): Promise<Probe> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1_000_000 });
    socket.bind(0, pbx.host);
    await once(socket, 'listening');
    return new Probe(socket, pbx, method, perSecond);
  }

  private constructor(socket: Socket, pbx: RunningPbx, method: string, perSecond: number) {
    this.#socket = socket;
    const { port } = socket.address();
    const user = pbx.devices[0]!.username;
    socket.on('message', (bytes) => this.#hear(bytes.toString('latin1')));
    this.#sending = setInterval(() => {
      this.#sent += 1;
      const callId = `probe-${port}-${this.#sent}`;
      this.#sentAt.set(callId, performance.now());
      const lines = [
        `${method} sip:${method === 'INVITE' ? `101@${pbx.host}` : pbx.host}:${pbx.ports.sip} SIP/2.0`, `Via: SIP/2.0/UDP ${pbx.host}:${port};branch=z9hG4bK${callId};rport`, 'Max-Forwards: 70',
        `From: <sip:${user}@${pbx.host}>;tag=p${this.#sent}`, `To: <sip:${user}@${pbx.host}>`, `Call-ID: ${callId}`, `CSeq: 1 ${method}`, `Contact: <sip:${user}@${pbx.host}:${port}>`, 'Content-Length: 0', '', '',
      ];
      socket.send(lines.join('\r\n'), pbx.ports.sip, pbx.host, () => {});
    }, 1000 / perSecond);
  }

  stop(): ProbeFigures {
    clearInterval(this.#sending);
    this.#socket.close();
    return {
      sent: this.#sent,
      answered: this.#delays.length,
      refused: this.#refused,
      refusedWithRetryAfter: this.#refusedWithRetryAfter,
      p99AnswerMs: quantile(this.#delays, 0.99),
    };
  }

  #hear(text: string): void {
    const callId = /^Call-ID: *(\S+)/im.exec(text)?.[1] ?? '';
    const sentAt = this.#sentAt.get(callId);
    // A final answer to an INVITE that nobody acknowledges comes again and again: the first counts.
    if (sentAt === undefined || text.startsWith('SIP/2.0 1')) return;
    this.#sentAt.delete(callId);
    this.#delays.push(performance.now() - sentAt);
    if (!text.startsWith('SIP/2.0 503')) return;
    this.#refused += 1;
    if (/^Retry-After: *\d/im.test(text)) this.#refusedWithRetryAfter += 1;
  }
}
