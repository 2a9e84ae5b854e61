import type { Timers } from '@tipring/clock';
import type { Snapshot } from '@tipring/config';
import { LineEndpoints, type LineEndpointsPorts, plansOf } from '@tipring/line-endpoint';
import type { GatewayMedia } from '@tipring/sip-endpoint';
import type { Logger } from 'pino';
import type { Storage } from '../storage.ts';
import { SiteClock } from './site-clock.ts';

export interface Analog {
  readonly endpoints: LineEndpoints;
  /** From now on it hears of the gateway, and asks for its ports. To be called when the audit was asked for: calls that lived on are taken back before their ports are. */
  follow(): void;
}

/** The analog telephones and lines of the configuration, and what they tell that is in no call record. */
export function startAnalog({ configuration, events }: Storage, media: GatewayMedia, ports: Pick<LineEndpointsPorts, 'exchange' | 'messages'>, emergencyNumbers: () => readonly [genuine: readonly string[], tests: readonly string[]], timers: Timers, log: Logger): Analog {
  const wall = new SiteClock(() => configuration.snapshot.settings.site.timeZone, Date.now);
  const endpoints = new LineEndpoints(
    {
      gateway: media,
      ...ports,
      log: {
        incident(id, what, text) {
          log.warn({ id, what, text }, 'analogIncident');
          events.append(`analog.${what}`, { id, text });
        },
        bug: (id, error) => log.error({ err: error, id }, 'bug'),
      },
    },
    timers,
    { localTime: () => wall.local(wall.now()) },
  );
  const configure = (snapshot: Snapshot) => endpoints.configure(plansOf(snapshot, ...emergencyNumbers()));
  configure(configuration.snapshot);
  configuration.observe((snapshot, changes) => {
    if (changes.some(({ kind }) => analog.has(kind))) configure(snapshot);
  });
  return {
    endpoints,
    follow() {
      media.onPortEvent = (event) => endpoints.portEvent(event);
      media.onState = (state) => endpoints.gatewayState(state);
      if (media.state === 'up') endpoints.gatewayState('up');
    },
  };
}

/** What plans are made of: an extension gives a station its number and name, routes and the site what is dialled outside, and whatever has a number can be dialled. */
const analog: ReadonlySet<string> = new Set([
  ...['line', 'station', 'extension', 'lineGroup', 'inboundRoute', 'outboundRoute', 'settings'],
  ...['ringGroup', 'queue', 'voicemailBox', 'ivr', 'conference', 'parkingLot', 'pagingZone', 'directory'],
]);
