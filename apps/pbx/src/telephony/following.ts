import type { Snapshot } from '@tipring/config';
import type { GatewayMedia, SipEndpoints, TrunkEndpoints } from '@tipring/sip-endpoint';
import type { LiveConfiguration } from '@tipring/store';
import type { Exchange } from '@tipring/telephony';
import type { Logger } from 'pino';
import type { Storage } from '../storage.ts';
import type { OfficeRouting } from './office-routing.ts';

/* What telephony does when the gateway or the configuration tells something. */

/** Resolves when the gateway has told what it holds and that is taken back, or when it does not come for a while. `told`: when it has, however late. */
export function adoptCalls(media: GatewayMedia, exchange: Exchange, told: () => void): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, GATEWAY_PATIENCE_MS);
    let first = true;
    media.audited = (held) => {
      if (first) {
        exchange.adopt(held);
        told();
      }
      first = false;
      exchange.gatewayReturned(held.map((one) => one.context));
      clearTimeout(patience);
      resolve();
    };
    media.audit();
  });
}

/** The trunks of the configuration, as they are from now on. */
export function followTrunks(configuration: LiveConfiguration, trunks: TrunkEndpoints): void {
  const configure = (snapshot: Snapshot) => trunks.configure([...snapshot.trunks.values()]);
  configure(configuration.snapshot);
  configuration.observe((snapshot, changes) => {
    if (changes.some(({ kind }) => kind === 'trunk')) configure(snapshot);
  });
}

/** Whether somebody is known by a certificate: only then are TLS peers asked for one. */
export function wantsCertificates({ trunks }: Snapshot): boolean {
  for (const { isEnabled, peering } of trunks.values()) if (isEnabled && peering.type === 'certificate') return true;
  return false;
}

/** Calls outside of the last day, read beside the start: nobody waits for it. */
export function rememberCalls({ records }: Storage, routing: OfficeRouting, log: Logger): void {
  records.outsideSince(Date.now() - REMEMBERED_MS, MOST_REMEMBERED).then(
    (calls) => routing.remember(calls),
    (error: unknown) => log.warn({ reason: String(error) }, 'callsOfTheLastDayNotRead'),
  );
}

/** A device that is gone, disabled or has a new password is not reachable any more, whatever it registered before. */
export function forgetWhomTheConfigurationForgets(storage: Storage, endpoints: SipEndpoints): void {
  storage.configuration.observe((_snapshot, changes) => {
    for (const change of changes) {
      storage.events.append(`configuration.${change.change}`, change.kind === 'settings' ? { kind: change.kind } : { kind: change.kind, id: change.id });
      if (change.kind !== 'device') continue;
      if (change.change === 'removed') endpoints.bindings.removeAll(change.id, 'administrative');
      else if (change.change === 'changed' && (!change.after.enabled || change.after.ha1.MD5 !== change.before.ha1.MD5)) endpoints.bindings.removeAll(change.id, 'administrative');
    }
  });
}

const REMEMBERED_MS = 24 * 3_600_000;
const MOST_REMEMBERED = 20_000;
const GATEWAY_PATIENCE_MS = 1_000;
