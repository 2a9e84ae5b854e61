import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CarrierAct, type CarrierCall, CarrierClient, type CarrierPlan, type NumberRule } from '@tipring/carrier-control';
import { afterEach, expect, test, vi } from 'vitest';
import { ControlServer } from './control-server.ts';
import { SimulatedCarrier } from './simulated-carrier.ts';

/*
 * Two carriers are each other's customers: `east` calls, `west` is called. What one of them says of a call is compared with what the other one does.
 */
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

test('a call is answered, each hears the tone of the other, digits arrive, hold is seen, the BYE of either side ends both', async () => {
  const { east, west } = await peered();
  const out = await called(east, '5550100');
  await vi.waitFor(() => expect(callsOf(west)[0]).toMatchObject({ phase: 'answered', number: '5550100' }));
  const [arrived] = callsOf(west);
  await vi.waitFor(() => expect(strongest(callOf(east, out))).toBe(arrived!.ownHz));
  await vi.waitFor(() => expect(strongest(callOf(west, arrived!.id))).toBe(callOf(east, out).ownHz));

  expect(await east.act({ do: 'press', call: out, digits: '12#' })).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(callOf(west, arrived!.id).digits).toBe('12#'));
  await east.act({ do: 'hold', call: out });
  await vi.waitFor(() => expect(callOf(west, arrived!.id).held).toBe(true));
  await vi.waitFor(() => expect(callOf(east, out).hears).toEqual([]));
  await east.act({ do: 'resume', call: out });
  await vi.waitFor(() => expect(strongest(callOf(east, out))).toBe(arrived!.ownHz));

  await west.act({ do: 'hangUp', call: arrived!.id, reason: 'Q.850;cause=16' });
  await vi.waitFor(() => expect(callOf(east, out)).toMatchObject({ phase: 'ended', ended: { by: 'customer', reason: 'Q.850;cause=16' } }));
  expect(callOf(west, arrived!.id).ended).toMatchObject({ by: 'carrier' });
});

test('numbers behave as the plan says: busy, unallocated after an announcement, nobody answers, echo', async () => {
  const { east, west } = await peered();
  const busy = await called(east, '5550191');
  await vi.waitFor(() => expect(callOf(east, busy).ended).toMatchObject({ status: 486 }));
  const announced = await called(east, '5550194');
  await vi.waitFor(() => expect([980, 1_380, 1_780]).toContain(strongest(callOf(east, announced))));
  await vi.waitFor(() => expect(callOf(east, announced).ended).toMatchObject({ status: 404 }), 5_000);

  const rings = await called(east, '5550192');
  await vi.waitFor(() => expect(callOf(east, rings).phase).toBe('ringing'));
  await east.act({ do: 'hangUp', call: rings });
  await vi.waitFor(() => expect(callsOf(west).at(-1)?.ended).toMatchObject({ by: 'customer' }));
  const echo = await called(east, '5550195');
  await vi.waitFor(() => expect(strongest(callOf(east, echo))).toBe(callOf(east, echo).ownHz));
});

test('who calls is told by From, P-Asserted-Identity, Privacy and Diversion', async () => {
  const { east, west } = await peered();
  await called(east, '5550192', { from: null, asserted: '+13105550123', diversion: '+12125550110' });
  await vi.waitFor(() => expect(callsOf(west)).toHaveLength(1));
  const { headers } = callsOf(west)[0]!;
  expect(headers['From']?.[0]).toContain('sip:anonymous@anonymous.invalid');
  expect(headers['Privacy']).toEqual(['id']);
  expect(headers['P-Asserted-Identity']?.[0]).toContain('+13105550123');
  expect(headers['Diversion']?.[0]).toContain('+12125550110');
});

test('told to fail, it fails so: refused, full, silent after 100 and after 183, nothing answered at all; mended, it works', async () => {
  const { east, west } = await peered();
  await west.act({ do: 'fail', failure: { is: 'refuse', status: 503, what: 'calls' } });
  const refused = await called(east, '5550100');
  await vi.waitFor(() => expect(callOf(east, refused).ended).toMatchObject({ status: 503 }));
  await west.act({ do: 'fail', failure: { is: 'full' } });
  const full = await called(east, '5550100');
  await vi.waitFor(() => expect(callOf(east, full).ended).toMatchObject({ status: 503, reason: expect.stringContaining('cause=34') as string }));

  await west.act({ do: 'fail', failure: { is: 'silentAfter', status: 100, of: 'carrier' } });
  const trying = await called(east, '5550100');
  await vi.waitFor(() => expect(west.state().failure).toEqual({ is: 'blackHole' }));
  expect(responses(east, trying)).toEqual(['SIP/2.0 100 Trying']);

  await west.act({ do: 'mend' });
  await vi.waitFor(() => expect(callOf(east, trying).ended).toMatchObject({ status: 480 }));
  await west.act({ do: 'fail', failure: { is: 'silentAfter', status: 183, of: 'call' } });
  const early = await called(east, '5550100');
  await vi.waitFor(() => expect(callOf(east, early).phase).toBe('ringing'));
  // Others are served meanwhile.
  const other = await called(east, '5550100');
  await vi.waitFor(() => expect(strongest(callOf(east, other))).toBeGreaterThan(0));
  expect(callOf(east, early)).toMatchObject({ phase: 'ringing', rtp: { received: 0 } });

  await west.act({ do: 'fail', failure: { is: 'blackHole' } });
  await vi.waitFor(() => expect(callOf(east, other).hears).toEqual([]));
  const silent = await called(east, '5550100');
  await vi.waitFor(() => expect(west.messages(0).at(-1)).toMatchObject({ way: 'swallowed' }));
  expect(responses(east, silent)).toEqual([]);
});

