import type { Extension, RingTarget } from '@tipring/config';
import type { EndpointId, Party } from '@tipring/telephony';
import type { Call, Passing } from '../call.ts';
import type { ExplanationStep } from '../explanation.ts';
import { liveState } from '../ways/way.ts';
import { wayOutside } from './outside.ts';
import { forwardedBy } from './passing.ts';

/** What rings together: the part of an attempt that says so. */
export interface Telephones {
  readonly endpoints: readonly EndpointId[];
  readonly delays?: Readonly<Record<EndpointId, number>>;
  readonly given?: Readonly<Record<EndpointId, { readonly number: string; readonly from?: Party }>>;
}

/** An extension’s own telephones, and those that follow it. `lastMs`: when the last of them has rung as long as it should, after the begin. */
export function telephonesOf(extension: Extension, passing: Passing, call: Call): Telephones & { readonly lastMs: number } {
  const { id, key, number, ringTimeoutMs, followMe } = extension;
  const ringing = new Ringing(passing, call);
  ringing.addExtension(extension, 0, ringTimeoutMs, `extension ${number}`);
  if (!followMe.isEnabled) return ringing.telephones;
  const followed = forwardedBy(extension, 'unconditional', passing);
  for (const { target, afterMs, ringMs } of followMe.steps) ringing.add(target, afterMs, ringMs, { what: { kind: 'extension', id, key }, via: `follows ${number}` }, followed);
  return ringing.telephones;
}

/** Collects what rings together, each endpoint once. */
export class Ringing {
  readonly #passing: Passing;
  readonly #call: Call;
  readonly #endpoints: EndpointId[] = [];
  readonly #delays: Record<EndpointId, number> = {};
  readonly #given: Record<EndpointId, { number: string; from?: Party }> = {};
  #lastMs = 0;

  constructor(passing: Passing, call: Call) {
    this.#passing = passing;
    this.#call = call;
  }

  get telephones(): Telephones & { readonly lastMs: number } {
    return {
      endpoints: this.#endpoints,
      ...(Object.keys(this.#delays).length === 0 ? {} : { delays: this.#delays }),
      ...(Object.keys(this.#given).length === 0 ? {} : { given: this.#given }),
      lastMs: this.#lastMs,
    };
  }

  /** One that rings because of another: an extension that may be disturbed, or a number outside by the first way that can take it. */
  add(target: RingTarget, afterMs: number, ringMs: number, { what, via }: { readonly what: ExplanationStep['what']; readonly via: string }, passing: Passing): void {
    const { snapshot } = this.#call.office;
    const inside = target.type === 'extension' ? snapshot.extensions.get(target.id) : snapshot.extensionByNumber(target.number);
    if (inside !== undefined) {
      if (inside.isDoNotDisturb) this.#call.trace.tell(what, 'passed', 'doNotDisturb', `${inside.number} is not to be disturbed, and does not ring`);
      else this.addExtension(inside, afterMs, ringMs, via);
      return;
    }
    if (target.type !== 'number') return;
    const way = wayOutside(target.number, passing, this.#call);
    if (typeof way === 'string') return this.#call.trace.tell(what, 'passed', 'notReached', `${target.number} does not ring: ${way}`);
    if (this.#endpoints.includes(way.endpoint)) return this.#call.trace.tell(what, 'passed', 'wayTaken', `${target.number} does not ring: ${way.kind} ${way.key} carries another one of these`);
    this.#call.trace.candidate({ ...way, via }, true);
    this.#given[way.endpoint] = { number: way.number, ...(way.from === undefined ? {} : { from: way.from }) };
    this.#ring(way.endpoint, afterMs, ringMs);
  }

  addExtension({ id, number }: Extension, afterMs: number, ringMs: number, via: string): void {
    const { office, state, trace } = this.#call;
    const told = { via, number, shown: this.#passing.from?.number ?? null, cost: null, timeoutMs: ringMs };
    const ring = (endpoint: EndpointId, kind: 'device' | 'station', key: string): void => {
      if (this.#endpoints.includes(endpoint)) return;
      trace.candidate({ ...told, endpoint, kind, key, ...liveState(endpoint, state) }, true);
      this.#ring(endpoint, afterMs, ringMs);
    };
    for (const device of office.snapshot.devicesOf(id)) if (device.enabled) ring(device.id, 'device', device.key);
    for (const station of office.snapshot.stationsOf(id)) if (station.isEnabled) ring(station.id, 'station', station.key);
  }

  #ring(endpoint: EndpointId, afterMs: number, ringMs: number): void {
    this.#endpoints.push(endpoint);
    if (afterMs > 0) this.#delays[endpoint] = afterMs;
    this.#lastMs = Math.max(this.#lastMs, afterMs + ringMs);
  }
}
