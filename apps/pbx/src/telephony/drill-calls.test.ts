import { FakeTimers } from '@tipring/clock';
import { buildSnapshot } from '@tipring/config';
import { FakeGateway } from '@tipring/gateway';
import { emergencyNumbersOf } from '@tipring/line';
import { GatewayMedia } from '@tipring/sip-endpoint';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import { TestCalls } from './drill-calls.ts';
import { OfficeRouting } from './office-routing.ts';

const at = Date.parse('2026-11-24T15:00:00.000Z');

test.each([
  ['911', 'emergencyNumber'],
  ['9911', 'emergencyNumber'],
  ['102', 'notOnTheWay'],
])('a drill to %s is refused: %s, and nobody is called', (number, code) => {
  const bed = drills();
  expect(bed.begin(number)).toMatchObject({ ok: false, code });
  expect(bed.dialled).toEqual([]);
});

test('the number for trying the emergency route may be drilled, like any other outside', () => {
  for (const number of ['933', '912125550190']) {
    const bed = drills();
    expect(bed.begin(number)).toEqual({ ok: true, value: 'drill' });
    expect([bed.dialled, bed.impaired]).toEqual([[number], [bed.trunk]]);
    expect(bed.begin(number)).toMatchObject({ ok: false, code: 'drillGoesOn' });
  }
});

/** The demo office, whose calls are only written down. */
function drills() {
  const built = buildSnapshot(demoOffice('tipring', '2026-11-24T10:00:00.000Z', { simulated: true }).rows);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  const configuration = { snapshot: built.value };
  const ready = { state: 'ready', text: 'ready', idleSince: null, usedMs: 0, isEmergency: false } as const;
  const wallClock = () => at;
  const timers = new FakeTimers();
  const dialled: string[] = [];
  const impaired: string[] = [];
  const calls = new TestCalls({
    configuration,
    exchange: {
      observe: () => () => {},
      originate: ({ to }) => {
        dialled.push(to);
        return 'drill';
      },
    },
    routing: new OfficeRouting({ configuration, facts: { emergencyNumbers: emergencyNumbersOf }, availabilities: { availability: () => ready }, wallClock }),
    trunks: { impair: (trunk) => void impaired.push(trunk) },
    media: new GatewayMedia(new FakeGateway({ timers })),
    timers, wallClock, address: '127.0.0.1', codecs: [],
  });
  const trunk = [...configuration.snapshot.trunks.keys()][0]!;
  const { id: extensionId, number } = configuration.snapshot.extensionByNumber('101')!;
  return { trunk, dialled, impaired, begin: (to: string) => calls.begin({ trunkId: trunk, impairment: 'blackHole', number: to, extensionId, party: { number } }) };
}