test('connections are reset, those there are and new ones; closed sockets refuse them; mended, the same port is open', async () => {
  const { west } = await peered();
  const { address, port } = west.state().listening.find(({ transport }) => transport === 'tcp')!;
  const held = connection(address, port);
  await vi.waitFor(() => expect(held.events).toEqual(['connect']));
  await west.act({ do: 'fail', failure: { is: 'reset' } });
  await vi.waitFor(() => expect(held.events).toEqual(['connect', 'ECONNRESET']));
  const next = connection(address, port);
  await vi.waitFor(() => expect(next.events.at(-1)).toBe('ECONNRESET'));
  await west.act({ do: 'fail', failure: { is: 'closed' } });
  const refused = connection(address, port);
  await vi.waitFor(() => expect(refused.events).toEqual(['ECONNREFUSED']));
  await west.act({ do: 'mend' });
  const again = connection(address, port);
  await vi.waitFor(() => expect(again.events).toEqual(['connect']));
});

test('over its control socket it does the same; bad requests are refused with their fault, a carrier that is gone is unreachable', async () => {
  const { east } = await peered();
  const folder = mkdtempSync(join(tmpdir(), 'tipring-carrier-'));
  const path = join(folder, 'carrier.sock');
  const server = new ControlServer(east);
  await server.listen(path);
  const client = new CarrierClient(path);
  open.push({ close: () => rmSync(folder, { recursive: true }) }, client);
  const placed = await client.act({ do: 'call', from: '+13105550123', to: '5550100' });
  expect(placed).toEqual({ ok: true, value: { call: 'c1' } });
  const state = await client.state();
  expect(state).toMatchObject({ ok: true, value: { name: 'east', calls: [{ id: 'c1', direction: 'toCustomer' }] } });
  const messages = await client.messages();
  expect(messages.ok && messages.value[0]).toMatchObject({ way: 'sent', startLine: expect.stringMatching(/^INVITE /) as string });
  expect(await client.act({ do: 'fail', failure: { is: 'tired' } } as unknown as CarrierAct)).toMatchObject({ ok: false, refusal: { code: 'badRequest', text: expect.stringContaining('act.failure.is') as string } });
  expect(await client.act({ do: 'hangUp', call: 'c9' })).toMatchObject({ ok: false, refusal: { code: 'noSuchCall' } });
  server.close();
  await vi.waitFor(async () => expect(await client.state()).toMatchObject({ ok: false, refusal: { code: 'unreachable' } }));
});

async function peered(): Promise<{ readonly east: SimulatedCarrier; readonly west: SimulatedCarrier }> {
  const west = await SimulatedCarrier.start(plan('west', '127.0.0.62', '127.0.0.61', 9));
  const { port } = west.state().listening[0]!;
  const east = await SimulatedCarrier.start(plan('east', '127.0.0.61', '127.0.0.62', port));
  open.push(west, east);
  return { east, west };
}

function plan(name: string, address: string, peer: string, peerPort: number): CarrierPlan {
  return {
    name,
    listen: [{ transport: 'udp', address, port: 0 }, { transport: 'tcp', address, port: 0 }],
    domain: `${name}.example`,
    customers: [{ type: 'address', name: 'peer', transport: 'udp', address: peer, port: peerPort, numbers: [] }],
    numbers,
    usual: { is: 'answered', afterMs: 20 },
    tones: name === 'east' ? { firstHz: 600, stepHz: 60, count: 10 } : { firstHz: 2_400, stepHz: 60, count: 10 },
  };
}

async function called(carrier: SimulatedCarrier, to: string, details: object = {}): Promise<string> {
  const outcome = await carrier.act({ do: 'call', from: '+13105550123', to, ...details });
  if (!outcome.ok || outcome.value.call === undefined) throw new Error(JSON.stringify(outcome));
  return outcome.value.call;
}

function callsOf(carrier: SimulatedCarrier): readonly CarrierCall[] {
  return carrier.state().calls;
}

function callOf(carrier: SimulatedCarrier, id: string): CarrierCall {
  return callsOf(carrier).find((call) => call.id === id)!;
}

function strongest({ hears }: CarrierCall): number | undefined {
  return hears[0]?.hz;
}

function responses(carrier: SimulatedCarrier, id: string): readonly string[] {
  const { callId } = callOf(carrier, id);
  return carrier.messages(0).filter(({ way, headers }) => way === 'received' && headers.some(([name, value]) => name === 'Call-ID' && value === callId)).map(({ startLine }) => startLine);
}

function connection(address: string, port: number): { readonly events: string[] } {
  const events: string[] = [];
  const socket = connect(port, address);
  socket.on('connect', () => events.push('connect'));
  socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? ''));
  open.push({ close: () => socket.destroy() });
  return { events };
}

const numbers: readonly NumberRule[] = [
  { digits: '0191', behaviour: { is: 'refused', status: 486 } },
  { digits: '0192', behaviour: { is: 'noAnswer' } },
  { digits: '0194', behaviour: { is: 'refused', status: 404, announcement: true } },
  { digits: '0195', behaviour: { is: 'answered', afterMs: 0, speaks: 'echo' } },
];
