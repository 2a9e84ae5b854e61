import type { CarriedMessage } from '@tipring/carrier-control';
import type { Hop } from '@tipring/sip';

/** The last messages that came and went, and how many requests of each method came. */
export class MessageLog {
  readonly #kept: CarriedMessage[] = [];
  readonly #received = new Map<string, number>();
  #number = 0;

  /** What the bytes begin with; undefined for what is no message. */
  note(way: CarriedMessage['way'], bytes: Uint8Array, hop: Hop): MessageHead | undefined {
    const head = headOf(bytes);
    if (head === undefined) return undefined;
    const { startLine, headers } = head;
    const [method = ''] = startLine.split(' ');
    if (way === 'received' && !startLine.startsWith('SIP/')) this.#received.set(method, (this.#received.get(method) ?? 0) + 1);
    this.#kept.push({ number: (this.#number += 1), at: Date.now(), way, ...peerOf(hop), startLine, headers });
    if (this.#kept.length > mostKept) this.#kept.shift();
    return head;
  }

  after(number: number): readonly CarriedMessage[] {
    return this.#kept.filter((one) => one.number > number);
  }

  get received(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#received);
  }
}

export interface MessageHead {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

function headOf(bytes: Uint8Array): MessageHead | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\r\n');
  if (startLine.length < 5) return undefined;
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  return { startLine, headers };
}

/** Of the first field of that name, long form. */
export function fieldOf(head: MessageHead, name: string): string | undefined {
  return head.headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

function peerOf(hop: Hop): Pick<CarriedMessage, 'transport' | 'peer'> {
  const { transport, address, port } = 'flow' in hop ? { transport: hop.flow.transport, ...hop.flow.remote } : hop;
  return { transport, peer: `${address}:${port}` };
}

const mostKept = 500;
