import type { FaxTone } from '@tipring/dsp';
import { type PortCodec, type PortHappening, type PortListening, type PortSound, type PortTreatment, usualTreatment } from '@tipring/gateway';
import { LineBuffer } from './line-buffer.ts';
import type { EchoTail, PortDsp } from './port-dsp.ts';
import { type EarsOwner, type GroupHeard, PortEars } from './port-ears.ts';
import type { PortLink, PortLinkAddress, PortLinkEnd } from './port-link.ts';
import { SoundPlayer } from './sound-player.ts';

/** The other end of a port's audio. `block`: what the peer heard last is said next, of one clock; `buffer`: by way of its buffer, of two. */
type Route =
  | { readonly to: 'nobody' }
  | { readonly to: 'link'; readonly link: PortLink; readonly where: PortLinkAddress; codec: PortCodec }
  | { readonly to: 'peer'; readonly peer: PortChannel; readonly by: 'block' | 'buffer' };

/** What a channel is used for, from the opening of a port to its closing. */
export interface ChannelUse {
  tell(is: PortHappening): void;
  now(): number;
  /** Of the port's octets. */
  readonly law: PortCodec;
  readonly echoDelayMs: number;
  /** What the group has to do is another now. */
  changed(): void;
}

/**
 * The audio of one port, a lane of its group. Of each block first the port is given what it says (`speak`), and once all lanes have
 * received theirs the group works on them together: `prepare`, the DSP, `hear`, `pass`. Used by one port after another.
 */
export class PortChannel implements PortLinkEnd, EarsOwner {
  readonly channel: number;
  readonly buffer: LineBuffer;
  readonly #bank: PortDsp;
  readonly #sounds: SoundPlayer;
  readonly #ears: PortEars;
  #use: ChannelUse | null = null;
  #law: PortCodec = 'PCMU';
  #treatment: PortTreatment = usualTreatment;
  #route: Route = { to: 'nobody' };
  #data: 'none' | 'fax' | 'modem' = 'none';

  readonly #received = new Uint8Array(blockSamples);
  readonly #sent = Array.from({ length: mostEchoBlocks }, () => new Uint8Array(blockSamples));
  #blocks = 0;
  #echoBlocks = 0;
  #sendGain = 1;
  #sendGainWanted = 1;
  readonly #payload = new Uint8Array(blockSamples);
  #sequence = 0;
  /** What the peer heard last, and whether it was said already. */
  readonly #fromPeer = new Int16Array(blockSamples);
  #peerSpoke = false;

  constructor(bank: PortDsp, channel: number) {
    this.#bank = bank;
    this.channel = channel;
    this.buffer = new LineBuffer(bank, channel);
    this.#sounds = new SoundPlayer(bank, channel);
    this.#ears = new PortEars(bank, channel, this);
  }

