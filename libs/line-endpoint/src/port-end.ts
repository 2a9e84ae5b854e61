import type { ContextId, PortCodec, PortName, TerminationId } from '@tipring/gateway';
import type { PortGateway } from './line-endpoints-ports.ts';

/** A place in a call: the leg's termination in the call's context. */
export interface Place {
  readonly context: ContextId;
  readonly termination: TerminationId;
  readonly codec: PortCodec;
}

/**
 * A port as an end of calls: of one at a time. It is left in a call that ends, where what was measured on it is asked for, and taken out of it
 * at the latest when the next one wants it.
 */
export class PortEnd {
  readonly #gateway: PortGateway;
  readonly #port: PortName;
  #at: Place | null = null;
  /** What is told of a former order to add it matters no more. */
  #added = 0;

  constructor(gateway: PortGateway, port: PortName) {
    this.#gateway = gateway;
    this.#port = port;
  }

  isAt(termination: TerminationId): boolean {
    return this.#at?.termination === termination;
  }

  /** `refused`: it could not be had; there will be no audio. */
  join(place: Place, refused: (text: string) => void): void {
    const { context, termination, codec } = place;
    const before = this.#at;
    this.#at = place;
    if (before?.termination === termination) {
      if (before.codec !== codec) this.#gateway.send({ do: 'modifyPort', context, termination, codec });
      return;
    }
    if (before !== null) this.#subtract(before);
    this.#add(place, refused);
  }

  /** The gateway may have forgotten it. */
  restore(place: Place, refused: (text: string) => void): void {
    this.#at = place;
    this.#add(place, refused);
  }

  /** It was there before we were. */
  adopt(place: Place): void {
    this.#at = place;
  }

  /** Its call has taken it into another context. */
  moved({ context, termination }: Place): void {
    if (this.#at?.termination === termination) this.#at = { ...this.#at, context };
  }

  /** Out of a call that goes on. */
  leave(termination: TerminationId): void {
    if (this.#at?.termination !== termination) return;
    this.#subtract(this.#at);
    this.#at = null;
  }

  /** The port is gone, and with it its end. */
  forget(): void {
    this.#at = null;
  }

  #add(place: Place, refused: (text: string) => void): void {
    const { context, termination, codec } = place;
    const added = ++this.#added;
    this.#gateway.send({ do: 'addPort', context, termination, port: this.#port, codec }, (_reply, refusal) => {
      if (refusal === null || refusal.code === 'terminationExists' || added !== this.#added || this.#at?.termination !== termination) return;
      this.#at = null;
      refused(refusal.text);
    });
  }

  #subtract({ context, termination }: Place): void {
    // A call that has ended took it along: no such termination is no error.
    this.#gateway.send({ do: 'subtract', context, termination });
  }
}
