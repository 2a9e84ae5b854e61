import { buildSnapshot, rowsOf } from '@tipring/config';
import { fakeCard, FakeGateway } from '@tipring/gateway';
import type { Live } from '@tipring/line-endpoint';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import { analogHealth, analogOf, cardsOf, simulatorOf } from './analog-views.ts';

test('cards, measurements and the simulator are asked of the gateway; what it refuses, and that it is gone, comes back as a code', async () => {
  const gateway = new FakeGateway({ cards: [fakeCard('SIM-1', ['fxo', 'fxs'])] });
  const cards = cardsOf(gateway);
  expect(await cards.list()).toMatchObject({ ok: true, value: [{ serial: 'SIM-1' }] });
  gateway.send({ do: 'openPort', port: 'SIM-1/2' });
  expect(await cards.measure({ card: 'SIM-1', port: 2 })).toMatchObject({ ok: true, value: { line: { lineVolts: 48 } } });
  expect(await cards.measure({ card: 'SIM-1', port: 7 })).toMatchObject({ ok: false, code: 'noSuchPort' });
  expect(await simulatorOf(gateway).state()).toMatchObject({ ok: false, code: 'noSimulator' });
  expect(await simulatorOf(gateway).act({ on: 'card', card: 'SIM-1', do: 'pull' })).toMatchObject({ ok: false, code: 'noSimulator' });
  gateway.goDown();
  expect(await cards.list()).toMatchObject({ ok: false, code: 'gone' });
});

test('since when a line stands as it stands is told by the wall clock', () => {
  const live = { kind: 'line', id: 'lin_1', since: 1_500.25 } as Live;
  expect(analogOf((id) => (id === 'lin_1' ? live : undefined), () => 1_800_000_000_000).find('lin_1')?.since).toBe(1_800_000_001_500);
  expect(analogOf(() => undefined, () => 0).find('lin_1')).toBeUndefined();
});

test('health names the ports that are not there; lines that are disabled are not missed, and an office without any has no such part', () => {
  const now = '2026-11-22T18:00:00.000Z';
  const { rows } = demoOffice('tipring', now, { simulated: true });
  const phonesAlone = demoOffice('tipring', now, { simulated: false }).rows;
  const snapshotOf = (given: typeof rows) => {
    const built = buildSnapshot(given);
    if (!built.ok) throw new Error(JSON.stringify(built.problems));
    return built.value;
  };
  expect(analogHealth(snapshotOf(phonesAlone), () => undefined)).toBeUndefined();

  const office = snapshotOf(rows);
  const present = (id: string) => ({ id, isPresent: true }) as Live;
  expect(analogHealth(office, present)).toEqual({ up: true, vital: false, text: '12 lines and stations are in service' });
  const gone = rows.lines[1]!.id;
  const health = analogHealth(office, (id) => ({ id, isPresent: id !== gone }) as Live);
  expect(health).toMatchObject({ up: false, vital: false, text: expect.stringMatching(/^1 of 12 .* SIM-1\/2\. /) });
  const disabled = snapshotOf({ ...rowsOf(office), lines: rows.lines.map((line) => ({ ...line, isEnabled: line.id !== gone })) });
  expect(analogHealth(disabled, (id) => ({ id, isPresent: id !== gone }) as Live)?.up).toBe(true);
});
