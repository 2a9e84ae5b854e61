import { type Context, newContext, PortEnds, type PortLink, type PortLinkAddress, type PortLinkEnd, PortNotices, type PortUnitSettings, PortUnit, type RtpEnd } from '@tipring/media';
import type { CardDriver } from '@tipring/cards';
import type { FakeTimers } from '@tipring/clock';
import { Dsp, G711 } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import type { ContextId, GatewayEvent, GatewayRefusal, PortCodec, PortGatewayCommand, PortGatewayEvent, TerminationId } from '@tipring/gateway';
import type { PhoneAudio, PhoneMedia } from './ip-phone.ts';
import { isMixed, OfficeMixes, partnersOf, rtpEnds } from './office-mixes.ts';

/** What is asked of the office's gateway: ports, and of contexts what calls between ports and phones need. */
export type OfficeCommand =
  | PortGatewayCommand
  | { readonly do: 'subtract'; readonly context: ContextId; readonly termination: TerminationId }
  | { readonly do: 'move'; readonly context: ContextId; readonly termination: TerminationId; readonly to: ContextId }
  | { readonly do: 'topology'; readonly context: ContextId; readonly joined: Context['joined'] }
  | { readonly do: 'attach'; readonly context: ContextId; readonly blob: string }
  | { readonly do: 'release'; readonly context: ContextId }
  | { readonly do: 'audit' };

export interface OfficeOutcome {
  readonly reply: unknown;
  readonly refusal: GatewayRefusal | null;
}

export interface OfficeController {
  event(event: GatewayEvent): void;
  portEvent(event: PortGatewayEvent): void;
}

/**
 * A media gateway without threads and sockets: the ports as the ports worker has them, contexts and notices as the main thread has them. In
 * place of a packet worker the links of ports lead to phones whose audio is a test's. Commands and events take a millisecond each.
 */
export class OfficeGateway implements PhoneMedia {
  readonly unit: PortUnit;
  readonly contexts = new Map<ContextId, Context>();
  readonly #timers: FakeTimers;
  readonly #notices: PortNotices;
  readonly #ends: PortEnds;
  readonly #phones = new Map<RtpEnd, { readonly codec: PortCodec; readonly audio: PhoneAudio }>();
  readonly #links = new Map<number, OfficeLink>();
  readonly #wire: Wire;
  readonly #mixes: OfficeMixes;
  #controller: OfficeController | null = null;
  #pairs = 0;

