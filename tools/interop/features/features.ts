import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../testbed/each.ts';
import type { Party } from '../parties/party.ts';
import { musicHz } from '../../testbed/pbx.ts';
import type { RecordView } from '../../testbed/records.ts';
import { recordOf } from '../parties/record-of.ts';
import { waitFor } from '../wait-for.ts';
import { readWav, tonePresenceMs } from '../tone.ts';
import type { Cast, HandKind, Kind } from './feature-office.ts';
import type { ApiHand } from './hand.ts';

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
  {
    name: 'park and retrieve',
    impossible: always,
    async prove(cast) {
      const { other, third, hand, lot } = cast;
      const start = new Date();
      await talk(cast);
      const before = await parkedBy(cast);
      await hand.park(lot);
      const slot = await waitFor('the call to be parked', async () => (await parkedBy(cast)).find((one) => !before.includes(one)));
      await hearsMusic(other);
      await third.call(slot);
      // Not before: what is spoken into digits spoils them.
      await waitFor('the slot to be free again', async () => ((await parkedBy(cast)).includes(slot) ? undefined : true));
      await third.speak();
      await eachHears(other, third);
      const { segments } = await end(cast, other, third, start);
      if (!segments.some(({ is }) => is === 'parked')) throw new Error(`no segment is parked: ${JSON.stringify(segments)}`);
    },
  },
  {
    name: 'pickup',
    impossible: ({ to }) => (isOutside(to) ? 'who is called is outside: nothing rings here' : null),
    async prove(cast) {
      const { caller, called, third, hand, office } = cast;
      const start = new Date();
      await caller.call(called.number);
      await called.isCalled();
      if (hand.kind === 'API') {
        const call = await waitFor('the ringing call', () => ringingCall(cast));
        await office.pbx.api('POST', `/calls/${call}/pickups`, { by: await phoneOf(cast, third.number) });
        await third.isCalled();
        await third.answer();
      } else {
        await third.call(`**${called.number}`);
        await waitFor('the call to be picked up', async () => ((await ringingCall(cast)) === undefined ? true : undefined));
      }
      await third.speak();
      await caller.speak();
      await eachHears(caller, third);
      await end(cast, caller, third, start);
    },
  },
  {
    name: 'voicemail',
    impossible: ({ to, by }) => (isOutside(to) ? 'who is called is outside: the mailbox would be somebody else’s' : by === 'API' ? 'nobody does anything: nobody answers' : null),
    async prove(cast) {
      const { caller, called, office } = cast;
      const box = await boxOf(cast);
      await caller.call(called.number);
      await called.isCalled();
      // Nobody answers; the greeting is spoken, and then whoever calls.
      await caller.speak();
      const isRecording = () => existsSync(join(office.pbx.data, 'sounds/voicemail')) && readdirSync(join(office.pbx.data, 'sounds/voicemail'), { recursive: true }).some((name) => String(name).includes(box));
      await waitFor('the message to be recorded', () => isRecording() || undefined);
      await pause(3_000);
      await caller.hangUp();
      const message = await waitFor('the message', async () => (await office.pbx.api<{ items: { id: string; durationMs: number }[] }>('GET', `/voicemail-boxes/${box}/messages`)).items[0]);
      const file = readdirSync(join(office.pbx.data, 'sounds'), { recursive: true }).map(String).find((name) => name.includes(message.id));
      if (file === undefined) throw new Error(`message ${message.id} has no file`);
      const heardMs = tonePresenceMs(readWav(join(office.pbx.data, 'sounds', file)), caller.hz);
      if (heardMs < 1_500) throw new Error(`${caller.name} is in the message of ${message.durationMs} ms for ${heardMs} ms`);
      await office.pbx.api('DELETE', `/voicemail-boxes/${box}/messages/${message.id}`);
    },
  },
  {
    name: 'recording',
    impossible: ({ by }) => (by === 'API' ? null : 'asked for by REST, or by rule: there is no code for it'),
    async prove(cast) {
      const { caller, called, actor, other, office, hand } = cast;
      const start = new Date();
      await talk(cast);
      const references = [caller.reference, called.reference];
      const { call } = await (hand as ApiHand).where();
      await office.pbx.api('PUT', `/calls/${call}/recording`, { is: 'running' });
      await pause(2_000);
      await eachHears(caller, called);
      await other.hangUp();
      await actor.isTold();
      const { segments } = await recordOf(office.pbx, references, start);
      const [part] = segments.flatMap(({ recordings }) => recordings);
      if (part === undefined) throw new Error(`no segment has a recording: ${JSON.stringify(segments)}`);
      const recording = readWav(join(office.pbx.data, 'sounds', part.file));
      for (const party of [caller, called]) {
        const heardMs = tonePresenceMs(recording, party.hz);
        if (heardMs < 500) throw new Error(`${party.name} is in the recording for ${heardMs} ms`);
      }
    },
  },
  {
    name: 'supervision',
    impossible: ({ by }) => (by === 'API' ? null : 'by REST here; the codes *52, *53 and *54 are proved in applications.interop.ts'),
    async prove(cast) {
      const { actor, other, third, office, hand } = cast;
      await talk(cast);
      const { call, leg } = await (hand as ApiHand).where();
      const by = await phoneOf(cast, third.number);
      await office.pbx.api('POST', `/calls/${call}/supervisions`, { by, of: leg, mode: 'listen' });
      await third.isCalled();
      await third.answer();
      await third.speak();
      await hearsAll(third, [actor, other]);
      await eachHears(actor, other);
      await office.pbx.api('POST', `/calls/${call}/supervisions`, { by, of: leg, mode: 'barge' });
      await hearsAll(actor, [third]);
      await hearsAll(other, [third]);
    },
  },
];

