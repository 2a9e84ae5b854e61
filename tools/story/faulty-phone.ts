import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { DemoDevice } from '../testbed/pbx.ts';

/** What is wrong with a phone; a phone without any of these is in order. */
export interface Faults {
  /** The address it names in its SDP, Via and Contact: behind NAT, that of its own network. */
  readonly address?: string;
  /** Of its SDP alone. */
  readonly mediaAddress?: string;
  /** `lossy`: every tenth packet is missing; `uneven`: each is up to 250 ms late; `foreign`: of a payload type that nobody agreed on. */
  readonly rtp?: 'even' | 'none' | 'lossy' | 'uneven' | 'foreign';
  /** RTP from another port than its SDP names. */
  readonly otherPort?: boolean;
  /** m= formats with their rtpmap. */
  readonly codecs?: readonly (readonly [payloadType: number, rtpmap: string])[];
  /** To an INVITE: an answer, a refusal, or nothing. */
  readonly answers?: 'answer' | 'ring' | 'nothing' | number;
  readonly acknowledges?: boolean;
}

/** One SIP phone on sockets of its own, written out message by message, so that it can do wrong what phones and networks do wrong. One call at a time. */
export class FaultyPhone {
  readonly device: DemoDevice;
  faults: Faults = {};
  /** Status of the last final response to its INVITE. */
  outcome: Promise<number> = Promise.resolve(0);
  callId = '';
  received = 0;
  readonly #pbx: { readonly host: string; readonly port: number };
  readonly #sip: Socket;
  readonly #rtp: Socket;
  readonly #other: Socket;
  readonly #tag = randomBytes(4).toString('hex');
  #cseq = 1;
  #isGone = false;
  #isUp = false;
  #streaming: NodeJS.Timeout | undefined;
  #remoteMedia: { readonly address: string; readonly port: number } | undefined;
  #heard: ((message: string) => void)[] = [];
  /** Of the call: To with its tag, the target, what came as INVITE. */
  #dialog: { readonly from: string; readonly to: string; readonly target: string } | undefined;
  #ended: () => void = () => {};
  /** Resolves when the other side has hung up. */
  ended: Promise<void> = new Promise(() => {});

