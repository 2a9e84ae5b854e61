import { expect, test } from 'vitest';
import type { Leg, Offer } from '@tipring/telephony';
import { anyMedia, LineBed } from './line-bed.ts';

const congestion = [{ type: 'tone', tone: { segments: [{ frequenciesHz: [480, 620], durationMs: 250 }, { durationMs: 250 }] } }];

/** 101 dials a number that asks for something: the exchange has taken the call, and nobody is called yet. */
function asked(): { readonly bed: LineBed; readonly leg: Leg; readonly digits: string[] } {
  const bed = new LineBed();
  const digits: string[] = [];
  let leg: Leg | undefined;
  const former = bed.exchange.offer.bind(bed.exchange);
  bed.exchange.offer = (offer: Offer) => {
    bed.exchange.offer = former;
    leg = offer.accept('asked', 'context', (event) => {
      if (event.type === 'digit') digits.push(event.digit);
    });
    return 'asked';
  };
  bed.call('5551234');
  if (leg === undefined) throw new Error('no call came');
  leg.send({ type: 'progress', media: anyMedia });
  bed.settle();
  bed.did(1);
  return { bed, leg, digits };
}

test('a telephone that is asked hears special dial tone, until the first digit or until it is told', () => {
  const { bed, leg } = asked();
  leg.send({ type: 'sound', sound: 'askPin' });
  bed.settle();
  expect(bed.did(1)).toEqual(['tone 350+440']);
  expect(bed.gateway.port('SIM-1/1')?.playing[0]).toMatchObject({ tone: { repeatFrom: 20 } });
  bed.happen(1, { type: 'digitBegan', digit: '4' });
  expect(bed.did(1)).toEqual(['hush']);
  leg.send({ type: 'sound', sound: null });
  bed.settle();
  expect(bed.did(1)).toEqual([]);
  leg.send({ type: 'sound', sound: 'refused' });
  bed.settle();
  // Of what is refused the whole is heard.
  bed.happen(1, { type: 'digitBegan', digit: '4' });
  expect(bed.did(1)).toEqual(['tone 480+620']);
  leg.send({ type: 'sound', sound: null });
  bed.settle();
  expect(bed.did(1)).toEqual(['hush']);
});

test('six digits by pulses are told to the call, and end the tone', () => {
  const { bed, leg, digits } = asked();
  leg.send({ type: 'sound', sound: 'askPin' });
  bed.settle();
  bed.did(1);
  for (const digit of '472913') {
    for (let pulse = 0; pulse < Number(digit); pulse++) {
      bed.happen(1, { type: 'hook', hook: 'on' });
      bed.pass(55);
      bed.happen(1, { type: 'hook', hook: 'off' });
      bed.pass(35);
    }
    bed.pass(900);
  }
  expect([digits.join(''), bed.did(1)]).toEqual(['472913', ['hush']]);
});

test('six digits by DTMF are told to the call once, as the gateway tells them of an end that nobody hears', () => {
  const { bed, leg, digits } = asked();
  leg.send({ type: 'sound', sound: 'askPin' });
  for (const digit of '472913') {
    bed.happen(1, { type: 'digitBegan', digit });
    bed.media.tell({ event: 'digit', context: 'context', termination: 'asked', digit, durationMs: 80, relayed: false });
    bed.happen(1, { type: 'digit', digit, durationMs: 80, levelDbm0: -9 });
  }
  expect(digits.join('')).toBe('472913');
});

test('who has been asked hears ringing tone once the called party rings, and then the call', () => {
  const { bed, leg } = asked();
  leg.send({ type: 'sound', sound: 'askPin' });
  leg.send({ type: 'sound', sound: null });
  leg.send({ type: 'alert' });
  bed.settle();
  expect([bed.state('station-1'), bed.did(1).at(-1)]).toEqual(['ringback', 'tone 440+480']);
  leg.send({ type: 'answer', media: anyMedia });
  bed.settle();
  expect([bed.state('station-1'), bed.did(1)]).toEqual(['talking', ['hush', 'listen digits fax']]);
});

test('a telephone whose call is taken away hears that in its place; hung up, it hears nothing any more', () => {
  const { bed, leg } = asked();
  leg.send({ type: 'answer', media: anyMedia });
  leg.send({ type: 'sound', sound: 'preempted' });
  bed.settle();
  expect([bed.state('station-1'), bed.gateway.port('SIM-1/1')?.playing]).toMatchObject(['talking', congestion]);
  bed.hangUp(1);
  bed.pass(1_000);
  expect([bed.state('station-1'), bed.gateway.port('SIM-1/1')?.playing]).toEqual(['idle', []]);
});

test('a call that is released as pre-empted ends in congestion tone, as one does that there is no way for', () => {
  const { bed, leg } = asked();
  leg.send({ type: 'release', cause: 'preempted' });
  bed.settle();
  expect([bed.state('station-1'), bed.gateway.port('SIM-1/1')?.playing]).toMatchObject(['toned', congestion]);
});

test('the far end of a line is made to hear the same; what comes back of it says nothing about the line', () => {
  const bed = new LineBed();
  bed.call('95551234');
  bed.pass(300);
  bed.tone(3, 'dial');
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  bed.pass(5_000);
  bed.did(3);
  const leg = bed.legs[0]!;
  leg.send({ type: 'sound', sound: 'askPin' });
  bed.settle();
  expect(bed.did(3)).toEqual(['tone 350+440']);
  bed.tone(3, 'dial');
  bed.pass(5_000);
  expect(bed.state('line-3')).toBe('up');
  leg.send({ type: 'sound', sound: null });
  bed.settle();
  expect(bed.did(3)).toEqual(['hush']);
  bed.tone(3, 'busy');
  expect([bed.state('line-3'), bed.record.evidence.kind]).toEqual(['guard', 'tone']);
});

test('a line that rings has nobody to hear a sound', () => {
  const bed = new LineBed();
  let leg: Leg | undefined;
  bed.exchange.offer = (offer: Offer) => {
    leg = offer.accept('in', 'context', () => undefined);
    return 'in';
  };
  bed.ring(3, 2);
  bed.did(3);
  leg?.send({ type: 'sound', sound: 'askPin' });
  bed.settle();
  expect(bed.did(3)).toEqual([]);
});
