import type { Binding, Hop } from '@tipring/sip';
import { escapeUser, isReliable, parseUri, uriParameter } from '@tipring/sip';
import type { DialRequest, Endpoint, EndpointId, Leg, LegId, LegListener, LegSnapshot } from '@tipring/telephony';
import { AdoptedLeg } from './adopted-leg.ts';
import { alertHeaders } from './alerting.ts';
import { deviceFarEnd } from './far-end.ts';
import { shownCaller } from './identity.ts';
import { OutboundLeg } from './outbound-leg.ts';
import { refusedLeg } from './refused-leg.ts';
import type { Surroundings } from './surroundings.ts';

/** A device at one of the contacts it registered. */
export class DeviceEndpoint implements Endpoint {
  readonly id: EndpointId;
  readonly #binding: Binding;
  readonly #surroundings: Surroundings;

  constructor(id: EndpointId, binding: Binding, surroundings: Surroundings) {
    this.id = id;
    this.#binding = binding;
    this.#surroundings = surroundings;
  }

  originate(leg: LegId, request: DialRequest, listener: LegListener): Leg {
    const { settings } = this.#surroundings;
    const { contact, path, flow, userAgent } = this.#binding;
    const shown = shownCaller(request.from, settings.domain, settings.trusts?.(this.id) === true ? 'trusted' : 'anybody');
    return new OutboundLeg(
      leg,
      {
        farEnd: deviceFarEnd(this.id, settings),
        hops: hopsTo(this.#binding),
        uri: contact,
        routes: path,
        mediaAddress: settings.mediaAddress?.(flow) ?? flow.local.address,
        from: shown.from,
        to: `<sip:${escapeUser(request.number)}@${settings.domain}>`,
        contactUser: shown.contactUser,
        headers: [...shown.headers, ...alertHeaders(request, userAgent, settings.domain)],
        maxForwards: request.hopsLeft,
      },
      request,
      listener,
      this.#surroundings,
    );
  }

  adopt(leg: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    return AdoptedLeg.of(leg, snapshot, deviceFarEnd(this.id, this.#surroundings.settings), listener, this.#surroundings);
  }
}

/** A device that cannot be reached: not registered, or not known. Its established legs can still be taken back. */
export class AbsentEndpoint implements Endpoint {
  readonly id: EndpointId;
  readonly #surroundings: Surroundings;

  constructor(id: EndpointId, surroundings: Surroundings) {
    this.id = id;
    this.#surroundings = surroundings;
  }

  originate(leg: LegId, _request: DialRequest, listener: LegListener): Leg {
    return refusedLeg(leg, 'subscriberAbsent', { kind: 'registration', text: 'no device of it is registered' }, listener, this.#surroundings.timers);
  }

  adopt(leg: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    return AdoptedLeg.of(leg, snapshot, deviceFarEnd(this.id, this.#surroundings.settings), listener, this.#surroundings);
  }
}

/** By the flow it registered by (a phone behind NAT has no other way in); a stream that broke may be opened anew to its contact. */
export function hopsTo({ flow, contact, path }: Binding): readonly Hop[] {
  if (!isReliable(flow.transport)) return [{ flow }];
  const uri = path.length > 0 ? undefined : parseUri(contact);
  // A WebSocket cannot be opened towards a browser, and TLS not towards an address alone. A contact that names the
  // connection's own far end is an ephemeral port, on which nobody listens.
  if (uri === undefined || flow.transport !== 'tcp' || uriParameter(uri, 'transport')?.toLowerCase() !== 'tcp') return [{ flow }];
  if (uri.host !== flow.remote.address || uri.port === flow.remote.port) return [{ flow }];
  return [{ flow }, { transport: 'tcp', address: uri.host, port: uri.port ?? 5060 }];
}