  constructor(driver: CardDriver, simulator: PortUnitSettings['simulator'], channels: number, timers: FakeTimers) {
    dsp ??= readDspModule();
    this.#timers = timers;
    this.#wire = new Wire();
    this.#mixes = new OfficeMixes({
      phoneOf: (termination) => this.#phones.get(termination)?.audio,
      decode: (codec, payload) => this.#wire.decode(codec, payload),
      send: (to, samples) => this.#links.get(to.pair.rtpPort)?.packet('PCMU', this.#wire.encodeSamples('PCMU', samples)),
    });
    this.#notices = new PortNotices(() => timers.now());
    this.#notices.onEvent = (event) => this.#tell((controller) => controller.portEvent(event));
    this.unit = new PortUnit([{ name: 'simulated', driver, aheadMs: 0 }], { dsp, channels, simulator }, timers, {
      tell: (event) => this.#notices.take([event]),
      link: (address, end) => this.#link(address, end),
    });
    this.#ends = new PortEnds(this.unit, { address: 'office', port: 1 });
  }

  /** From now on it is told. Null: nobody is there; ports and contexts stay as they are. */
  controlledBy(controller: OfficeController | null): void {
    this.#controller = controller;
    this.#notices.controllerChanged();
  }

  get openPorts(): readonly string[] {
    return this.#notices.open;
  }

  /** In their order, a millisecond later. `from`: who is no controller any more is not heard. */
  send(from: OfficeController, command: OfficeCommand, done: (outcome: OfficeOutcome) => void): void {
    const answer = (outcome: OfficeOutcome): void => {
      if (this.#controller === from) done(outcome);
    };
    this.#timers.start(1, () => {
      if (this.#controller === from) this.#execute(command, answer);
    });
  }

  addPhone(context: ContextId, termination: TerminationId, codec: PortCodec, audio: PhoneAudio): void {
    const made = this.#termination(termination, this.#context(context), null);
    made.remote = { rtp: { address: 'phone', port: 1 }, codecs: [{ payloadType: 0, name: codec, clockRate: 8_000 }, { payloadType: 101, name: 'telephone-event', clockRate: 8_000 }] };
    made.context.terminations.set(termination, made);
    this.#phones.set(made, { codec, audio });
  }

  close(): void {
    this.unit.close();
  }

  #execute(command: OfficeCommand, done: (outcome: OfficeOutcome) => void): void {
    switch (command.do) {
      case 'addPort':
        return this.#addPort(command, done);
      case 'audit':
        return done({ reply: { contexts: [...this.contexts.values()].map(({ id, blob }) => ({ context: id, blob })) }, refusal: null });
      case 'attach':
      case 'topology':
      case 'release':
      case 'subtract':
      case 'move':
      case 'modifyPort':
        return done(this.#ofContext(command));
      default: {
        const opened = command.do === 'openPort' ? this.#notices.opening(command.port) : null;
        if (command.do === 'closePort') this.#notices.closing(command.port);
        return this.unit.execute(command, (outcome) => {
          done(outcome.refusal === undefined ? { reply: outcome.reply, refusal: null } : { reply: null, refusal: outcome.refusal });
          opened?.(outcome.refusal === undefined);
        });
      }
    }
  }

  #ofContext(command: Extract<OfficeCommand, { do: 'attach' | 'topology' | 'release' | 'subtract' | 'move' | 'modifyPort' }>): OfficeOutcome {
    const context = this.contexts.get(command.context);
    if (context === undefined) return refused('noSuchContext', `no context ${command.context}`);
    switch (command.do) {
      case 'attach':
        context.blob = command.blob;
        return nothing;
      case 'topology':
        context.joined = command.joined;
        this.#ends.connect(context);
        return nothing;
      case 'release':
        this.contexts.delete(context.id);
        for (const termination of rtpEnds(context)) this.#retire(termination);
        return { reply: { statistics: {} }, refusal: null };
      case 'subtract':
      case 'move':
      case 'modifyPort': {
        const termination = rtpEnds(context).find(({ id }) => id === command.termination);
        if (termination === undefined) return refused('noSuchTermination', `no termination ${command.termination}`);
        if (command.do !== 'modifyPort') {
          context.terminations.delete(termination.id);
          context.joined = context.joined.filter((pair) => !pair.includes(termination.id));
          if (command.do === 'subtract') this.#retire(termination);
          else {
            const to = this.#context(command.to);
            to.terminations.set(termination.id, termination);
            this.#ends.connect(to);
          }
          if (context.terminations.size === 0 && context.blob === null) this.contexts.delete(context.id);
        } else this.#ends.speak(termination, command.codec);
        this.#ends.connect(context);
        return nothing;
      }
    }
  }

  #addPort({ context: id, termination: name, port, codec }: Extract<OfficeCommand, { do: 'addPort' }>, done: (outcome: OfficeOutcome) => void): void {
    const context = this.#context(id);
    if (context.terminations.has(name)) return done(refused('terminationExists', `${name} is already in ${id}`));
    if (this.#ends.isTaken(port)) return done(refused('portTaken', `${port} is an end of a context`));
    const termination = this.#termination(name, context, { port, codec, told: '' });
    this.#ends.speak(termination, codec);
    this.#ends.take(port);
    context.terminations.set(name, termination);
    this.#ends.begin(termination, (refusal) => {
      if (refusal !== null) {
        context.terminations.delete(name);
        this.#retire(termination);
      } else this.#ends.connect(context);
      done({ reply: refusal === null ? {} : null, refusal });
    });
  }

  #link(address: PortLinkAddress, end: PortLinkEnd): PortLink {
    const link = new OfficeLink(end, {
      fromLine: (payload, codec) => this.#fromLine(address.port, payload, codec),
      digit: (digit, durationMs) => this.#digit(address.port, digit, durationMs),
      close: () => {
        if (this.#links.get(address.port) === link) this.#links.delete(address.port);
      },
    });
    this.#links.set(address.port, link);
    return link;
  }

  /** 20 ms of a port: whom it is joined with hears it, and phones among them say theirs. */
  #fromLine(pair: number, payload: Uint8Array, codec: PortCodec): void {
    for (const context of this.contexts.values()) {
      if (!isMixed(context)) continue;
      for (const termination of rtpEnds(context)) if (termination.pair.rtpPort === pair) return this.#mixes.fromLine(context, termination, payload, codec);
    }
    for (const partner of this.#partnersOf(pair)) {
      const phone = this.#phones.get(partner);
      if (phone === undefined) this.#links.get(partner.pair.rtpPort)?.packet(codec, payload);
      else {
        phone.audio.hear(this.#wire.decode(codec, payload));
        this.#links.get(pair)?.packet(phone.codec, this.#wire.encode(phone.codec, phone.audio));
      }
    }
  }

  #digit(pair: number, digit: string, durationMs: number): void {
    let relayed = false;
    for (const partner of this.#partnersOf(pair)) {
      relayed = true;
      this.#phones.get(partner)?.audio.digit(digit);
    }
    for (const context of this.contexts.values()) {
      for (const termination of rtpEnds(context)) {
        if (termination.pair.rtpPort === pair) this.#tell((controller) => controller.event({ event: 'digit', context: context.id, termination: termination.id, digit, durationMs, relayed }));
      }
    }
  }

  *#partnersOf(pair: number): Generator<RtpEnd> {
    for (const context of this.contexts.values()) {
      for (const termination of rtpEnds(context)) if (termination.pair.rtpPort === pair) yield* partnersOf(context, termination);
    }
  }

  #retire(termination: RtpEnd): void {
    this.#phones.delete(termination);
    if (termination.analog !== null) this.#ends.free(termination.analog);
  }

  #tell(tell: (controller: OfficeController) => void): void {
    const controller = this.#controller;
    if (controller === null) return;
    this.#timers.start(1, () => {
      if (this.#controller === controller) tell(controller);
    });
  }

  #context(id: ContextId): Context {
    let context = this.contexts.get(id);
    if (context === undefined) this.contexts.set(id, (context = newContext(id, 0)));
    return context;
  }

  #termination(id: TerminationId, context: Context, analog: RtpEnd['analog']): RtpEnd {
    const number = ++this.#pairs;
    return { kind: 'rtp', id, context, generation: 0, analog, live: true, pair: { id: number, worker: 0, address: 'office', rtpPort: number, state: 'inUse', opened: null, freedAtMs: 0 }, remote: null, mode: 'sendrecv', heard: null, hearsTone: false, before: null };
  }
}

