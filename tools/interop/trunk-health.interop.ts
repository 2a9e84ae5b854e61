import type { CarrierFailure } from '@tipring/carrier-control';
import type { SimulatedCarrier } from '@tipring/carrier';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { carrierPort, TrunkOffice } from '../testbed/trunk-office.ts';

/*
 * What becomes of a trunk that nobody calls: found dead within ten seconds, back in service only once it has proved itself, and the longer the more often it died.
 */
const failures: readonly { readonly failure: CarrierFailure; readonly transport: 'udp' | 'tcp' }[] = [
  { failure: { is: 'blackHole' }, transport: 'udp' },
  { failure: { is: 'blackHole' }, transport: 'tcp' },
  { failure: { is: 'closed' }, transport: 'udp' },
  { failure: { is: 'closed' }, transport: 'tcp' },
  { failure: { is: 'reset' }, transport: 'tcp' },
];

let office: TrunkOffice;
const dying: { readonly carrier: SimulatedCarrier; readonly trunk: string; readonly failure: CarrierFailure; readonly name: string }[] = [];

beforeAll(async () => {
  office = await TrunkOffice.start({ lines: 1, phones: 0 });
  for (const [at, { failure, transport }] of failures.entries()) {
    const address = `127.0.0.${100 + at}`;
    const carrier = await office.carrier({ address });
    const trunk = await office.addTrunk(`dying-${at}`, { server: { host: address, port: carrierPort, transport }, peering: { type: 'address' } });
    dying.push({ carrier, trunk, failure, name: `${failure.is} over ${transport}` });
  }
  await Promise.all(dying.map(({ trunk }) => office.trunkIs(trunk, 'up')));
});

afterAll(() => office?.stop());

test('a trunk that dies is down within ten seconds; it is up again after three answers, and after six the second time', async () => {
  const told: string[] = [];
  await Promise.all(dying.map(async ({ carrier, trunk, failure, name }) => {
    await carrier.act({ do: 'fail', failure });
    const downMs = await office.trunkIs(trunk, 'down');
    await carrier.act({ do: 'mend' });
    const upMs = await office.trunkIs(trunk, 'up');
    const answers = carrier.state().received['OPTIONS'] ?? 0;
    told.push(`${name}: down after ${seconds(downMs)}, up ${seconds(upMs)} after it was mended`);
    expect(downMs, name).toBeLessThan(10_000);
    expect(answers, name).toBeGreaterThanOrEqual(3);

    await carrier.act({ do: 'fail', failure });
    const downAgainMs = await office.trunkIs(trunk, 'down');
    const before = carrier.state().received['OPTIONS'] ?? 0;
    await carrier.act({ do: 'mend' });
    const upAgainMs = await office.trunkIs(trunk, 'up');
    told.push(`${name}, again: down after ${seconds(downAgainMs)}, up ${seconds(upAgainMs)} after it was mended`);
    expect(downAgainMs, name).toBeLessThan(10_000);
    expect((carrier.state().received['OPTIONS'] ?? 0) - before, name).toBeGreaterThanOrEqual(6);
  }));
  console.log(told.toSorted().join('\n'));
});

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
