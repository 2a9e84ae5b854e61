import { portKey } from '@tipring/cards';
import type { Snapshot } from '@tipring/config';
import type { Gateway, GatewayCommand, GatewayReplies } from '@tipring/gateway';
import type { Live } from '@tipring/line-endpoint';
import type { AnalogLive, Asked, Cards, HealthPart, Simulator } from '../api/ports.ts';

/** The media gateway's cards, for the API. */
export function cardsOf(gateway: Gateway): Cards {
  return {
    async list() {
      const asked = await ask(gateway, { do: 'cards' });
      return asked.ok ? { ok: true, value: asked.value.cards } : asked;
    },
    measure: (port) => ask(gateway, { do: 'measurePort', port: portKey(port) }),
  };
}

/** The media gateway's simulated telephones and exchanges, for the API. */
export function simulatorOf(gateway: Gateway): Simulator {
  return {
    state: () => ask(gateway, { do: 'simulator' }),
    act: (act) => ask(gateway, { do: 'simulate', act }),
  };
}

/** Lines and stations as their machines stand, for the API, whose instants are of the wall clock. */
export function analogOf(find: (id: string) => Live | undefined, epochShift: () => number): AnalogLive {
  return {
    find(id) {
      const live = find(id);
      return live === undefined ? undefined : { ...live, since: Math.round(live.since + epochShift()) };
    },
  };
}

/** Whether what is plugged in is there; undefined: nothing is configured. Without it calls go on by other ways. */
export function analogHealth({ lines, stations }: Snapshot, find: (id: string) => Live | undefined): HealthPart | undefined {
  const enabled = [...lines.values(), ...stations.values()].filter(({ isEnabled }) => isEnabled);
  if (enabled.length === 0) return undefined;
  const absent = enabled.filter(({ id }) => find(id)?.isPresent !== true).map(({ port }) => portKey(port));
  if (absent.length === 0) return { up: true, vital: false, text: `${enabled.length} lines and stations are in service` };
  const named = absent.slice(0, NAMED).join(', ') + (absent.length > NAMED ? ' …' : '');
  return { up: false, vital: false, text: `${absent.length} of ${enabled.length} lines and stations have no port: ${named}. GET /api/v1/cards tells which cards are there` };
}

/** The gateway answers every command, with a refusal if need be. */
function ask<Command extends GatewayCommand>(gateway: Gateway, command: Command): Promise<Asked<GatewayReplies[Command['do']]>> {
  return new Promise((resolve) => {
    gateway.send(command, (reply, refusal) => resolve(reply === null ? { ok: false, code: refusal?.code ?? 'gone', text: refusal?.text ?? 'no answer' } : { ok: true, value: reply }));
  });
}

const NAMED = 8;
