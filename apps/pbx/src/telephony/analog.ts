import type { Timers } from '@tipring/clock';
import { LineEndpoints, type LineEndpointsPorts, plansOf } from '@tipring/line-endpoint';
import type { GatewayMedia } from '@tipring/sip-endpoint';
import type { Logger } from 'pino';
import type { Storage } from '../storage.ts';

/** The analog telephones and lines of the configuration, and what they tell that is in no call record. */
export function startAnalog({ configuration, events }: Storage, media: GatewayMedia, exchange: LineEndpointsPorts['exchange'], timers: Timers, log: Logger): LineEndpoints {
  const endpoints = new LineEndpoints(
    {
      gateway: media,
      exchange,
      log: {
        incident(id, what, text) {
          log.warn({ id, what, text }, 'analogIncident');
          events.append(`analog.${what}`, { id, text });
        },
        bug: (id, error) => log.error({ err: error, id }, 'bug'),
      },
    },
    timers,
    { localTime },
  );
  endpoints.configure(plansOf(configuration.snapshot));
  configuration.observe((snapshot, changes) => {
    if (changes.some(({ kind }) => analog.has(kind))) endpoints.configure(plansOf(snapshot));
  });
  media.onPortEvent = (event) => endpoints.portEvent(event);
  media.onState = (state) => endpoints.gatewayState(state);
  return endpoints;
}

function localTime(): { month: number; day: number; hour: number; minute: number } {
  const now = new Date();
  return { month: now.getMonth() + 1, day: now.getDate(), hour: now.getHours(), minute: now.getMinutes() };
}

/** What plans are made of; an extension gives a station its number and name. */
const analog: ReadonlySet<string> = new Set(['line', 'station', 'extension']);
