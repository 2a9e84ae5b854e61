import { createResponse, parseMessage, serialize } from '@tipring/sip';
import type { Flow, SipRequest } from '@tipring/sip';
import { expect, test } from 'vitest';
import { sdp } from '../scripted-phone.ts';
import { trunk, TrunkBed } from './trunk-bed.ts';

/** A forking proxy as a trunk sees it: one INVITE, responses with any To tag; whatever else comes is answered 200. */
async function forking() {
  const bed = new TrunkBed();
  const received: SipRequest[] = [];
  let flow: Flow | undefined;
  const station = bed.wire.attach([{ transport: 'udp', address: '10.1.0.1', port: 5060 }], {
    onMessage(bytes, from) {
      const outcome = parseMessage(bytes);
      if (!outcome.ok || outcome.message.kind !== 'request') return;
      flow = from;
      received.push(outcome.message);
      const { method } = outcome.message;
      if (method !== 'INVITE' && method !== 'ACK') station.send({ flow }, serialize(createResponse(outcome.message, 200)), () => {});
    },
    onFlowClosed() {},
    onError() {},
  });
  await bed.configure(trunk({ offer: 'late' }));
  const asked = bed.ask();
  bed.pass();
  const invite = () => received.find(({ method }) => method === 'INVITE')!;
  let rseq = 100;
  /** `tag`: its branch; each has a port of its own to be sent to. */
  const answer = (status: number, tag: string, how: { readonly port?: number; readonly isReliable?: boolean } = {}) => {
    const { port, isReliable = false } = how;
    const headers: [string, string][] = [['Contact', `<sip:${tag}@10.1.0.1>`]];
    if (isReliable) headers.push(['Require', '100rel'], ['RSeq', String(++rseq)]);
    if (port !== undefined) headers.push(['Content-Type', 'application/sdp']);
    station.send({ flow: flow! }, serialize(createResponse(invite(), status, { toTag: tag, headers, body: port === undefined ? undefined : sdp('10.1.0.1', { port }) })), () => {});
  };
  const bodies = (method: string, tag: string) => received.filter((request) => request.method === method && request.to.tag === tag).map(({ body }) => new TextDecoder().decode(body));
  const remotePorts = () => bed.gateway.sent.flatMap((command) => ('remote' in command && command.remote !== undefined ? [`${command.do} ${command.remote.rtp.port}`] : []));
  return { bed, asked, answer, bodies, remotePorts };
}

test('two forks that both offer reliably share one termination; the first is heard, the one that answers talks (RFC 3262 5)', async () => {
  const { bed, asked, answer, bodies, remotePorts } = await forking();
  // Both before the gateway has told us our port.
  answer(183, 'one', { port: 5000, isReliable: true });
  answer(183, 'two', { port: 6000, isReliable: true });
  bed.pass();
  expect([bodies('PRACK', 'one'), bodies('PRACK', 'two')].flat().map((body) => /m=audio (\d+)/.exec(body)?.[1])).toEqual(['20000', '20000']);
  expect(bed.told(asked)).toEqual(['progress']);
  expect(remotePorts()).toEqual(['add 5000']);
  answer(200, 'two');
  bed.pass();
  expect(bed.told(asked)).toEqual(['progress', 'answered']);
  expect(remotePorts()).toEqual(['add 5000', 'modify 6000']);
  expect(bodies('ACK', 'two')).toEqual(['']);
  asked.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass();
  expect(bodies('BYE', 'two')).toHaveLength(1);
  expect(bed.pbx.bugs).toEqual([]);
});

test('a fork that offers only in its 200 is answered in the ACK, from the port the others know', async () => {
  const { bed, asked, answer, bodies, remotePorts } = await forking();
  answer(183, 'one', { port: 5000, isReliable: true });
  bed.pass();
  answer(200, 'two', { port: 6000 });
  bed.pass();
  expect(/m=audio (\d+)/.exec(bodies('ACK', 'two')[0] ?? '')?.[1]).toBe('20000');
  expect([bed.told(asked), remotePorts()]).toEqual([['progress', 'answered'], ['add 5000', 'modify 6000']]);
});

test('no more forks are answered than can be meant', async () => {
  const { bed, asked, answer, bodies } = await forking();
  for (let fork = 0; fork < 40; fork++) answer(183, `f${fork}`, { port: 5000 + 2 * fork, isReliable: true });
  bed.pass();
  const answered = Array.from({ length: 40 }, (_, fork) => bodies('PRACK', `f${fork}`)).filter(([body]) => body !== undefined && body !== '');
  expect(answered).toHaveLength(16);
  expect(bed.gateway.sent.filter((command) => command.do === 'add')).toHaveLength(1);
  asked.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass(40_000);
  expect(bed.pbx.media.size).toBe(0);
});
