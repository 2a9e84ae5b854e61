import { formatReplaces } from '@tipring/sip';
import type { Leg, LegEvent, LegSnapshot } from '@tipring/telephony';
import { expect, test } from 'vitest';
import type { ConfiguredTrunk } from './configured-trunk.ts';
import { trunk, TrunkBed } from './trunk-bed.ts';

/** A call over a trunk that was answered. */
async function talking(of: Partial<ConfiguredTrunk> = {}) {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk(of));
  const asked = bed.ask();
  bed.pass();
  carrier.answer();
  bed.pass();
  const refer = () => {
    let status: number | undefined;
    carrier.session!.request('REFER', { headers: [['Refer-To', '<sip:+4930999@10.0.0.1>']] }, (response) => (status = response?.status));
    bed.pass();
    return status;
  };
  return { bed, carrier, asked, refer };
}

test('a carrier may not transfer at our cost, unless it is configured; then it is told how it went', async () => {
  const refused = await talking();
  expect([refused.refer(), refused.bed.told(refused.asked)]).toEqual([603, ['answered']]);
  const { bed, carrier, asked, refer } = await talking({ transfers: 'take' });
  expect([refer(), bed.told(asked)]).toEqual([202, ['answered', 'transferRequested']]);
  asked.leg.send({ type: 'transfer', is: 'done' });
  asked.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass(3_000);
  expect(bed.requests('NOTIFY', carrier.address).map((text) => text.split('\r\n\r\n')[1])).toEqual(['SIP/2.0 100 Trying\r\n', 'SIP/2.0 200 OK\r\n']);
  expect(carrier.of('ended')).toHaveLength(1);
  expect(bed.pbx.trunks.live('trk-1')?.calls.outbound).toBe(0);
});

test('who talks over a trunk now is told by UPDATE as its identities are, and not by a re-INVITE', async () => {
  const { bed, carrier, asked } = await talking();
  asked.leg.send({ type: 'party', party: { number: '+4930222', name: 'Ben' } });
  bed.pass();
  expect(bed.requests('UPDATE', carrier.address)[0]).toContain('\r\nP-Asserted-Identity: "Ben" <sip:+4930222@10.1.0.1;user=phone>\r\n');
  const silent = await talking({ identity: { ...trunk().identity, asserted: 'none' } });
  silent.asked.leg.send({ type: 'party', party: { number: '+4930222' } });
  silent.bed.pass();
  expect([silent.bed.requests('UPDATE', '10.1.0.1').length, silent.bed.requests('INVITE', '10.1.0.1').length]).toEqual([0, 1]);
  // A call that came in: it is the called side that is another now (Remote-Party-ID says which).
  const bed2 = new TrunkBed();
  const office = bed2.carrier();
  let leg: Leg | undefined;
  bed2.onTrunkOffer = (offer) => (leg = offer.accept('leg', 'ctx', () => {}));
  await bed2.configure(trunk({ identity: { ...trunk().identity, asserted: 'remotePartyId' } }));
  office.call('sip:+4930111@10.0.0.1');
  bed2.pass();
  leg!.send({ type: 'answer', media: { codecs: bed2.codecs, digits: 'rtpEvent' } });
  bed2.pass();
  leg!.send({ type: 'party', party: { number: '+4930222' } });
  bed2.pass();
  expect(bed2.requests('UPDATE', office.address)[0]).toContain(';party=called;');
});

test('a leg over a trunk moves, is held by its far end there, and lives on after a restart', async () => {
  const { bed, carrier, asked } = await talking();
  bed.pbx.media.move('ctx-leg-1', 'leg-1', 'ctx-2');
  asked.leg.send({ type: 'moved', leg: 'c2-1', context: 'ctx-2' });
  expect([asked.leg.id, asked.leg.media]).toEqual(['c2-1', 'leg-1']);
  bed.gateway.sent.length = 0;
  carrier.session!.reinvite(carrier.description.replace('a=sendrecv', 'a=sendonly').replace('o=- 77 1', 'o=- 77 2'));
  bed.pass();
  expect(bed.told(asked)).toEqual(['answered', 'held']);
  expect(bed.gateway.sent).toMatchObject([{ do: 'modify', context: 'ctx-2', termination: 'leg-1', mode: 'sendonly' }]);
  const kept = JSON.parse(JSON.stringify(asked.leg.snapshot())) as LegSnapshot;
  bed.restart();
  await bed.settle();
  const [endpoint] = bed.pbx.trunks.find('trk-1');
  const events: LegEvent[] = [];
  const adopted = endpoint!.adopt('c2-1', kept, (event) => events.push(event));
  carrier.session!.end();
  bed.pass();
  expect([adopted.id, events.at(-1)?.type, bed.pbx.trunks.live('trk-1')?.calls.outbound]).toEqual(['c2-1', 'released', 0]);
});

test('the other end of a trunk takes the place of its own leg, not of anybody else’s', async () => {
  const { bed, carrier } = await talking();
  const offers: (string | undefined)[] = [];
  bed.onTrunkOffer = (offer) => {
    offers.push(offer.replaces);
    return offer.accept('leg-9', 'ctx-9', () => {});
  };
  const { callId, localTag, remoteTag } = carrier.session!.snapshot()!.dialog;
  carrier.call('sip:+4930111@10.0.0.1', { headers: [['Replaces', formatReplaces({ callId, toTag: remoteTag, fromTag: localTag })]] });
  bed.pass();
  carrier.call('sip:+4930111@10.0.0.1', { headers: [['Replaces', 'leg-1@pbx.example;to-tag=a;from-tag=b']] });
  bed.pass();
  expect([offers, carrier.of('rejected').map(({ status }) => status)]).toEqual([['leg-1'], [481]]);
});