  /** A port was opened. */
  begin(use: ChannelUse, treatment: PortTreatment): void {
    const { hum, gains, receivedLevels, sentLevels, callDigits } = this.#bank;
    this.#use = use;
    this.#law = use.law;
    this.#echoBlocks = Math.min(mostEchoBlocks - 1, Math.round(use.echoDelayMs / 20));
    for (const sent of this.#sent) sent.fill(use.law === 'PCMA' ? 0xd5 : 0xff);
    hum.reset(this.channel);
    gains.set(this.channel, treatment.receiveGainDb);
    this.#sendGain = factor(treatment.sendGainDb);
    receivedLevels.reset(this.channel);
    sentLevels.reset(this.channel);
    callDigits.stop(this.channel);
    this.#sounds.play([]);
    this.#ears.begin();
    this.treat(treatment);
    this.call();
  }

  end(): void {
    this.disconnect();
    this.#sounds.play([]);
    this.#use = null;
  }

  get treatment(): PortTreatment {
    return this.#treatment;
  }

  get ears(): PortEars {
    return this.#ears;
  }

  /** The canceller that takes the echo out; null: none, or none now. */
  get echoTail(): EchoTail | null {
    return this.#data === 'modem' ? null : (this.#treatment.echo?.tailMs ?? null);
  }

  /** Its audio comes by way of the buffer. */
  get isBuffered(): boolean {
    return this.#route.to === 'link' || (this.#route.to === 'peer' && this.#route.by === 'buffer');
  }

  /** Its audio goes to this address. */
  isLinkedTo({ address, port, telephoneEvent }: PortLinkAddress): boolean {
    const route = this.#route;
    return route.to === 'link' && route.where.address === address && route.where.port === port && route.where.telephoneEvent === telephoneEvent;
  }

  treat(treatment: PortTreatment): void {
    const former = this.#treatment;
    this.#treatment = treatment;
    if (treatment.echo !== null && treatment.echo.tailMs !== former.echo?.tailMs) this.#beginCanceller(treatment.echo.tailMs);
    this.#bank.gains.slide(this.channel, treatment.receiveGainDb);
    this.#sendGainWanted = factor(treatment.sendGainDb);
    if (treatment.tones !== former.tones) this.#ears.watch(treatment.tones);
    this.#applyData();
    this.#use?.changed();
  }

  /** The port's octets are of this law from now on. */
  setLaw(law: PortCodec): void {
    this.#law = law;
  }

  /** The port went off hook: another call, another echo path. */
  call(): void {
    this.#data = 'none';
    if (this.#treatment.echo !== null) this.#beginCanceller(this.#treatment.echo.tailMs);
    this.#applyData();
    this.#ears.call();
    this.#use?.changed();
  }

  listen(listening: PortListening): void {
    this.#ears.listen(listening);
    this.#use?.changed();
  }

  /** @returns why they cannot be played */
  play(sounds: readonly PortSound[]): string | null {
    return this.#sounds.play(sounds);
  }

  connect(link: PortLink, codec: PortCodec, where: PortLinkAddress): void {
    this.disconnect();
    this.#route = { to: 'link', link, codec, where };
    this.#begun();
    this.reconnect(codec, where.digits);
  }

  /** The link stays; what is said on it is another now. */
  reconnect(codec: PortCodec, digits: PortLinkAddress['digits']): void {
    if (this.#route.to !== 'link') return;
    this.#route.codec = codec;
    this.#route.link.sendDigits(digits);
    this.#ears.connected(true, digits === 'events');
  }

  patch(peer: PortChannel, by: 'block' | 'buffer'): void {
    for (const [one, other] of [[this, peer], [peer, this]] as const) {
      one.disconnect();
      one.#route = { to: 'peer', peer: other, by };
    }
    this.#begun();
    peer.#begun();
  }

  disconnect(): void {
    const route = this.#route;
    if (route.to === 'nobody') return;
    this.#route = { to: 'nobody' };
    if (route.to === 'link') route.link.close();
    else route.peer.disconnect();
    this.#ears.connected(false, false);
    this.#use?.changed();
  }

  /** 20 ms received: kept until the group works on them. */
  receive(octets: Uint8Array): void {
    this.#received.set(octets);
  }

  /** The next 20 ms for the line. */
  speak(send: Uint8Array): void {
    const { fromLink, toLine, callDigits, g711 } = this.#bank;
    const row = toLine.row(this.channel);
    this.#takeFar(fromLink.row(this.channel));
    row.set(fromLink.row(this.channel));
    const ended = this.#sounds.write();
    if (callDigits.pending(this.channel) > 0) callDigits.write(this.channel, toLine, this.channel);
    this.#amplify(row);
    g711.encode(this.#law, row, send);
    this.#sent[++this.#blocks % mostEchoBlocks]!.set(send);
    if (ended) this.#use?.tell({ type: 'soundEnded' });
  }

  /** Fills the rows of the block that was received last. */
  prepare(): void {
    const { g711, received, reference } = this.#bank;
    g711.decode(this.#law, this.#received, received.row(this.channel));
    g711.decode(this.#law, this.#sent[(this.#blocks - this.#echoBlocks + mostEchoBlocks) % mostEchoBlocks]!, reference.row(this.channel));
  }

  hear(heard: GroupHeard): void {
    this.#ears.hear(heard, this.#treatment.silentMs);
  }

  /** What is left in the row goes to the other end. */
  pass(): void {
    const route = this.#route;
    if (route.to === 'nobody') return;
    const row = this.#bank.received.row(this.channel);
    if (route.to === 'link') {
      this.#bank.g711.encode(route.codec, row, this.#payload);
      return route.link.fromLine(this.#payload, route.codec);
    }
    if (route.by === 'block') {
      route.peer.#fromPeer.set(row);
      route.peer.#peerSpoke = true;
      return;
    }
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#bank.g711.encode('PCMU', row, this.#payload);
    route.peer.packet('PCMU', this.#payload, 0, blockSamples, 0, this.#sequence);
  }

  packet(codec: PortCodec, bytes: Uint8Array, at: number, length: number, ssrc: number, sequence: number): void {
    if (this.#use !== null) this.buffer.push(codec, bytes, at, length, ssrc, sequence, this.#use.now());
  }

  digit(digit: string, durationMs: number): void {
    if (!/^[0-9A-D*#]$/.test(digit)) return;
    const onMs = Math.max(shortestDigitMs, Math.min(longestDigitMs, durationMs));
    this.#bank.callDigits.dial(this.channel, digit, { onMs, offMs: shortestDigitMs });
  }

  tell(is: PortHappening): void {
    this.#use?.tell(is);
  }

  now(): number {
    return this.#use?.now() ?? 0;
  }

  digitBegan(digit: string, beganMsAgo: number): void {
    if (this.#route.to === 'link') this.#route.link.digitBegan(digit, beganMsAgo);
  }

  digitEnded(digit: string, durationMs: number): void {
    if (this.#route.to === 'link') this.#route.link.digitEnded(digit, durationMs);
  }

  /** Fax and modems have gains that are fixed; whoever reverses the phase of his answer tone has a canceller of his own (G.168 7, V.25). */
  faxTone(tone: FaxTone): void {
    if (tone === 'cng') return;
    const data = tone === 'ced-reversed' || tone === 'ansam-reversed' ? 'modem' : 'fax';
    if (this.#data === data || this.#data === 'modem') return;
    this.#data = data;
    this.#applyData();
    this.#use?.changed();
  }

  get #isVoice(): boolean {
    return this.#data === 'none' && this.#treatment.audio === 'voice';
  }

  #begun(): void {
    this.buffer.reset();
    this.#peerSpoke = false;
    if (!this.#isVoice) this.buffer.fix();
    this.#ears.connected(true, false);
    this.#use?.changed();
  }

  #beginCanceller(tailMs: EchoTail): void {
    this.#bank.cancellers(tailMs).reset(this.channel);
  }

  #applyData(): void {
    const { hum, noise, automaticGains } = this.#bank;
    const { echo, automaticGain, noiseReduction, humFilter } = this.#treatment;
    const isVoice = this.#isVoice;
    if (isVoice && humFilter) hum.remove(this.channel);
    else hum.measureOnly(this.channel);
    if (isVoice && noiseReduction) noise.enable(this.channel);
    else noise.disable(this.channel);
    if (isVoice && automaticGain) automaticGains.enable(this.channel);
    else automaticGains.disable(this.channel);
    if (echo !== null) this.#bank.cancellers(echo.tailMs).set(this.channel, { suppress: isVoice });
    if (!isVoice) this.buffer.fix();
  }

  #takeFar(row: Int16Array): void {
    const route = this.#route;
    if (route.to === 'link' || (route.to === 'peer' && route.by === 'buffer')) return this.buffer.take(this.now());
    if (route.to === 'peer' && this.#peerSpoke) {
      row.set(this.#fromPeer);
      this.#peerSpoke = false;
    } else row.fill(0);
  }

  /** A change of gain takes a block. */
  #amplify(row: Int16Array): void {
    if (this.#sendGain === 1 && this.#sendGainWanted === 1) return;
    const step = (this.#sendGainWanted - this.#sendGain) / row.length;
    let gain = this.#sendGain;
    for (let n = 0; n < row.length; n++) {
      gain += step;
      row[n] = Math.max(-32_768, Math.min(32_767, Math.round(row[n]! * gain)));
    }
    this.#sendGain = this.#sendGainWanted;
  }
}

function factor(db: number): number {
  return 10 ** (db / 20);
}

const blockSamples = 160;
/** The longest delay of an echo is 620 ms. */
const mostEchoBlocks = 32;
const shortestDigitMs = 60;
const longestDigitMs = 5_000;
