import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';

/** For tests: what a zone answers, by `TYPE name`. `fail` answers SERVFAIL, `mute` nothing; what is not listed does not exist. */
export type Zone = Readonly<Record<string, readonly ZoneRecord[] | 'fail' | 'mute'>>;

export type ZoneRecord =
  | { readonly type: 'A'; readonly bytes: readonly number[]; readonly ttlS?: number }
  | { readonly type: 'AAAA'; readonly bytes: readonly number[]; readonly ttlS?: number }
  | { readonly type: 'SRV'; readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  | { readonly type: 'NAPTR'; readonly order: number; readonly preference: number; readonly flags: string; readonly service: string; readonly replacement: string };

/** A DNS server (RFC 1035) on loopback that speaks from one zone. */
export class DnsResponder {
  /** What was asked, in order, as `TYPE name`. */
  readonly asked: string[] = [];
  readonly #socket: Socket;
  #zone: Zone;

  static start(zone: Zone): Promise<DnsResponder> {
    const socket = createSocket('udp4');
    return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(new DnsResponder(socket, zone))));
  }

  private constructor(socket: Socket, zone: Zone) {
    this.#socket = socket;
    this.#zone = zone;
    socket.on('message', (query, { port, address }) => {
      const answer = this.#answer(query);
      if (answer !== undefined) socket.send(answer, port, address);
    });
  }

  get server(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  become(zone: Zone): void {
    this.#zone = zone;
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(query: Buffer): Buffer | undefined {
    let at = 12;
    const labels: string[] = [];
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = TYPE_NAMES[query.readUInt16BE(at + 1)] ?? 'OTHER';
    const key = `${type} ${labels.join('.')}`;
    this.asked.push(key);
    const found = this.#zone[key] ?? [];
    if (found === 'mute') return undefined;
    const records = found === 'fail' ? [] : found;
    const code = found === 'fail' ? SERVFAIL : records.length === 0 ? NXDOMAIN : 0;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8580 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, query.subarray(12, at + 5), ...records.map(encoded)]);
  }
}

function encoded(record: ZoneRecord): Buffer {
  const data = dataOf(record);
  const head = Buffer.alloc(12);
  // The owner is the name in the question (RFC 1035 4.1.4).
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(TYPES[record.type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE('ttlS' in record ? (record.ttlS ?? 60) : 60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(record: ZoneRecord): Buffer {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return Buffer.from(record.bytes);
    case 'SRV':
      return Buffer.concat([words(record.priority, record.weight, record.port), nameOf(record.target)]);
    case 'NAPTR': {
      const strings = [record.flags, record.service, ''].map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]));
      return Buffer.concat([words(record.order, record.preference), ...strings, nameOf(record.replacement)]);
    }
  }
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => bytes.writeUInt16BE(value, i * 2));
  return bytes;
}

function nameOf(name: string): Buffer {
  const labels = name.split('.').filter(Boolean);
  return Buffer.concat([...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])]);
}

const TYPES = { A: 1, AAAA: 28, SRV: 33, NAPTR: 35 } as const;
const TYPE_NAMES: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA', 33: 'SRV', 35: 'NAPTR' };
const SERVFAIL = 2;
const NXDOMAIN = 3;
