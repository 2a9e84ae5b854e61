import type { Party } from '../parties/party.ts';
import { bothHear } from '../parties/party.ts';
import type { RecordView } from '../../testbed/records.ts';
import { recordOf } from '../parties/record-of.ts';
import { waitFor } from '../wait-for.ts';
import type { Cast, HandKind, Kind } from './feature-office.ts';

export interface Cell {
  readonly from: Kind;
  readonly to: Kind;
  readonly by: HandKind;
}

export interface Feature {
  readonly name: string;
  /** Why there cannot be such a cell; null: there is one. */
  readonly impossible: (cell: Cell) => string | null;
  /** @throws {Error} when it does not work */
  readonly prove: (cast: Cast) => Promise<void>;
}

const always = () => null;

export const features: readonly Feature[] = [
  {
    name: 'hold and resume',
    impossible: always,
    async prove(cast) {
      const { actor, other, hand } = cast;
      await talk(cast);
      await hand.hold();
      await hearsMusic(other);
      await hand.resume();
      await bothHear(actor, other, 600);
    },
  },
  {
    name: 'blind transfer',
    impossible: always,
    async prove(cast) {
      const { other, third, hand } = cast;
      const start = new Date();
      await talk(cast);
      await hand.transferBlind(third.number);
      await third.isCalled();
      await third.answer();
      await third.speak();
      await bothHear(other, third, 600);
      await end(cast, other, third, start);
    },
  },
  {
    name: 'attended transfer',
    impossible: always,
    async prove(cast) {
      const { actor, other, third, hand } = cast;
      const start = new Date();
      await talk(cast);
      await hand.consult(third.number, async () => {
        await third.isCalled();
        await third.answer();
        await third.speak();
      });
      await hearsMusic(other);
      await bothHear(actor, third, 600);
      await hand.connect();
      await bothHear(other, third, 600);
      await end(cast, other, third, start);
    },
  },
];

/** Until the two hear each other. */
async function talk({ caller, called }: Cast): Promise<void> {
  await caller.call(called.number);
  await called.isCalled();
  await called.answer();
  await Promise.all([caller.speak(), called.speak()]);
  await bothHear(caller, called, 600);
}

/** Who waits hears something that nobody in the call says. */
async function hearsMusic(party: Party): Promise<void> {
  let last = '';
  await waitFor(() => `${party.name} to hear music; it hears ${last}`, async () => {
    const heard = await party.hears();
    last = heard.map(({ hz, dbm0 }) => `${Math.round(hz)} Hz ${dbm0}`).join(', ');
    return heard.some(({ hz, dbm0 }) => Math.abs(hz - musicHz) < 10 && dbm0 > -35) || undefined;
  });
}

/** One of the two hangs up, the other is told, and the record has both in its last segment of talk. */
async function end({ office }: Cast, a: Party, b: Party, start: Date): Promise<RecordView> {
  const references = [a.reference, b.reference];
  await b.hangUp();
  await a.isTold();
  return recordOf(office.pbx, references, start);
}

/** What the office plays to who waits. */
export const musicHz = 2_700;
