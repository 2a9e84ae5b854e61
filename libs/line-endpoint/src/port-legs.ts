import type { ContextId } from '@tipring/gateway';
import type { Cause, DialRequest, Leg, LegId, LegListener, LegSnapshot, Party } from '@tipring/telephony';
import { portCodec } from './g711.ts';
import { lostLeg } from './lost-leg.ts';
import type { PortPlan } from './plan.ts';
import { type LegOwner, PortLeg, type PortLegSnapshot } from './port-leg.ts';
import type { Surroundings } from './surroundings.ts';

/** Makes the legs of one port. */
export class PortLegs {
  readonly #owner: LegOwner;
  readonly #plan: () => PortPlan;
  readonly #surroundings: Surroundings;

  constructor(owner: LegOwner, plan: () => PortPlan, surroundings: Surroundings) {
    this.#owner = owner;
    this.#plan = plan;
    this.#surroundings = surroundings;
  }

  /** Of a call that this port makes. `party`: whom it wants. */
  caller(id: LegId, context: ContextId, { party, isEmergency = false }: { readonly party: Party; readonly isEmergency?: boolean }, listener: LegListener): PortLeg {
    const { codec, port } = this.#plan();
    return new PortLeg({ id, context, role: 'caller', codec, reference: port, party, isEmergency }, this.#owner, this.#surroundings.gateway, this.#surroundings.timers, listener);
  }

  /** Of a call for this port. `begin`: a moment later, when its call knows it. */
  called(id: LegId, request: DialRequest, { party, isEmergency }: { readonly party: Party; readonly isEmergency: boolean }, listener: LegListener, begin: (leg: PortLeg) => void): Leg {
    const { timers, gateway } = this.#surroundings;
    const codec = portCodec(request.media);
    if (codec === undefined) return this.lost(id, listener, 'incompatibleDestination', 'codec', 'an analog port speaks PCMA and PCMU alone');
    const leg = new PortLeg({ id, context: request.context, role: 'called', codec, reference: this.#plan().port, party, isEmergency }, this.#owner, gateway, timers, listener);
    timers.start(0, () => begin(leg));
    return leg;
  }

  /** Of a call that was up before we were. `late`: its port could have come by now. */
  adopted(id: LegId, snapshot: PortLegSnapshot, listener: LegListener, late: (leg: PortLeg) => void): PortLeg {
    const { timers, gateway } = this.#surroundings;
    const leg = PortLeg.adopt(id, snapshot, this.#owner, gateway, timers, listener);
    timers.start(adoptedMs, () => late(leg));
    return leg;
  }

  /** Of none: released soon. */
  lost(id: LegId, listener: LegListener, cause: Cause, kind: string, text: string): Leg {
    return lostLeg(id, this.#plan().port, { cause, evidence: { kind, text } }, listener, this.#surroundings.timers);
  }
}

/** Null: the call was being set up, and nothing is left of that. */
export function keptOf(snapshot: LegSnapshot): PortLegSnapshot | null {
  return snapshot['at'] === 'up' ? (snapshot as unknown as PortLegSnapshot) : null;
}

/** A gateway that was restarted with us has its cards by then. */
const adoptedMs = 10_000;
