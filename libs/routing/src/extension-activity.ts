import type { CallId, CallView, EndpointId } from '@tipring/telephony';
import type { ExtensionState } from './routing-state.ts';

/** Which extensions ring and talk, and when they last did, by what is told of calls. */
export class ExtensionActivity {
  /** By call, what its telephones do now. */
  readonly #calls = new Map<CallId, ReadonlyMap<string, 'ringing' | 'busy'>>();
  readonly #lastEnded = new Map<string, number>();

  /** A call as it stands now. @param extensionOf undefined: it is no telephone of ours */
  heard({ id, legs, state }: CallView, extensionOf: (endpoint: EndpointId) => string | undefined): void {
    const now = new Map<string, 'ringing' | 'busy'>();
    if (state !== 'releasing') {
      for (const leg of legs) {
        const extension = leg.state === 'released' ? undefined : extensionOf(leg.endpoint);
        if (extension === undefined) continue;
        // Who calls is busy from the begin.
        if (leg.role === 'caller' || leg.state === 'answered' || leg.state === 'held') now.set(extension, 'busy');
        else if (!now.has(extension)) now.set(extension, 'ringing');
      }
    }
    if (now.size === 0) this.#calls.delete(id);
    else this.#calls.set(id, now);
  }

  /** It is over. @param at ms since the epoch */
  ended({ id, legs }: CallView, at: number, extensionOf: (endpoint: EndpointId) => string | undefined): void {
    this.#calls.delete(id);
    for (const { endpoint, answeredAt, role } of legs) {
      const extension = answeredAt === null && role === 'called' ? undefined : extensionOf(endpoint);
      if (extension !== undefined) this.#lastEnded.set(extension, at);
    }
  }

  state(extensionId: string): ExtensionState {
    let state: ExtensionState = 'idle';
    for (const call of this.#calls.values()) {
      const its = call.get(extensionId);
      if (its === 'busy') return 'busy';
      if (its !== undefined) state = its;
    }
    return state;
  }

  lastCallEnded(extensionId: string): number | null {
    return this.#lastEnded.get(extensionId) ?? null;
  }

  /** Extensions that are in the configuration no more are forgotten. */
  keepOnly(extensions: ReadonlyMap<string, unknown>): void {
    for (const extension of this.#lastEnded.keys()) if (!extensions.has(extension)) this.#lastEnded.delete(extension);
  }
}
