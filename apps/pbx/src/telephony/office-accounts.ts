import type { Snapshot } from '@tipring/config';
import type { Account, Accounts } from '@tipring/sip-endpoint';
import type { LiveConfiguration } from '@tipring/store';

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

function accountOf(snapshot: Snapshot, username: string): Account | undefined {
  const device = snapshot.deviceByUsername(username);
  const extension = device === undefined ? undefined : snapshot.extensions.get(device.extensionId);
  if (device === undefined || extension === undefined) return undefined;
  const { algorithm, enabled } = device;
  return { deviceId: device.id, username, extension: extension.number, displayName: extension.displayName, enabled, algorithm, ha1: device.ha1[algorithm] };
}
