import type { Extension, Snapshot } from '@tipring/config';
import type { Account, Accounts } from '@tipring/sip-endpoint';
import type { LiveConfiguration } from '@tipring/store';
import type { Cause, EndpointId, RouteOutcome, RouteRequest, Routes } from '@tipring/telephony';

/** The configuration as SIP sees it: who may sign in. Made once per user name and snapshot. */
export class OfficeAccounts implements Accounts {
  readonly #configuration: LiveConfiguration;
  #snapshot: Snapshot;
  #known = new Map<string, Account>();

  constructor(configuration: LiveConfiguration) {
    this.#configuration = configuration;
    this.#snapshot = configuration.snapshot;
  }

  byUsername(username: string): Account | undefined {
    const { snapshot } = this.#configuration;
    if (snapshot !== this.#snapshot) {
      this.#snapshot = snapshot;
      this.#known = new Map();
    }
    const known = this.#known.get(username);
    if (known !== undefined) return known;
    const account = accountOf(snapshot, username);
    // Names that do not exist are not remembered: there is no end of them.
    if (account !== undefined) this.#known.set(username, account);
    return account;
  }
}

/**
 * The configuration as calls see it: an internal number rings all devices and stations of its extension together; what begins with the
 * digits that lead to lines goes out over the first of them that is free.
 */
export class OfficeRoutes implements Routes {
  readonly #configuration: LiveConfiguration;

  constructor(configuration: LiveConfiguration) {
    this.#configuration = configuration;
  }

  resolve({ endpoint, number }: RouteRequest): RouteOutcome {
    const { snapshot } = this.#configuration;
    const extension = snapshot.extensionByNumber(number);
    return extension === undefined ? overLines(snapshot, endpoint, number) : toExtension(snapshot, endpoint, extension);
  }
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

function accountOf(snapshot: Snapshot, username: string): Account | undefined {
  const device = snapshot.deviceByUsername(username);
  const extension = device === undefined ? undefined : snapshot.extensions.get(device.extensionId);
  if (device === undefined || extension === undefined) return undefined;
  const { algorithm, enabled } = device;
  return { deviceId: device.id, username, extension: extension.number, displayName: extension.displayName, enabled, algorithm, ha1: device.ha1[algorithm] };
}
