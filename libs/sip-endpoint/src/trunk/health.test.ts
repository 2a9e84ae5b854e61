import { expect, test } from 'vitest';
import { registering, trunk, TrunkBed } from './trunk-bed.ts';

test('down within 10 s of the loss with the usual settings, wherever in its interval it falls; back after three answers', async () => {
  for (let lostAfterMs = 0; lostAfterMs < 3_000; lostAfterMs += 250) {
    const bed = new TrunkBed();
    const carrier = bed.carrier();
    await bed.configure(trunk());
    bed.pass(20_000 + lostAfterMs);
    carrier.is = 'blackHole';
    const lostAt = bed.timers.now();
    bed.pass(10_000);
    const down = bed.pbx.trunkEvents.at(-1);
    expect(down).toMatchObject({ type: 'state', to: 'down' });
    expect((down?.at ?? Infinity) - lostAt).toBeLessThanOrEqual(8_000);
    expect(bed.pbx.trunks.availability('trk-1')).toMatchObject({ state: 'down', text: expect.stringContaining('it does not answer') as string });
    carrier.is = 'well';
    bed.pass(4_000);
    expect(bed.state()).toBe('down');
    bed.pass(6_000);
    expect(bed.state()).toBe('up');
  }
});

test('20 flaps: the trunk is back a few times and then stays away, calls that are up notice nothing, and new ones are not thrown about', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const talking = bed.ask();
  bed.pass(20);
  carrier.answer();
  bed.pass();
  for (let flap = 0; flap < 20; flap++) {
    carrier.is = 'blackHole';
    bed.pass(9_000);
    carrier.is = 'well';
    bed.pass(12_000);
  }
  expect(bed.changes().filter((to) => to === 'down').length).toBeLessThanOrEqual(3);
  expect(bed.told(talking)).toEqual(['answered']);
  // And well for long enough it is itself again.
  bed.pass(1_200_000);
  expect(bed.state()).toBe('up');
});

test('a trunk that goes down releases who waits there and hears nothing, and nobody else', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  carrier.answersOptions = false;
  await bed.configure(trunk());
  const talking = bed.ask();
  bed.pass(20);
  carrier.answer();
  bed.pass();
  const ringing = bed.ask();
  bed.pass(20);
  carrier.take().provisional(180);
  bed.pass(5_000);
  carrier.is = 'blackHole';
  // Silence that proves nothing is left ringing; two calls that get nothing at all bar the trunk.
  for (const leg of [bed.ask(), bed.ask()]) expect(leg.released).toBeUndefined();
  bed.pass(2_100);
  expect(bed.state()).toBe('down');
  expect(ringing.released).toMatchObject({ cause: 'networkOutOfOrder', evidence: { kind: 'trunkDown' } });
  expect(bed.told(talking)).toEqual(['answered']);
});

test('a registration that is refused ends no call that rings at a server that answers', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  carrier.grantsS = 60;
  await bed.configure(trunk({ peering: registering }));
  const ringing = bed.ask();
  bed.pass(20);
  carrier.take().provisional(180);
  carrier.registrar = () => ({ status: 403 });
  bed.pass(70_000);
  expect(bed.state()).toBe('down');
  expect(ringing.released).toBeUndefined();
});

test('calls that get no answer though OPTIONS do: down, on trial after half a minute, and up with the first that is carried', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  carrier.onInvite = (invite) => invite.refuse(503);
  for (let call = 0; call < 2; call++) {
    bed.ask();
    bed.pass(50);
  }
  expect([bed.state(), bed.pbx.trunks.live('trk-1')?.why]).toEqual(['down', 'calls fail: 503 Service Unavailable']);
  bed.pass(31_000);
  expect(bed.state()).toBe('degraded');
  carrier.onInvite = (invite) => invite.refuse(486);
  const asked = bed.ask();
  bed.pass(50);
  expect(asked.released?.cause).toBe('userBusy');
  expect(bed.state()).toBe('up');
});

test.each([486, 404, 480, 603, 500])('%i is an answer: the trunk is well', async (status) => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  carrier.onInvite = (invite) => invite.refuse(status);
  for (let call = 0; call < 5; call++) {
    bed.ask();
    bed.pass(50);
  }
  expect(bed.state()).toBe('up');
  expect(bed.pbx.trunks.live('trk-1')?.outcomes).toMatchObject({ attempts: 5, failed: 0 });
});

test('a carrier that never answers OPTIONS: in doubt until the first call, and then no more', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  carrier.answersOptions = false;
  await bed.configure(trunk());
  bed.pass(10_000);
  expect(bed.state()).toBe('down');
  bed.ask();
  bed.pass(20);
  carrier.answer();
  bed.pass(10_000);
  expect(bed.state()).toBe('up');
  bed.pass(600_000);
  expect(bed.state()).toBe('up');
});

test('OPTIONS answered 503: out of service', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  carrier.is = 'refuses';
  bed.pass(9_000);
  expect(bed.state()).toBe('down');
  expect(bed.pbx.trunks.live('trk-1')?.servers[0]).toMatchObject({ state: 'refuses', text: 'OPTIONS: 503 Service Unavailable' });
});

test('one OPTIONS that is lost, and one in ten: nothing happens', async () => {
  const bed = new TrunkBed({ seed: 3 });
  bed.carrier();
  await bed.configure(trunk());
  bed.wire.setLoss(0.1);
  bed.pass(3_600_000);
  expect(bed.changes()).toEqual(['up']);
});

test('no OPTIONS are sent where none are wanted, and limits and patience change while it runs', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ health: { ...trunk().health, optionsIntervalS: null } }));
  bed.pass(60_000);
  expect(bed.requests('OPTIONS', carrier.address)).toEqual([]);
  expect(bed.pbx.trunks.live('trk-1')).toMatchObject({ state: 'up', options: null });
  await bed.configure(trunk({ limits: { total: 0, inbound: null, outbound: null } }));
  expect(bed.pbx.trunks.availability('trk-1')?.state).toBe('full');
});

test('close: unregisters, and nothing is sent or runs any more', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ account: { username: 'office', password: 'secret' } });
  await bed.configure(trunk({ peering: registering }));
  const closed = bed.pbx.trunks.close();
  bed.pass(500);
  await closed;
  expect(carrier.bindings.at(-1)).toMatchObject({ expiresS: 0 });
  const sent = bed.seen.length;
  bed.pass(3_600_000);
  expect(bed.seen.length).toBe(sent);
});
