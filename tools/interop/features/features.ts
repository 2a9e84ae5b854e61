import type { Party } from '../parties/party.ts';
import { musicHz } from '../../testbed/pbx.ts';
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
/** A number is dialled in somebody's name. */
const byWhom = ({ from, to }: Cell) => (isOutside(from) && isOutside(to) ? 'both are outside: there is nobody in the office who could dial the target' : null);
const isOutside = (kind: Kind) => kind === 'FXO' || kind === 'trunk';

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
      await eachHears(actor, other);
    },
  },
  {
    name: 'blind transfer',
    impossible: byWhom,
    async prove(cast) {
      const { other, third, hand } = cast;
      const start = new Date();
      await talk(cast);
      await hand.transferBlind(third.number);
      await third.isCalled();
      await third.answer();
      await third.speak();
      await eachHears(other, third);
      await end(cast, other, third, start);
    },
  },
  {
    name: 'attended transfer',
    impossible: byWhom,
    async prove(cast) {
      const { other, third, hand } = cast;
      const start = new Date();
      await talk(cast);
      const consulting = await hand.consult(third.number, async () => {
        await third.isCalled();
        await third.answer();
        await third.speak();
      });
      await hearsMusic(other);
      await eachHears(consulting, third);
      await hand.connect();
      await eachHears(other, third);
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
  await eachHears(caller, called);
}

/**
 * Until each has heard the other's tone and no third one. Not both at the same moment: where two lines hum at each other without a pause, no canceller can tell
 * what is echo, and one of the two sways.
 */
async function eachHears(a: Party, b: Party): Promise<void> {
  await Promise.all([hears(a, b), hears(b, a)]);
}

async function hears(listener: Party, speaker: Party): Promise<void> {
  let last = '';
  await waitFor(() => `${listener.name} to hear ${speaker.name} (${speaker.hz} Hz) and nobody else; it hears ${last}`, async () => {
    const heard = await listener.hears();
    last = heard.map(({ hz, dbm0 }) => `${Math.round(hz)} Hz ${dbm0}`).join(', ');
    const isNear = (hz: number, of: number) => Math.abs(hz - of) < 12;
    const isAlone = heard.every(({ hz, dbm0 }) => isNear(hz, speaker.hz) || isNear(hz, listener.hz) || dbm0 < faintDbm0);
    return (isAlone && heard.some(({ hz, dbm0 }) => isNear(hz, speaker.hz) && dbm0 > loudDbm0)) || undefined;
  });
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

const loudDbm0 = -24;
const faintDbm0 = -40;
