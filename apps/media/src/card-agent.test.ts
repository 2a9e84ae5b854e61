import { LoopAgent } from '@tipring/cards/dahdi/test-support';
import { portConformance, type GatewayClient } from '@tipring/gateway';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { breakable } from './testing/breakable-connection.ts';
import { connected, kindsForTests, type MediaProcess, startMedia } from './testing/media-process.ts';

const program = process.env['TIPRING_CARD_AGENT_LOOP'] ?? '';

const forget = async (gateway: GatewayClient): Promise<void> => {
  const audit = await new Promise<{ readonly contexts: readonly { readonly context: string }[]; readonly ports: readonly string[] } | null>((resolve) => gateway.send({ do: 'audit' }, resolve));
  for (const { context } of audit?.contexts ?? []) await new Promise((resolve) => gateway.send({ do: 'release', context }, resolve));
  for (const port of audit?.ports ?? []) await new Promise((resolve) => gateway.send({ do: 'closePort', port }, resolve));
};

const cards = (gateway: GatewayClient): Promise<readonly string[] | undefined> => new Promise((resolve) => gateway.send({ do: 'cards' }, (reply) => resolve(reply?.cards.map(({ serial }) => serial))));

/** Port 2 of the loop feeds port 1, and a telephone is on port 4. */
describe.skipIf(program === '')('the cards of an agent in the media gateway process', () => {
  const agent = new LoopAgent(program);
  let media: MediaProcess | undefined;
  beforeAll(async () => {
    agent.start();
    await vi.waitFor(() => expect(agent.log.join('\n')).toContain('Card LOOP'), { timeout: 60_000, interval: 10 });
    media = await startMedia(kindsForTests()[0]!, { TIPRING_CARD_AGENT: agent.socket, TIPRING_RTP_PORTS: '28600-28699' });
  });
  afterAll(async () => {
    await media?.end();
    await agent.remove();
  });

  portConformance(test, async () => {
    const { socket } = media!;
    const proxy = await breakable(socket);
    const gateway = await connected(proxy.path);
    // A machine that lets the gateway wait for seconds lets the agent think that it is gone: then the card comes back.
    await vi.waitFor(async () => expect(await cards(gateway)).toEqual(['LOOP']), { timeout: 20_000, interval: 20 });
    const handset = async (hook: 'off' | 'on'): Promise<void> => agent.hand(`${hook === 'off' ? 'lift' : 'hang'} 4`);
    const end = async (): Promise<void> => {
      gateway.close();
      proxy.close();
      agent.hand('hang 4');
      const direct = await connected(socket);
      await forget(direct);
      direct.close();
    };
    return { gateway, card: 'LOOP', fxo: 'LOOP/1', fxs: 'LOOP/4', handset, lose: proxy.lose, comeBack: proxy.mend, end };
  });
});
