import { expect, test } from 'vitest';
import type { Flow, TransportEvents } from '../flow.ts';
import { NodeTransport } from './node-transport.ts';
import type { NodeTransportSettings } from './settings.ts';
import { selfSigned } from './self-signed.ts';

const office = selfSigned({ names: ['127.0.0.1'], days: 1, now: new Date() });
const carrier = selfSigned({ names: ['sip.carrier.example', '127.0.0.1'], days: 1, now: new Date() });

test('a TLS peer that is asked shows its certificate, and the flow has its names (RFC 5922 7.1)', async () => {
  expect(await seenBy({ asksCertificates: () => true, trust: { authorities: carrier.cert } })).toMatchObject({ transport: 'tls', certified: ['sip.carrier.example', '127.0.0.1'] });
});

test('one that is not trusted has none, and is served all the same', async () => {
  const flow = await seenBy({ asksCertificates: () => true, trust: { authorities: office.cert } });
  expect([flow.transport, flow.certified]).toEqual(['tls', undefined]);
});

test('nobody is asked where nobody wants to know', async () => {
  expect((await seenBy({ trust: { authorities: carrier.cert } })).certified).toBeUndefined();
});

test('a server that we connected to has shown its own', async () => {
  const flows: Flow[] = [];
  const near = await NodeTransport.open({ listen: [], trust: { authorities: carrier.cert } }, heard((flow) => flows.push(flow)));
  const far = await NodeTransport.open({ listen: [{ transport: 'tls', address: '127.0.0.1', port: 0 }], certificate: carrier }, heard((flow) => far.send({ flow }, request, () => {})));
  near.send({ transport: 'tls', address: '127.0.0.1', port: far.listening[0]?.port ?? 0, host: 'sip.carrier.example' }, request, () => {});
  await expect.poll(() => flows).toMatchObject([{ certified: ['sip.carrier.example', '127.0.0.1'] }]);
  await Promise.all([near.close(), far.close()]);
});

/** The flow by which a carrier's message arrives, that bears a certificate of its own. */
async function seenBy(settings: Partial<NodeTransportSettings>): Promise<Flow> {
  const flows: Flow[] = [];
  const near = await NodeTransport.open({ listen: [{ transport: 'tls', address: '127.0.0.1', port: 0 }], certificate: office, ...settings }, heard((flow) => flows.push(flow)));
  const far = await NodeTransport.open({ listen: [], certificate: carrier, trust: { authorities: office.cert } }, heard(() => {}));
  far.send({ transport: 'tls', address: '127.0.0.1', port: near.listening[0]?.port ?? 0 }, request, () => {});
  await expect.poll(() => flows.length).toBe(1);
  await Promise.all([near.close(), far.close()]);
  const [flow] = flows;
  if (flow === undefined) throw new Error('nothing came');
  return flow;
}

function heard(message: (flow: Flow) => void): TransportEvents {
  return { onMessage: (_bytes, flow) => message(flow), onFlowClosed: () => {}, onError: () => {} };
}

const request = new TextEncoder().encode('OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TLS h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n');
