import type { Snapshot } from '@tipring/config';
import type { Account, Accounts } from '@tipring/sip-endpoint';
import type { LiveConfiguration } from '@tipring/store';
import type { RouteOutcome, RouteRequest, Routes } from '@tipring/telephony';

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

/** The configuration as calls see it: an internal number rings all devices of its extension together. */
export class OfficeRoutes implements Routes {
  readonly #configuration: LiveConfiguration;

  constructor(configuration: LiveConfiguration) {
    this.#configuration = configuration;
  }

  resolve({ number }: RouteRequest): RouteOutcome {
    const { snapshot } = this.#configuration;
    const extension = snapshot.extensionByNumber(number);
    if (extension === undefined) return { ok: false, cause: 'unallocatedNumber', evidence: { kind: 'routing', text: `nobody has the number ${number}` } };
    const endpoints = snapshot.devicesOf(extension.id).filter((device) => device.enabled).map((device) => device.id);
    if (endpoints.length === 0) return { ok: false, cause: 'subscriberAbsent', evidence: { kind: 'routing', text: `extension ${number} has no device that is enabled` } };
    return { ok: true, route: { direction: 'internal', attempts: [{ endpoints, number, timeoutMs: extension.ringTimeoutMs }] } };
  }
}

function accountOf(snapshot: Snapshot, username: string): Account | undefined {
  const device = snapshot.deviceByUsername(username);
  const extension = device === undefined ? undefined : snapshot.extensions.get(device.extensionId);
  if (device === undefined || extension === undefined) return undefined;
  const { algorithm, enabled } = device;
  return { deviceId: device.id, username, extension: extension.number, displayName: extension.displayName, enabled, algorithm, ha1: device.ha1[algorithm] };
}
