import type { HeaderLines } from '@tipring/sip';
import type { EndpointId, Party } from '@tipring/telephony';
import { shownParty } from './identity.ts';
import type { SipEndpointsSettings } from './sip-endpoints-ports.ts';

/** Who is at the far end of a leg, as far as its conversation must know. */
export interface FarEnd {
  readonly endpoint: EndpointId;
  /** Whether it may ask for transfers (REFER). */
  readonly mayRefer: boolean;
  /** The lines that tell it whom it talks to, and by which requests they may go; undefined: it is not told. */
  shows(party: Party): { readonly headers: HeaderLines; readonly by: 'anyRequest' | 'update' } | undefined;
}

export function deviceFarEnd(device: EndpointId, { domain, trusts }: Pick<SipEndpointsSettings, 'domain' | 'trusts'>): FarEnd {
  return {
    endpoint: device,
    mayRefer: true,
    shows: (party) => ({ headers: shownParty(party, domain, trusts?.(device) === true ? 'trusted' : 'anybody'), by: 'anyRequest' }),
  };
}