  static async start(device: DemoDevice, pbx: { readonly host: string; readonly port: number }, host = '127.0.0.1'): Promise<FaultyPhone> {
    const sockets = [createSocket('udp4'), createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, host);
      await once(socket, 'listening');
    }
    return new FaultyPhone(device, pbx, ...sockets);
  }

  private constructor(device: DemoDevice, pbx: { readonly host: string; readonly port: number }, sip: Socket, rtp: Socket, other: Socket) {
    this.device = device;
    this.#pbx = pbx;
    this.#sip = sip;
    this.#rtp = rtp;
    this.#other = other;
    sip.on('message', (bytes) => this.#receive(bytes.toString('latin1')));
    rtp.on('message', () => (this.received += 1));
    other.on('message', () => (this.received += 1));
  }

  get rtpPort(): number {
    return this.#rtp.address().port;
  }

  async register(): Promise<void> {
    const uri = `sip:${this.#pbx.host}`;
    const to = `<sip:${this.device.username}@${this.#pbx.host}>`;
    const request = (credentials: readonly string[]): string =>
      this.#message(`REGISTER ${uri} SIP/2.0`, [`From: ${to};tag=${this.#tag}`, `To: ${to}`, `Call-ID: reg-${this.#tag}`, `CSeq: ${this.#cseq++} REGISTER`, `Contact: ${this.#realContact}`, 'Expires: 600', ...credentials]);
    const challenge = await this.#ask(request([]), /^SIP\/2\.0 401/);
    await this.#ask(request([this.#authorization(challenge, 'REGISTER', uri)]), /^SIP\/2\.0 200/);
  }

  /** Resolves when the call has been answered or refused: with the status. */
  async call(number: string): Promise<number> {
    this.#begin(`call-${randomBytes(6).toString('hex')}`);
    const uri = `sip:${number}@${this.#pbx.host}`;
    const [from, to] = [`<sip:${this.device.username}@${this.#pbx.host}>;tag=${this.#tag}`, `<${uri}>`];
    const request = (cseq: number, credentials: readonly string[]): string =>
      this.#message(`INVITE ${uri} SIP/2.0`, [`From: ${from}`, `To: ${to}`, `Call-ID: ${this.callId}`, `CSeq: ${cseq} INVITE`, `Contact: ${this.#contact}`, 'Content-Type: application/sdp', ...credentials], this.#sdp());
    const final = /^SIP\/2\.0 [2-6]\d\d/;
    const challenge = await this.#ask(request(1, []), final);
    this.#sendRaw(this.#message(`ACK ${uri} SIP/2.0`, [`From: ${from}`, `To: ${field(challenge, 'To')}`, `Call-ID: ${this.callId}`, 'CSeq: 1 ACK'], '', branchOf(field(challenge, 'Via'))));
    const answer = await this.#ask(request(2, [this.#authorization(challenge, 'INVITE', uri)]), final);
    const status = Number(answer.slice(8, 11));
    this.#dialog = { from, to: field(answer, 'To'), target: /<([^>]+)>/.exec(field(answer, 'Contact'))?.[1] ?? uri };
    this.#cseq = 3;
    if (status >= 300) this.#sendRaw(this.#message(`ACK ${uri} SIP/2.0`, [`From: ${from}`, `To: ${field(answer, 'To')}`, `Call-ID: ${this.callId}`, 'CSeq: 2 ACK'], '', branchOf(field(answer, 'Via'))));
    else {
      this.#acknowledge();
      this.#stream(answer);
    }
    return status;
  }

  hangUp(): void {
    const { from, to, target } = this.#dialog!;
    this.#isUp = false;
    clearInterval(this.#streaming);
    this.#sendRaw(this.#message(`BYE ${target} SIP/2.0`, [`From: ${from}`, `To: ${to}`, `Call-ID: ${this.callId}`, `CSeq: ${this.#cseq++} BYE`]));
  }

  /** Its plug is pulled. */
  vanish(): void {
    this.#isGone = true;
    this.#isUp = false;
    clearInterval(this.#streaming);
  }

  /** Its plug is in again. */
  return(): void {
    this.#isGone = false;
  }

  close(): void {
    this.#isGone = true;
    clearInterval(this.#streaming);
    for (const socket of [this.#sip, this.#rtp, this.#other]) socket.close();
  }

  #begin(callId: string): void {
    this.callId = callId;
    this.received = 0;
    this.#dialog = undefined;
    this.ended = new Promise((resolve) => (this.#ended = resolve));
  }

  #acknowledge(): void {
    if (this.faults.acknowledges === false || this.#isGone) return;
    const { from, to, target } = this.#dialog!;
    this.#sendRaw(this.#message(`ACK ${target} SIP/2.0`, [`From: ${from}`, `To: ${to}`, `Call-ID: ${this.callId}`, 'CSeq: 2 ACK']));
  }

  #receive(message: string): void {
    if (this.#isGone) return;
    if (message.startsWith('SIP/2.0 ')) {
      // Each 200 is acknowledged (RFC 3261 13.2.2.4).
      if (this.#dialog !== undefined && /^SIP\/2\.0 200/.test(message) && field(message, 'CSeq') === '2 INVITE' && field(message, 'Call-ID') === this.callId) this.#acknowledge();
      return this.#heard.forEach((hear) => hear(message));
    }
    const [method = ''] = message.split(' ', 1);
    if (method === 'INVITE') return this.#invited(message);
    if (method === 'ACK') return;
    if (method === 'BYE') {
      this.#respond(message, '200 OK');
      // Of a call before it vanished, perhaps.
      if (field(message, 'Call-ID') !== this.callId) return;
      clearInterval(this.#streaming);
      this.#isUp = false;
      return this.#ended();
    }
    if (method === 'CANCEL') {
      this.#respond(message, '200 OK');
      return;
    }
    this.#respond(message, '200 OK');
  }

  #invited(invite: string): void {
    const { answers = 'answer' } = this.faults;
    if (answers === 'nothing') return;
    const isAgain = this.callId === field(invite, 'Call-ID');
    // Of a call that was never answered, and is still repeated.
    if (!isAgain && this.#isUp) return this.#respond(invite, '486 Busy Here');
    if (!isAgain) this.#begin(field(invite, 'Call-ID'));
    if (typeof answers === 'number') return this.#respond(invite, `${answers} No`, answers === 401 ? ['WWW-Authenticate: Digest realm="elsewhere", nonce="n", algorithm=MD5'] : []);
    this.#respond(invite, '180 Ringing');
    if (answers === 'ring' || isAgain) return;
    this.#dialog = { from: `${field(invite, 'To')};tag=${this.#tag}`, to: field(invite, 'From'), target: /<([^>]+)>/.exec(field(invite, 'Contact'))?.[1] ?? '' };
    this.#respond(invite, '200 OK', ['Content-Type: application/sdp'], this.#sdp());
    this.#stream(invite);
  }

  #respond(request: string, status: string, headers: readonly string[] = [], body = ''): void {
    const to = field(request, 'To');
    const lines = [
      `SIP/2.0 ${status}`, ...fields(request, 'Via').map((via) => `Via: ${via}`), `From: ${field(request, 'From')}`, `To: ${to.includes('tag=') ? to : `${to};tag=${this.#tag}`}`, `Call-ID: ${field(request, 'Call-ID')}`,
      `CSeq: ${field(request, 'CSeq')}`, `Contact: ${this.#contact}`, ...headers, `Content-Length: ${body.length}`, '', body,
    ];
    this.#sendRaw(lines.join('\r\n'));
  }

  /** Sent again every 500 ms until that comes. */
  #ask(request: string, wanted: RegExp): Promise<string> {
    const [cseq, callId] = [field(request, 'CSeq'), field(request, 'Call-ID')];
    return new Promise((resolve) => {
      this.#sendRaw(request);
      const again = setInterval(() => this.#sendRaw(request), 500);
      const hear = (message: string): void => {
        if (field(message, 'CSeq') !== cseq || field(message, 'Call-ID') !== callId) return;
        clearInterval(again);
        if (!wanted.test(message)) return;
        this.#heard = this.#heard.filter((one) => one !== hear);
        resolve(message);
      };
      this.#heard.push(hear);
    });
  }

  #sendRaw(message: string): void {
    if (!this.#isGone) this.#sip.send(Buffer.from(message, 'latin1'), this.#pbx.port, this.#pbx.host);
  }

  #message(start: string, headers: readonly string[], body = '', branch = `z9hG4bK${randomBytes(6).toString('hex')}`): string {
    const { address, port } = this.#named;
    return [start, `Via: SIP/2.0/UDP ${address}:${port};rport;branch=${branch}`, 'Max-Forwards: 70', ...headers, 'User-Agent: faulty', `Content-Length: ${body.length}`, '', body].join('\r\n');
  }

  get #named(): { readonly address: string; readonly port: number } {
    const { address, port } = this.#sip.address();
    return { address: this.faults.address ?? address, port };
  }

  get #contact(): string {
    return `<sip:${this.device.username}@${this.#named.address}:${this.#named.port}>`;
  }

  get #realContact(): string {
    const { address, port } = this.#sip.address();
    return `<sip:${this.device.username}@${address}:${port}>`;
  }

  #sdp(): string {
    const address = this.faults.mediaAddress ?? this.#named.address;
    const codecs = this.faults.codecs ?? [[0, 'PCMU/8000'], [8, 'PCMA/8000'], [101, 'telephone-event/8000']];
    return [
      'v=0', `o=- 1 1 IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0', `m=audio ${this.rtpPort} RTP/AVP ${codecs.map(([type]) => type).join(' ')}`,
      ...codecs.map(([type, map]) => `a=rtpmap:${type} ${map}`), 'a=sendrecv', '',
    ].join('\r\n');
  }

  #authorization(challenge: string, method: string, uri: string): string {
    const value = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const { username, password } = this.device;
    const [nonce, realm, cnonce] = [value('nonce'), value('realm'), 'c'];
    const response = md5(`${md5(`${username}:${realm}:${password}`)}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
    return `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"`;
  }

  /** Plays to where a description wants it. */
  #stream(description: string): void {
    this.#isUp = true;
    const address = /^c=IN IP4 (\S+)/m.exec(description)?.[1] ?? this.#pbx.host;
    const port = Number(/^m=audio (\d+) RTP\/AVP (\d+)/m.exec(description)?.[1]);
    const offered = Number(/^m=audio \d+ RTP\/AVP (\d+)/m.exec(description)?.[1] ?? 0);
    this.#remoteMedia = { address, port };
    const { rtp = 'even', otherPort = false } = this.faults;
    if (rtp === 'none' || this.faults.codecs !== undefined) return;
    const socket = otherPort ? this.#other : this.#rtp;
    const type = rtp === 'foreign' ? 96 : offered === 8 ? 8 : 0;
    const ssrc = randomBytes(4).readUInt32BE();
    const began = performance.now();
    let sequence = 0;
    clearInterval(this.#streaming);
    this.#streaming = setInterval(() => {
      for (; sequence * 20 < performance.now() - began; sequence += 1) {
        if (rtp === 'lossy' && sequence % 10 === 9) continue;
        const packet = Buffer.alloc(172, 0xd5);
        packet.writeUInt16BE(0x8000 | type, 0);
        packet.writeUInt16BE(sequence & 0xffff, 2);
        packet.writeUInt32BE((sequence * 160) >>> 0, 4);
        packet.writeUInt32BE(ssrc, 8);
        const send = (): void => {
          if (!this.#isGone && this.#remoteMedia !== undefined) socket.send(packet, this.#remoteMedia.port, this.#remoteMedia.address);
        };
        if (rtp === 'uneven') setTimeout(send, Math.random() * 250);
        else send();
      }
    }, 10);
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function fields(message: string, name: string): string[] {
  return [...message.matchAll(new RegExp(`^${name}: *(.*)\\r$`, 'gim'))].map((found) => found[1]!);
}

function field(message: string, name: string): string {
  return fields(message, name)[0] ?? '';
}

function branchOf(via: string): string {
  return /branch=([^;]+)/.exec(via)?.[1] ?? '';
}
