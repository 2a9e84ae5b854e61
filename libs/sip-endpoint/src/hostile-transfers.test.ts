import { formatReferTo } from '@tipring/sip';
import type { LegEvent, Offer } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { codecs, PhoneBed } from './phone-bed.ts';
import { REALM } from './scripted-phone.ts';

/** Values as attackers and broken phones write them. */
const seeds = [
  `<sip:102@${REALM}>`, formatReferTo(`sip:102@${REALM}`, { callId: 'a@b', toTag: 'x', fromTag: 'y' }), 'leg1@pbx.example;to-tag=a;from-tag=b;early-only', 'x;local-tag=a;remote-tag=b', 'refer;id=1', 'false', '0',
  '"\\"" <sip:%00%0d%0a@[::1]:65536;lr?Replaces=%>', '<sip:a@b?Replaces=%00;to-tag=%0a;from-tag=>', '<tel:+1;phone-context=x>', '<sips:102@x>', '<>', ';;;;', '='.repeat(300), '<sip:102@x?' + 'Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc&'.repeat(80) + 'x=y>',
  'a'.repeat(4000), '\u0000\u0001\u00ff', '<sip:102@x>,<sip:103@x>', '%',
];
const names = ['Refer-To', 'r', 'Replaces', 'Referred-By', 'Refer-Sub', 'Target-Dialog', 'Event', 'Expires', 'Join', 'Require'];

test('whatever stands in REFER, SUBSCRIBE and INVITE with Replaces: each is answered, nothing throws, and the call goes on', () => {
  const bed = new PhoneBed({ seed: 4475 });
  const offers: Offer[] = [];
  bed.onOffer = (offer) => offers.push(offer);
  bed.pickups.set('101', () => true);
  const anna = bed.phone('101', '101', 11);
  const events: LegEvent[] = [];
  const [endpoint] = bed.pbx.endpoints.find('d-101');
  const leg = endpoint!.originate('leg1', { context: 'c', from: { number: '100' }, number: '101', media: { codecs, digits: 'rtpEvent' } }, (event) => events.push(event));
  bed.pass();
  anna.answer();
  bed.pass();
  const session = anna.session!;
  const pick = <T>(of: readonly T[]): T => of[Math.floor(bed.random() * of.length)]!;
  const value = (): string => {
    const seed = pick(seeds);
    const [from, to] = [Math.floor(bed.random() * seed.length), Math.floor(bed.random() * seed.length)];
    const kind = bed.random();
    return kind < 0.4 ? seed : kind < 0.7 ? seed.slice(0, from) + pick(seeds).slice(to) : seed.slice(0, from) + String.fromCharCode(Math.floor(bed.random() * 256)) + seed.slice(from);
  };
  const statuses = new Set<number>();
  for (let round = 0; round < 600; round++) {
    const headers = Array.from({ length: 1 + Math.floor(bed.random() * 4) }, () => [pick(names), value()] as const);
    const kind = bed.random();
    if (kind < 0.6) {
      const asked = anna.ask(kind < 0.45 ? 'REFER' : 'SUBSCRIBE', headers, session);
      bed.pass(20);
      expect([headers, asked.response?.status]).toEqual([headers, expect.any(Number)]);
      statuses.add(asked.response!.status);
      leg.send({ type: 'transfer', is: 'failed', cause: 'userBusy' });
    } else if (kind < 0.7) {
      const status = anna.askOutside('REFER', headers, () => bed.pass(20));
      expect([headers, status]).toEqual([headers, expect.any(Number)]);
    } else {
      const [before, invited] = [offers.length, anna.call('102', { headers })];
      bed.pass(20);
      if (offers.length === before) expect([headers, invited.phase]).toEqual([headers, 'ended']);
      else offers.at(-1)!.accept(`in${round}`, 'c2', () => {}).send({ type: 'release', cause: 'rejected' });
    }
    bed.pass(20);
  }
  expect([...statuses]).toEqual(expect.arrayContaining([202, 400]));
  expect(events.filter(({ type }) => type === 'released')).toEqual([]);
  leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass(400_000);
  expect(session.phase).toBe('ended');
  expect([bed.pbx.sessions.size, bed.pbx.media.size, bed.pbx.bugs]).toEqual([0, 0, []]);
});
