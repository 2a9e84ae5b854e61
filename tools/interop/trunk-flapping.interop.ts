import { afterAll, expect, test } from 'vitest';
import { pause } from '../testbed/each.ts';
import { carrierPort, officeCard, TrunkOffice, type TrunkView } from '../testbed/trunk-office.ts';
import { CarrierParty } from './parties/carrier-party.ts';
import { LineParty } from './parties/line-party.ts';
import { bothHear } from './parties/party.ts';

/*
 * A trunk that comes and goes: whoever calls meanwhile is put through, by trunk or by line.
 */
let office: TrunkOffice;

afterAll(() => office?.stop());

test('a trunk that comes and goes twenty times: every call is put through, by trunk or by line, and one that is up stays up', async () => {
  office = await TrunkOffice.start({ lines: 12, phones: 6 });
  const carrier = await office.carrier({ address: '127.0.0.120', usual: { is: 'answered', afterMs: 100 } });
  const trunk = await office.addTrunk('flapping', { server: { host: '127.0.0.120', port: carrierPort, transport: 'udp' }, peering: { type: 'address' }, health: { optionsIntervalS: 1 } });
  const lines: LineParty[] = [];
  // More than callers: who hangs up keeps his line for a moment.
  for (let at = 0; at < 12; at += 1) lines.push(new LineParty(office.office, await office.addLine({ card: officeCard, port: at + 1 }), 2_220, ''));
  await Promise.all(lines.map((line) => line.rests()));
  for (const { line: { port } } of lines) await office.office.act({ on: 'line', port, do: 'policy', policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } });
  const lineGroup = await office.addLineGroup('lines', lines.map(({ line }) => line));
  await office.addOutboundRoute('71', [{ trunk }, { lineGroup }]);
  await office.trunkIs(trunk, 'up');
  const [held, ...callers] = office.phones;
  const outside = new CarrierParty(carrier, { number: '712125550190', shows: { number: null, name: null } }, 1_860);
  await held!.call(outside.number);
  await outside.isCalled();
  await Promise.all([held!.speak(), outside.speak()]);
  await bothHear(held!, outside, 300);

  let flaps = 0;
  const states: TrunkView['state'][] = [];
  const outcomes: string[] = [];
  const flapping = (async () => {
    for (; flaps < 20; flaps += 1) {
      await carrier.act({ do: 'fail', failure: { is: 'blackHole' } });
      await pause(600);
      await carrier.act({ do: 'mend' });
      await pause(600);
      const { state } = await office.trunk(trunk);
      if (state !== states.at(-1)) states.push(state);
    }
  })();
  const calling = callers.map(async (caller, at) => {
    await pause(300 * at);
    while (flaps < 20) {
      await caller.call(`712125551${String(outcomes.length).padStart(3, '0')}`);
      const end = await caller.party.heard(['accepted', 'rejected', 'ended'], 0, 15_000);
      outcomes.push(`${end} ${caller.party.end ?? ''}`);
      await pause(300);
      await caller.hangUp();
      await caller.rests();
    }
  });
  await Promise.all([flapping, ...calling]);
  console.log(`${outcomes.length} calls while the trunk came and went; its states: ${states.join(', ')}`);
  expect(outcomes.filter((outcome) => outcome.trim() !== 'accepted')).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(15);
  await bothHear(held!, outside, 500);
  await held!.hangUp();
  await outside.isTold();
  await Promise.all(lines.map((line) => line.rests()));
});

