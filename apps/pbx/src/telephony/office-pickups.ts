import type { Extension, Snapshot } from '@tipring/config';
import type { Account, Pickups } from '@tipring/sip-endpoint';
import type { CallControl, LegId, LegView } from '@tipring/telephony';

export interface OfficePickupsPorts {
  readonly configuration: { readonly snapshot: Snapshot };
  readonly exchange: Pick<CallControl, 'calls'>;
}

/** Whose calls a device may take by Replaces: those of its own extension, ringing or answered, and what rings in a pickup group of both. */
export class OfficePickups implements Pickups {
  readonly #ports: OfficePickupsPorts;

  constructor(ports: OfficePickupsPorts) {
    this.#ports = ports;
  }

  mayTake(by: Account, id: LegId, isEarlyOnly: boolean): boolean {
    const { snapshot } = this.#ports.configuration;
    const leg = this.#leg(id);
    if (leg === undefined) return false;
    const isRinging = leg.role === 'called' && leg.answeredAt === null;
    if (isEarlyOnly && !isRinging) return false;
    const [its, his] = [extensionOf(snapshot, leg), snapshot.extensionByNumber(by.extension)];
    if (its === undefined || his === undefined) return false;
    return its.id === his.id || (isRinging && its.callPickupGroups.some((group) => his.callPickupGroups.includes(group)));
  }

  #leg(id: LegId): LegView | undefined {
    for (const { legs } of this.#ports.exchange.calls()) {
      const leg = legs.find((one) => one.id === id);
      if (leg !== undefined) return leg.state === 'released' ? undefined : leg;
    }
    return undefined;
  }
}

function extensionOf(snapshot: Snapshot, { endpoint }: LegView): Extension | undefined {
  const { extensionId } = snapshot.devices.get(endpoint) ?? snapshot.stations.get(endpoint) ?? { extensionId: undefined };
  return extensionId === undefined ? undefined : snapshot.extensions.get(extensionId);
}
