import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Recording, readWav, writeToneWav } from '../tone.ts';
import { waitFor } from '../wait-for.ts';

export interface BaresipAccount {
  readonly username: string;
  readonly password: string;
  /** host:port of the PBX. */
  readonly server: string;
  readonly transport: 'udp' | 'tcp' | 'tls';
}

export interface BaresipOptions {
  /** Empty folder of this phone alone: its configuration, the tone it plays, what it records. */
  readonly folder: string;
  readonly account: BaresipAccount;
  /** What this party plays. */
  readonly toneHz: number;
  readonly sipPort: number;
  /** 127.0.0.1 when absent. */
  readonly address?: string;
  /** Without, it takes calls as a peer does. */
  readonly registers?: false;
  readonly controlPort: number;
  readonly answer: 'auto' | 'manual';
  readonly codecs?: string;
  /** `info` sends digits by SIP INFO, otherwise RFC 4733. */
  readonly digits?: 'rtpEvent' | 'info';
  /** Prints its SIP messages, of which `dialogs` knows. */
  readonly isTraced?: true;
}

/** A dialog as this phone sees it. */
export interface SeenDialog {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** One event as baresip's ctrl_tcp module reports it, e.g. { type: 'CALL_ESTABLISHED', param: … }. */
export interface BaresipEvent {
  readonly type: string;
  readonly param?: string;
  readonly peeruri?: string;
}

/** A real baresip, headless, driven over its control socket (ctrl_tcp, netstrings of JSON). */
export class BaresipPhone {
  readonly events: BaresipEvent[] = [];
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #control: Socket;
  readonly #said: string[];
  #buffered = Buffer.alloc(0);

