import { buildSnapshot } from '@tipring/config';
import { expect, test } from 'vitest';
import { demoPorts } from './demo-ports.ts';
import { demoOffice } from './first-start.ts';

test('each simulated telephone of the demo card is a station with an extension of its own, each simulated line a line', () => {
  const now = '2026-11-22T18:00:00.000Z';
  const { rows } = demoOffice('tipring', now);
  const { extensions, stations, lines } = demoPorts(now);
  const built = buildSnapshot({ ...rows, extensions: [...rows.extensions, ...extensions], stations, lines });
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  const { value: snapshot } = built;
  expect(extensions.map(({ number }) => number)).toEqual(['121', '122', '123', '124', '125', '126', '127', '128']);
  for (const [index, { number }] of extensions.entries()) {
    expect(snapshot.stationAt({ card: 'SIM-1', port: 5 + index })?.extensionId).toBe(snapshot.extensionByNumber(number)?.id);
  }
  expect(stations.filter(({ kind }) => kind !== 'telephone').map(({ displayName, kind }) => [displayName, kind])).toEqual([['Fax', 'fax'], ['Door phone', 'door']]);
  expect(lines.map(({ port, displayName }) => [port.port, displayName])).toEqual([[1, 'Line 5550101'], [2, 'Line 5550102'], [3, 'Line 5550103'], [4, 'Line 5550104']]);
  for (const line of lines) expect(line).toMatchObject({ isCommissioned: true, inbound: { type: 'extension', id: extensions[0]!.id }, outbound: { prefix: '9' } });
});
