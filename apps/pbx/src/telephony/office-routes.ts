import type { Extension, Snapshot } from '@tipring/config';
import type { LiveConfiguration } from '@tipring/store';
import type { Cause, EndpointId, RouteOutcome, RouteRequest, Routes } from '@tipring/telephony';

/** By a region's code: the numbers that reach an emergency service there. */
export type EmergencyNumbers = (region: string) => readonly string[];

/**
 * The configuration as calls see it: an internal number rings all devices and stations of its extension together; what begins with the
 * digits that lead to lines goes out over the first of them that is free. The emergency numbers of the countries of our ports come before
 * all, with such digits or without.
 */
export class OfficeRoutes implements Routes {
  readonly #configuration: LiveConfiguration;
  readonly #numbersOf: EmergencyNumbers;
  #emergency: { readonly of: Snapshot; readonly numbers: readonly string[] } | undefined;

  constructor(configuration: LiveConfiguration, numbersOf: EmergencyNumbers) {
    this.#configuration = configuration;
    this.#numbersOf = numbersOf;
  }

  resolve({ endpoint, number }: RouteRequest): RouteOutcome {
    const { snapshot } = this.#configuration;
    // Who calls in on a line is not in our building.
    const emergency = snapshot.lines.has(endpoint) ? undefined : emergencyNumber(snapshot, this.#emergencyIn(snapshot), number);
    if (emergency !== undefined) return toEmergency(snapshot, emergency);
    const extension = snapshot.extensionByNumber(number);
    return extension === undefined ? overLines(snapshot, endpoint, number) : toExtension(snapshot, endpoint, extension);
  }

  /** Once for each configuration. */
  #emergencyIn(snapshot: Snapshot): readonly string[] {
    if (this.#emergency?.of !== snapshot) this.#emergency = { of: snapshot, numbers: emergencyIn(snapshot, this.#numbersOf) };
    return this.#emergency.numbers;
  }
}

/** The emergency numbers of the countries of all ports. */
export function emergencyIn({ lines, stations }: Snapshot, numbersOf: EmergencyNumbers): readonly string[] {
  const regions = new Set([...lines.values(), ...stations.values()].map(({ region }) => region));
  return [...new Set([...regions].flatMap(numbersOf))];
}

/** The emergency number that was dialled; undefined: it is none. */
function emergencyNumber(snapshot: Snapshot, known: readonly string[], number: string): string | undefined {
  if (known.includes(number)) return number;
  for (const { outbound } of snapshot.lines.values()) {
    const behind = outbound !== null && number.startsWith(outbound.prefix) ? number.slice(outbound.prefix.length) : '';
    if (known.includes(behind)) return behind;
  }
  return undefined;
}

/** Over every line that is there, those that were tried by somebody first. */
function toEmergency(snapshot: Snapshot, number: string): RouteOutcome {
  const lines = [...snapshot.lines.values()].filter(({ isEnabled }) => isEnabled).sort((a, b) => Number(b.isCommissioned) - Number(a.isCommissioned));
  if (lines.length === 0) return refused('noRouteToDestination', `there is no line to reach ${number} (emergency)`);
  return { ok: true, route: { direction: 'outbound', attempts: lines.map(({ id }) => ({ endpoints: [id], number, timeoutMs: OUTBOUND_MS })) } };
}

function toExtension(snapshot: Snapshot, from: EndpointId, { id, number, ringTimeoutMs }: Extension): RouteOutcome {
  const devices = snapshot.devicesOf(id).filter(({ enabled }) => enabled);
  const stations = snapshot.stationsOf(id).filter(({ isEnabled }) => isEnabled);
  const endpoints = [...devices, ...stations].map((one) => one.id);
  if (endpoints.length === 0) return refused('subscriberAbsent', `extension ${number} has no device and no station that is enabled`);
  return { ok: true, route: { direction: snapshot.lines.has(from) ? 'inbound' : 'internal', attempts: [{ endpoints, number, timeoutMs: ringTimeoutMs }] } };
}

/** The longest prefix decides. A call that came in on a line does not go out on the same. */
function overLines(snapshot: Snapshot, from: EndpointId, number: string): RouteOutcome {
  let prefix = '';
  for (const { outbound } of snapshot.lines.values()) if (outbound !== null && number.startsWith(outbound.prefix) && outbound.prefix.length > prefix.length) ({ prefix } = outbound);
  if (prefix === '') return refused('unallocatedNumber', `nobody has the number ${number}`);
  const behind = number.slice(prefix.length);
  if (behind === '') return refused('invalidNumberFormat', `no number behind ${prefix}`);
  const lines = [...snapshot.lines.values()].filter(({ id, outbound, isEnabled }) => outbound?.prefix === prefix && isEnabled && id !== from);
  const ready = lines.filter(({ isCommissioned }) => isCommissioned);
  if (ready.length === 0) return refused('noRouteToDestination', lines.length === 0 ? `no line behind ${prefix} may be used` : `no line behind ${prefix} is commissioned: GET /api/v1/lines tells what to do`);
  return { ok: true, route: { direction: 'outbound', attempts: ready.map(({ id }) => ({ endpoints: [id], number: behind, timeoutMs: OUTBOUND_MS })) } };
}

function refused(cause: Cause, text: string): RouteOutcome {
  return { ok: false, cause, evidence: { kind: 'routing', text } };
}

/** A line tells by itself when nobody answers. */
const OUTBOUND_MS = 200_000;
