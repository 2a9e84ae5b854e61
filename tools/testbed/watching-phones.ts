import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createRequest, createResponse, DigestClient, nodeHashing, parseMessage, serialize, type SipMessage, type SipRequest, type SipResponse } from '@tipring/sip';
import { eachOf } from './each.ts';
import type { DemoDevice, RunningPbx } from './pbx.ts';

/** A lamp that changed: which telephone's, for whom, as the first dialog of the document has it. */
export type LampListener = (phone: number, watched: string, state: string, at: number) => void;

/** Telephones with a field of lamps, each on a UDP port of its own: they subscribe, take NOTIFYs and answer them. */
export class WatchingPhones {
  readonly #phones: readonly WatchingPhone[];

  static async start(pbx: RunningPbx, devices: readonly DemoDevice[], changed: LampListener): Promise<WatchingPhones> {
    return new WatchingPhones(await eachOf(devices, 50, (device, at) => WatchingPhone.start(pbx, device, (watched, state, when) => changed(at, watched, state, when))));
  }

  private constructor(phones: readonly WatchingPhone[]) {
    this.#phones = phones;
  }

  /** Each watches all of these; some telephones at a time, one key after the other, as they do when they are switched on. */
  async watch(watched: readonly string[], atOnce: number): Promise<void> {
    await eachOf(this.#phones, atOnce, async (phone) => {
      for (const number of watched) await phone.subscribe(number);
    });
  }

  /** What each telephone's lamp for this number shows. */
  lamps(watched: string): readonly (string | undefined)[] {
    return this.#phones.map((phone) => phone.lamps.get(watched));
  }

  /** What the first telephone was told of this number last, as it came. */
  document(watched: string): string {
    return this.#phones[0]?.documents.get(watched) ?? '';
  }

  /** NOTIFYs that came, without repetitions; repetitions; those out of order by their version. */
  get counts(): { readonly notifies: number; readonly repeated: number; readonly outOfOrder: number } {
    const sum = (read: (phone: WatchingPhone) => number): number => this.#phones.reduce((total, phone) => total + read(phone), 0);
    return { notifies: sum((phone) => phone.notifies), repeated: sum((phone) => phone.repeated), outOfOrder: sum((phone) => phone.outOfOrder) };
  }

  close(): void {
    for (const phone of this.#phones) phone.close();
  }
}

class WatchingPhone {
  readonly lamps = new Map<string, string>();
  readonly documents = new Map<string, string>();
  notifies = 0;
  repeated = 0;
  outOfOrder = 0;
  readonly #socket: Socket;
  readonly #pbx: RunningPbx;
  readonly #device: DemoDevice;
  readonly #digest: DigestClient;
  readonly #changed: (watched: string, state: string, at: number) => void;
  /** CSeq of the last NOTIFY of each dialog, and the version it told. */
  readonly #last = new Map<string, { readonly cseq: number; readonly version: number }>();
  #cseq = 0;
  #hear: (response: SipResponse) => void = () => {};
  #isChallenged = false;

  static async start(pbx: RunningPbx, device: DemoDevice, changed: (watched: string, state: string, at: number) => void): Promise<WatchingPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, pbx.host);
    await once(socket, 'listening');
    // As telephones have it that expect 50 NOTIFYs at a time.
    socket.setRecvBufferSize(1_048_576);
    return new WatchingPhone(socket, pbx, device, changed);
  }

  private constructor(socket: Socket, pbx: RunningPbx, device: DemoDevice, changed: (watched: string, state: string, at: number) => void) {
    this.#socket = socket;
    this.#pbx = pbx;
    this.#device = device;
    this.#changed = changed;
    this.#digest = new DigestClient([{ username: device.username, password: device.password }], nodeHashing, () => randomBytes(8).toString('hex'));
    socket.on('message', (bytes) => {
      const outcome = parseMessage(bytes, { source: { address: pbx.host, port: pbx.ports.sip } });
      if (!outcome.ok) return;
      if (outcome.message.kind === 'response') this.#hear(outcome.message);
      else this.#notified(outcome.message);
    });
  }

  /** @throws {Error} when it is refused for good */
  async subscribe(number: string): Promise<void> {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const response = await this.#ask(number);
      if (response.status === 200) return;
      if (response.status === 401 && this.#digest.challenged(response) === 'retry') {
        this.#isChallenged = true;
        continue;
      }
      if (response.status !== 503) throw new Error(`${this.#device.username} may not watch ${number}: ${response.status}`);
      await new Promise((resume) => setTimeout(resume, 500));
    }
    throw new Error(`${this.#device.username} cannot watch ${number}`);
  }

  close(): void {
    this.#socket.close();
  }

  #ask(number: string): Promise<SipResponse> {
    const { address, port } = this.#socket.address();
    const uri = `sip:${number}@${this.#pbx.host}:${this.#pbx.ports.sip}`;
    const callId = `${number}-${port}`;
    const cseq = (this.#cseq += 1);
    const request = createRequest({
      method: 'SUBSCRIBE', uri,
      headers: [
        ['Via', `SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${randomBytes(8).toString('hex')};rport`], ['Max-Forwards', '70'],
        ['From', `<sip:${this.#device.username}@${this.#pbx.host}>;tag=${port}`], ['To', `<${uri}>`], ['Call-ID', callId], ['CSeq', `${cseq} SUBSCRIBE`],
        ['Contact', `<sip:${this.#device.username}@${address}:${port}>`], ['Event', 'dialog'], ['Accept', 'application/dialog-info+xml'], ['Expires', '3600'],
        ...(this.#isChallenged ? this.#digest.authorize('SUBSCRIBE', uri) : []),
      ],
    });
    const bytes = serialize(request);
    return new Promise((resolve) => {
      const send = (): void => this.#socket.send(bytes, this.#pbx.ports.sip, this.#pbx.host);
      const again = setInterval(send, 500);
      this.#hear = (response) => {
        if (response.callId !== callId || response.cseq.number !== cseq) return;
        clearInterval(again);
        resolve(response);
      };
      send();
    });
  }

  #notified(notify: SipRequest): void {
    const at = performance.now();
    this.#send(createResponse(notify, 200));
    const last = this.#last.get(notify.callId);
    const { number } = notify.cseq;
    if (last !== undefined && number <= last.cseq) {
      this.repeated += 1;
      return;
    }
    this.notifies += 1;
    const body = Buffer.from(notify.body).toString();
    const version = Number(/version="(\d+)"/.exec(body)?.[1]);
    if (version !== (last?.version ?? -1) + 1) this.outOfOrder += 1;
    this.#last.set(notify.callId, { cseq: number, version });
    const watched = notify.callId.slice(0, notify.callId.indexOf('-'));
    const state = /<state>(\w+)<\/state>/.exec(body)?.[1] ?? '';
    this.lamps.set(watched, state);
    this.documents.set(watched, body);
    this.#changed(watched, state, at);
  }

  #send(message: SipMessage): void {
    this.#socket.send(serialize(message), this.#pbx.ports.sip, this.#pbx.host);
  }
}
