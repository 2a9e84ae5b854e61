import type { TrunkEvent } from '@tipring/sip-endpoint';
import type { EventLog, LiveConfiguration } from '@tipring/store';
import type { CallEvent, EndpointId } from '@tipring/telephony';
import type { Logger } from 'pino';
import type { EmergencyNotice, EmergencyNotifier } from './emergency-notifier.ts';

export interface OfficeIncidentsPorts {
  readonly configuration: Pick<LiveConfiguration, 'snapshot'>;
  readonly events: Pick<EventLog, 'append'>;
  readonly notifier: Pick<EmergencyNotifier, 'notify'>;
  readonly log: Logger;
}

/** What somebody should know at once: a trunk that is lost or back, a call that had to take another way, an emergency. */
export class OfficeIncidents {
  readonly #ports: OfficeIncidentsPorts;

  constructor(ports: OfficeIncidentsPorts) {
    this.#ports = ports;
  }

  hearTrunk(event: TrunkEvent): void {
    const { events, log, configuration } = this.#ports;
    const key = configuration.snapshot.trunks.get(event.id)?.key ?? event.id;
    if (event.type === 'registration') {
      events.append(`trunk.${event.state}`, { trunkId: event.id, key, text: event.text });
      return;
    }
    log[event.to === 'down' ? 'error' : 'warn']({ trunk: key, from: event.from, to: event.to, why: event.why }, 'trunkState');
    events.append(`trunk.${event.to}`, { trunkId: event.id, key, from: event.from, why: event.why });
  }

  hearCall(event: CallEvent): void {
    if (event.type === 'call.rerouted') {
      const { from, cause, evidence, to, afterMs } = event.rerouting;
      this.#ports.log.warn({ call: event.call.id, from: from.name, to: to.name, cause, evidence: evidence.text, afterMs }, 'failOver');
      this.#ports.events.append('incident.failOver', { callId: event.call.id, from, cause, evidence, to, afterMs });
    } else if (event.type === 'call.emergency') {
      const notice = this.#notice(event);
      this.#ports.events.append('emergency.called', { ...notice });
      this.#ports.notifier.notify(notice);
    }
  }

  #notice({ call, at, number, isTest }: Extract<CallEvent, { type: 'call.emergency' }>): EmergencyNotice {
    const { snapshot } = this.#ports.configuration;
    const caller = call.legs.find(({ role }) => role === 'caller')?.endpoint;
    const first = call.legs.find(({ role }) => role === 'called')?.endpoint;
    const extension = caller === undefined ? undefined : this.#extensionOf(caller);
    const location = snapshot.emergencyLocations.get(extension?.calling?.locationId ?? snapshot.settings.emergency.locationId ?? '');
    return {
      call: call.id,
      at: new Date(at).toISOString(),
      number,
      isTest,
      extension: extension === undefined ? null : { number: extension.number, displayName: extension.displayName },
      location: location === undefined ? null : { displayName: location.displayName, address: location.address },
      by: first === undefined ? null : this.#nameOf(first),
    };
  }

  #extensionOf(endpoint: EndpointId) {
    const { snapshot } = this.#ports.configuration;
    const id = snapshot.devices.get(endpoint)?.extensionId ?? snapshot.stations.get(endpoint)?.extensionId;
    return id === undefined ? undefined : snapshot.extensions.get(id);
  }

  #nameOf(endpoint: EndpointId): string {
    const { snapshot } = this.#ports.configuration;
    const line = snapshot.lines.get(endpoint);
    const trunk = snapshot.trunks.get(endpoint);
    return line !== undefined ? `line ${line.key}` : trunk !== undefined ? `trunk ${trunk.key}` : endpoint;
  }
}
