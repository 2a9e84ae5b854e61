import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createRequest, DigestClient, nodeHashing, parseMessage, serialize, type SipResponse } from '@tipring/sip';
import { eachOf, pause } from '../../testbed/each.ts';
import type { DemoDevice, RunningPbx } from '../../testbed/pbx.ts';

/** Creates devices over the REST API, spread over the demo office's extensions. */
export async function createDevices(pbx: RunningPbx, count: number): Promise<DemoDevice[]> {
  const { items } = await pbx.api<{ items: { id: string; number: string }[] }>('GET', '/extensions?limit=50');
  return await eachOf(Array.from({ length: count }), 16, async (_, at) => {
    const extension = items[at % items.length]!;
    const username = `phone-${at}`;
    const { credentials } = await pbx.api<{ credentials: { password: string; realm: string } }>('POST', '/devices', { key: username, extensionId: extension.id, displayName: `Phone ${at}`, username });
    return { extension: extension.number, username, ...credentials };
  });
}

/** Phones that do nothing but register, each on a UDP port of its own. */
export class ManyPhones {
  readonly #phones: readonly RegisteringPhone[];

  static async start(pbx: RunningPbx, devices: readonly DemoDevice[]): Promise<ManyPhones> {
    return new ManyPhones(await eachOf(devices, 100, (device) => RegisteringPhone.start(pbx, device)));
  }

  private constructor(phones: readonly RegisteringPhone[]) {
    this.#phones = phones;
  }

  /** The phones from the n-th on register anew, or for the first time. @throws {Error} when one cannot */
  async register(ratePerS: number, from = 0, to = this.#phones.length): Promise<void> {
    const began = performance.now();
    const registering: Promise<void>[] = [];
    for (let at = from; at < to; at += 1) {
      const wait = began + ((at - from) * 1000) / ratePerS - performance.now();
      if (wait > 1) await pause(wait);
      registering.push(this.#phones[at]!.register());
    }
    await Promise.all(registering);
  }

  close(): void {
    for (const phone of this.#phones) phone.close();
  }
}

class RegisteringPhone {
  readonly #socket: Socket;
  readonly #pbx: RunningPbx;
  readonly #device: DemoDevice;
  readonly #digest: DigestClient;
  #cseq = 0;
  #hear: (response: SipResponse) => void = () => {};
  #challenged = false;

  static async start(pbx: RunningPbx, device: DemoDevice): Promise<RegisteringPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, pbx.host);
    await once(socket, 'listening');
    return new RegisteringPhone(socket, pbx, device);
  }

  private constructor(socket: Socket, pbx: RunningPbx, device: DemoDevice) {
    this.#socket = socket;
    this.#pbx = pbx;
    this.#device = device;
    this.#digest = new DigestClient([{ username: device.username, password: device.password }], nodeHashing, () => randomBytes(8).toString('hex'));
    socket.on('message', (bytes) => {
      const outcome = parseMessage(bytes, { source: { address: pbx.host, port: pbx.ports.sip } });
      if (outcome.ok && outcome.message.kind === 'response') this.#hear(outcome.message);
    });
  }

  async register(): Promise<void> {
    // The nonce of the last time may have run out: then there is one more challenge. A PBX that is full says when to come again.
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const response = await this.#send();
      if (response.status === 200) return;
      if (response.status === 503) {
        await pause(1000 * Number(response.headers.get('Retry-After') ?? 1));
        continue;
      }
      if (response.status !== 401 || this.#digest.challenged(response) === 'refused') throw new Error(`${this.#device.username} was not registered: ${response.status}`);
      this.#challenged = true;
    }
    throw new Error(`${this.#device.username} was put off again and again`);
  }

  close(): void {
    this.#socket.close();
  }

  #send(): Promise<SipResponse> {
    const { host, ports } = this.#pbx;
    const { username } = this.#device;
    const { port } = this.#socket.address();
    const uri = `sip:${host}:${ports.sip}`;
    const cseq = (this.#cseq += 1);
    const request = createRequest({
      method: 'REGISTER',
      uri,
      headers: [
        ['Via', `SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${port}-${cseq};rport`],
        ['Max-Forwards', '70'],
        ['From', `<sip:${username}@${host}>;tag=${port}`],
        ['To', `<sip:${username}@${host}>`],
        ['Call-ID', `many-${username}`],
        ['CSeq', `${cseq} REGISTER`],
        ['Contact', `<sip:${username}@${host}:${port}>`],
        ['Expires', '3600'],
        ['User-Agent', 'Tipring bench phone'],
        ...(this.#challenged ? this.#digest.authorize('REGISTER', uri) : []),
      ],
    });
    const bytes = serialize(request);
    return new Promise((resolve, reject) => {
      let sendings = 0;
      const send = () => {
        if ((sendings += 1) > 10) {
          clearInterval(again);
          return reject(new Error(`${username} got no answer`));
        }
        this.#socket.send(bytes, ports.sip, host, () => {});
      };
      const again = setInterval(send, 500);
      this.#hear = (response) => {
        if (response.cseq.number !== cseq || response.status < 200) return;
        clearInterval(again);
        resolve(response);
      };
      send();
    });
  }
}
