import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Recording, readWav, writeToneWav } from '../tone.ts';
import { waitFor } from '../wait-for.ts';

export interface LinphoneOptions {
  /** Empty folder of this phone alone; it is also its home. */
  readonly folder: string;
  readonly username: string;
  readonly password: string;
  /** host:port of the PBX. */
  readonly server: string;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly toneHz: number;
  readonly sipPort: number;
  readonly rtpPort: number;
  readonly answer: 'auto' | 'manual';
}

/** A real linphonec, headless, driven by its standard input. */
export class LinphonePhone {
  readonly #folder: string;
  readonly #process: ChildProcessWithoutNullStreams;
  #output = '';

  private constructor(folder: string, process: ChildProcessWithoutNullStreams) {
    this.#folder = folder;
    this.#process = process;
    process.stdout.on('data', (data) => (this.#output += String(data)));
    process.stderr.on('data', (data) => (this.#output += String(data)));
    process.stdin.on('error', () => {});
  }

  static async start(options: LinphoneOptions): Promise<LinphonePhone> {
    writeConfiguration(options);
    const switches = options.answer === 'auto' ? ['-a'] : [];
    // It talks as it goes only to a terminal, so `script` gives it one.
    const command = ['linphonec', '-c', join(options.folder, 'linphonerc'), ...switches].join(' ');
    const process = spawn('script', ['-qfec', command, '/dev/null'], {
      env: { ...globalThis.process.env, HOME: options.folder },
      stdio: 'pipe',
    });
    const phone = new LinphonePhone(options.folder, process);
    await phone.says('linphonec>');
    phone.command('soundcard use files');
    phone.command(`play ${join(options.folder, 'tone.wav')}`);
    phone.command(`record ${join(options.folder, 'heard.wav')}`);
    phone.command(`register sip:${options.username}@${options.server};transport=${options.transport} sip:${options.server};transport=${options.transport} ${options.password}`);
    return phone;
  }

  /** It keeps a successful registration to itself, so it is asked. */
  async registered(): Promise<void> {
    await waitFor(() => `linphonec to be registered; it said: ${this.#output.slice(-600)}`, async () => {
      const from = this.outputLength;
      this.command('status register');
      await this.says('registered', from + 'status register'.length);
      return this.#output.includes('registered, identity', from) || undefined;
    });
  }

  /** Waits for a text in what it printed since `from` characters. */
  says(text: string, from = 0): Promise<string> {
    return waitFor(() => `linphonec to say "${text}"; it said: ${this.#output.slice(-600)}`, () => (this.#output.includes(text, from) ? text : undefined));
  }

  get outputLength(): number {
    return this.#output.length;
  }

  get output(): string {
    return this.#output;
  }

  command(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  dial(uri: string): void {
    this.command(`call ${uri}`);
  }

  /** Until it has heard that it is done: told to resume before that, it does nothing and says nothing. */
  async hold(): Promise<void> {
    const from = this.outputLength;
    this.command('pause');
    await this.says('is now paused', from);
  }

  /** Of its calls, by which commands name them, oldest first. */
  async callIds(): Promise<readonly string[]> {
    const from = this.outputLength;
    this.command('calls');
    return waitFor(() => `linphonec's calls; it said: ${this.#output.slice(from)}`, () => {
      const ids = [...this.#output.slice(from).matchAll(/^ *(\d+) *\|/gm)].map(([, id]) => id!);
      return ids.length === 0 ? undefined : ids;
    });
  }

  resume(): void {
    this.command('resume');
  }

  hangUp(): void {
    this.command('terminate');
  }

  press(digit: string): void {
    this.command(digit);
  }

  heard(): Recording[] {
    const path = join(this.#folder, 'heard.wav');
    return existsSync(path) ? [readWav(path)] : [];
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.command('quit');
    const hard = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(hard);
  }
}

function writeConfiguration(options: LinphoneOptions): void {
  mkdirSync(join(options.folder, '.local/share/linphone'), { recursive: true });
  writeToneWav(join(options.folder, 'tone.wav'), options.toneHz, 60);
  const port = (transport: string) => (transport === options.transport ? options.sipPort : 0);
  writeFileSync(
    join(options.folder, 'linphonerc'),
    [
      '[sip]',
      `sip_port=${port('udp')}`,
      `sip_tcp_port=${port('tcp')}`,
      `sip_tls_port=${port('tls')}`,
      'guess_hostname=0',
      'register_only_when_network_is_up=0',
      'auto_net_state_mon=0',
      'use_ipv6=0',
      'verify_server_certs=0',
      'verify_server_cn=0',
      'media_encryption=none',
      '[net]',
      'mtu=1300',
      '[rtp]',
      `audio_rtp_port=${options.rtpPort}`,
      '[sound]',
      'echocancellation=0',
      '',
    ].join('\n'),
  );
}