  private constructor(folder: string, process: ChildProcess, said: string[], control: Socket) {
    this.#folder = folder;
    this.#process = process;
    this.#said = said;
    this.#control = control;
    control.on('data', (chunk) => this.#take(chunk));
    control.on('error', () => {});
  }

  static async start(options: BaresipOptions): Promise<BaresipPhone> {
    writeConfiguration(options);
    const process = spawn('baresip', ['-4', ...(options.isTraced === true ? ['-s'] : []), '-f', options.folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    process.stdout.on('data', (data) => said.push(String(data)));
    process.stderr.on('data', (data) => said.push(String(data)));
    const control = await waitFor('the control port of baresip', async () => {
      if (process.exitCode !== null) throw new Error(`baresip ended: ${said.join('')}`);
      return connected(options.controlPort);
    });
    if (said.join('').includes('ctrl_tcp: failed')) throw new Error(`the control port ${options.controlPort} of baresip is taken`);
    return new BaresipPhone(options.folder, process, said, control);
  }

  /** Resolves when the PBX accepted the registration; baresip may have told that before its control port was open. */
  async registered(): Promise<void> {
    await waitFor(() => `baresip's registration; it said ${this.output}`, () => (/\} 200 /.test(this.output) ? true : undefined));
  }

  /** The first event of that type from the n-th event on. */
  event(type: string, from = 0): Promise<BaresipEvent> {
    return waitFor(() => `baresip's ${type} (had ${this.events.map((event) => event.type).join(' ')})`, () =>
      this.events.slice(from).find((event) => event.type === type),
    );
  }

  command(command: string, params = ''): void {
    const json = JSON.stringify({ command, params, token: 't' });
    this.#control.write(`${Buffer.byteLength(json)}:${json},`);
  }

  dial(number: string): void {
    this.command('dial', number);
  }

  answer(): void {
    this.command('accept');
  }

  hangUp(): void {
    this.command('hangup');
  }

  /** The current call; to whatever may stand in Refer-To. */
  transfer(uri: string): void {
    this.command('transfer', uri);
  }

  /** Headers of the messages that it sent or got and that begin so, oldest first. */
  messages(begin: string): string[] {
    return this.output.split(begin).slice(1).map((rest) => begin + (rest.split(/\r?\n\r?\n/)[0] ?? ''));
  }

  /** Its calls that were answered, oldest first. */
  get dialogs(): readonly SeenDialog[] {
    const seen = new Map<string, SeenDialog>();
    for (const message of this.messages('SIP/2.0 200 ')) {
      if (!/^CSeq: \d+ INVITE\r?$/m.test(message)) continue;
      const part = (pattern: RegExp): string => pattern.exec(message)?.[1] ?? '';
      const [callId, from, to] = [part(/^Call-ID: (.*?)\r?$/m), part(/^From: .*;tag=([^;\s]+)/m), part(/^To: .*;tag=([^;\s]+)/m)];
      seen.set(callId, { callId, localTag: from, remoteTag: to });
    }
    return [...seen.values()];
  }

  hold(): void {
    this.command('hold');
  }

  resume(): void {
    this.command('resume');
  }

  /** One keypad digit of the current call. */
  press(digit: string): void {
    this.command('sndcode', digit);
  }

  /** What this phone decoded from the network, all calls so far. */
  heard(): Recording[] {
    return readdirSync(this.#folder)
      .filter((name) => name.startsWith('dump') && name.endsWith('-dec.wav'))
      .toSorted()
      .map((name) => readWav(join(this.#folder, name)));
  }

  /** RTP packets received, as it sums up a call that is over. */
  get packetsReceived(): number | undefined {
    const line = /packets: +\d+ +(\d+)/.exec(this.output);
    return line === null ? undefined : Number(line[1]);
  }

  get output(): string {
    return this.#said.join('');
  }

  /** Its plug is pulled: no BYE, no more packets. `stop` is to be called all the same. */
  async vanish(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      const hard = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(hard);
    }
    this.#control.destroy();
  }

  #take(chunk: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    for (;;) {
      const colon = this.#buffered.indexOf(':');
      if (colon < 0) return;
      const length = Number(this.#buffered.toString('latin1', 0, colon));
      if (this.#buffered.length < colon + 1 + length + 1) return;
      const message = JSON.parse(this.#buffered.toString('utf8', colon + 1, colon + 1 + length));
      this.#buffered = this.#buffered.subarray(colon + 1 + length + 1);
      if (message.event) this.events.push(message);
    }
  }
}

function writeConfiguration(options: BaresipOptions): void {
  const { folder, account, address = '127.0.0.1' } = options;
  mkdirSync(folder, { recursive: true });
  writeToneWav(join(folder, 'tone.wav'), options.toneHz, 60);
  writeFileSync(join(folder, 'contacts'), '');
  const digits = options.digits === 'info' ? ';dtmfmode=info' : '';
  const codecs = options.codecs === undefined ? '' : `;audio_codecs=${options.codecs}`;
  writeFileSync(
    join(folder, 'accounts'),
    `<sip:${account.username}@${account.server};transport=${account.transport}>;auth_pass=${account.password};regint=${options.registers === false ? 0 : 600};answermode=${options.answer}${codecs}${digits}\n`,
  );
  writeFileSync(
    join(folder, 'config'),
    [
      'poll_method epoll',
      `sip_listen ${address}:${options.sipPort}`,
      `net_interface ${address}`,
      'call_local_timeout 30',
      'call_max_calls 4',
      `audio_source aufile,${join(folder, 'tone.wav')}`,
      'audio_player aubridge,pl',
      'audio_alert aubridge,alert',
      // The tone file is 8 kHz mono; baresip resamples to the codec's rate.
      'ausrc_srate 8000',
      'ausrc_channels 1',
      'auplay_srate 8000',
      'auplay_channels 1',
      'rtp_ports 40000-49000',
      'rtcp_mux no',
      'jitter_buffer_delay 2-5',
      'rtp_stats yes',
      'module_path /usr/lib/baresip/modules',
      ...['g711.so', 'g722.so', 'opus.so', 'aufile.so', 'aubridge.so', 'sndfile.so'].map((name) => `module ${name}`),
      'module_app account.so',
      'module_app menu.so',
      'module_app ctrl_tcp.so',
      `ctrl_tcp_listen 127.0.0.1:${options.controlPort}`,
      `snd_path ${folder}`,
      'sip_verify_server no',
      '',
    ].join('\n'),
  );
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