/** A mailbox of its own for who is called, whom nobody reaches for five seconds. */
async function boxOf({ office, called }: Cast): Promise<string> {
  const key = `box-${called.number}-${Date.now()}`;
  const { id } = await office.pbx.api<{ id: string }>('POST', '/voicemail-boxes', { key, displayName: key });
  const { items } = await office.pbx.api<{ items: { id: string; forwarding: object }[] }>('GET', `/extensions?number=${called.number}`);
  const [extension] = items;
  if (extension === undefined) throw new Error(`nobody has ${called.number}`);
  await office.office.change(`/extensions/${extension.id}`, { ringTimeoutMs: 5_000, voicemailBoxId: id, forwarding: { ...extension.forwarding, noAnswer: { type: 'voicemail', id } } });
  return id;
}

async function parkedBy({ office, lot }: Cast): Promise<readonly string[]> {
  const { items } = await office.pbx.api<{ items: { lot: string; slot: string }[] }>('GET', '/parked-calls?limit=500');
  return items.filter((one) => one.lot === lot.id).map(({ slot }) => slot);
}

/** The call of the caller, while it rings. */
async function ringingCall({ office, caller }: Cast): Promise<string | undefined> {
  const { items } = await office.pbx.api<{ items: { id: string; state: string; legs: { reference: string; state: string }[] }[] }>('GET', '/calls?limit=500');
  return items.find(({ state, legs }) => state === 'ringing' && legs.some((leg) => leg.state !== 'released' && leg.reference === caller.reference))?.id;
}

/** The device or station of an extension. */
async function phoneOf({ office }: Cast, number: string): Promise<string> {
  const { items } = await office.pbx.api<{ items: { id: string }[] }>('GET', `/extensions?number=${number}`);
  const [extension] = items;
  for (const kind of ['devices', 'stations']) {
    const { items: phones } = await office.pbx.api<{ items: { id: string; extensionId: string }[] }>('GET', `/${kind}?limit=500`);
    const found = phones.find(({ extensionId }) => extensionId === extension?.id);
    if (found !== undefined) return found.id;
  }
  throw new Error(`nobody has ${number}`);
}

/** Among others. */
async function hearsAll(listener: Party, speakers: readonly Party[]): Promise<void> {
  for (const speaker of speakers) {
    await waitFor(`${listener.name} to hear ${speaker.name} too`, async () => (await listener.hears()).some(({ hz, dbm0 }) => Math.abs(hz - speaker.hz) < 12 && dbm0 > faintDbm0) || undefined);
  }
}

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