interface LinkWays {
  fromLine(payload: Uint8Array, codec: PortCodec): void;
  digit(digit: string, durationMs: number): void;
  close(): void;
}

class OfficeLink implements PortLink {
  readonly #end: PortLinkEnd;
  readonly #ways: LinkWays;
  #sequence = 0;

  constructor(end: PortLinkEnd, ways: LinkWays) {
    this.#end = end;
    this.#ways = ways;
  }

  // How they go is known by who tells of them.
  sendDigits(): void {}

  digitBegan(): void {}

  digitEnded(digit: string, durationMs: number): void {
    this.#ways.digit(digit, durationMs);
  }

  fromLine(payload: Uint8Array, codec: PortCodec): void {
    this.#ways.fromLine(payload, codec);
  }

  packet(codec: PortCodec, payload: Uint8Array): void {
    this.#end.packet(codec, payload, 0, payload.length, 7, this.#sequence++ & 0xffff);
  }

  close(): void {
    this.#ways.close();
  }
}

/** G.711 for phones. */
class Wire {
  readonly #g711: G711;
  readonly #samples: Int16Array;
  readonly #payload = new Uint8Array(160);

  constructor() {
    const own = new Dsp((dsp ??= readDspModule()), { memoryBytes: 2 ** 21 });
    this.#g711 = new G711(own);
    this.#samples = own.rows(1, 160).row(0);
  }

  decode(codec: PortCodec, payload: Uint8Array): Int16Array {
    this.#g711.decode(codec, payload, this.#samples);
    return this.#samples;
  }

  encode(codec: PortCodec, audio: PhoneAudio): Uint8Array {
    audio.speak(this.#samples);
    this.#g711.encode(codec, this.#samples, this.#payload);
    return this.#payload;
  }

  encodeSamples(codec: PortCodec, samples: Int16Array): Uint8Array {
    this.#samples.set(samples);
    this.#g711.encode(codec, this.#samples, this.#payload);
    return this.#payload;
  }
}


let dsp: ReturnType<typeof readDspModule> | undefined;

function refused(code: GatewayRefusal['code'], text: string): OfficeOutcome {
  return { reply: null, refusal: { code, text } };
}

const nothing: OfficeOutcome = { reply: {}, refusal: null };
