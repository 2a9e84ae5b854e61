import { afterAll, describe, expect } from 'vitest';
import { bothHear, isHeard, type Shown, showsNothing } from '../interop/parties/party.ts';
import type { PhoneParty } from '../interop/parties/phone-party.ts';
import { waitFor } from '../interop/wait-for.ts';
import type { Guest } from './guest.ts';
import { type Loop, type LoopPlan, OfficeInGuest } from './office-in-guest.ts';

type InGuest = (name: string, run: (guest: Guest) => Promise<void>) => void;

/**
 * Calls that a whole PBX makes through the agent and the genuine dahdi.ko, over a line whose far end is its own station: SIP phone, line (FXO),
 * the kernel, station (FXS), SIP phone; and back.
 */
export function callsInGuest(inGuest: InGuest, startAgent: (guest: Guest) => Promise<void>): void {
  describe('calls of a PBX', () => {
    let office: OfficeInGuest | undefined;
    const loops = new Map<LoopPlan, Loop>();
    afterAll(() => office?.stop());

    const withOffice = (name: string, plan: LoopPlan, run: (call: CallInGuest) => Promise<void>): void =>
      inGuest(name, async (guest) => {
        office ??= await OfficeInGuest.start(guest);
        const loop = loops.get(plan) ?? (await office.addLoop(plan));
        loops.set(plan, loop);
        await guest.run('pidof card-agent').catch(() => startAgent(guest));
        await office.rests(loop);
        const call = new CallInGuest(office, loop);
        try {
          await run(call);
        } finally {
          await call.end();
        }
      });

    for (const { plan, law, hungUpBy, shown } of ways) {
      const [line, station] = [hungUpBy === 'line' ? 'hung up at the line' : 'hung up at the station', law];
      withOffice(`${station}, out over the line: the station hears what it dials; both ends talk; ${line}`, plan, async (call) => {
        await call.out();
        await call.talk();
        await (hungUpBy === 'line' ? call.hangUp(call.a, call.b) : call.hangUp(call.b, call.a));
        const [outside, inside] = await call.records();
        expect(outside).toMatchObject({ from: { number: '101' }, to: `${call.loop.prefix}102`, cause: 'normalClearing', evidence: hungUpBy === 'line' ? bye : noBattery });
        expect(inside).toMatchObject({ from: { number: call.loop.extension, name: `Pair ${plan.pair}` }, to: '102', cause: 'normalClearing', evidence: hungUpBy === 'line' ? onHook : bye });
      });

      withOffice(`${station}, ringing the station: the line rings and shows who calls; both ends talk; ${line}`, plan, async (call) => {
        await call.in();
        expect(call.shown).toEqual(shown);
        await call.talk();
        await (hungUpBy === 'line' ? call.hangUp(call.b, call.a) : call.hangUp(call.a, call.b));
        const [inside, outside] = await call.records();
        expect(inside).toMatchObject({ from: { number: '101' }, to: call.loop.extension, cause: 'normalClearing', evidence: hungUpBy === 'line' ? onHook : bye });
        expect(outside).toMatchObject({ to: '103', cause: 'normalClearing', evidence: hungUpBy === 'line' ? bye : noBattery });
      });
    }

    withOffice('kill -9 of the agent: the line is on hook within a second, its calls say why, and the ports are back with the agent', british, async (call) => {
      const { office } = call;
      await call.out();
      await call.up();
      const from = await office.watch(call.loop);
      await office.guest.run('kill -9 $(pidof card-agent)');
      await Promise.all([call.a.isTold(), call.b.isTold()]);
      const tookS = (await office.hungUpAt()) - from;
      console.log(`on hook ${Math.round(tookS * 1_000)} ms after kill -9 of the agent`);
      expect(tookS).toBeLessThan(1);
      const [outside, inside] = await call.records();
      expect(outside).toMatchObject({ cause: 'outOfOrder', evidence: { kind: 'driverLost' } });
      expect(inside).toMatchObject({ cause: 'outOfOrder', evidence: { kind: 'driverLost' } });
      await startAgent(office.guest);
      await office.rests(call.loop);
      const again = new CallInGuest(office, call.loop);
      await again.out();
      await again.end();
      await office.rests(call.loop);
    });

    withOffice('kill -9 of the gateway: the line is on hook within a second, its calls say why, and the ports are back with the gateway', british, async (call) => {
      const { office } = call;
      await call.out();
      await call.up();
      const from = await office.watch(call.loop);
      await office.pbx.media.kill();
      const tookS = (await office.hungUpAt()) - from;
      console.log(`on hook ${Math.round(tookS * 1_000)} ms after kill -9 of the gateway`);
      expect(tookS).toBeLessThan(1);
      await Promise.all([call.a.isTold(), call.b.isTold()]);
      for (const record of await call.records()) expect(record).toMatchObject({ cause: 'temporaryFailure', evidence: { kind: 'gatewayRestarted' } });
      await office.rests(call.loop);
      const again = new CallInGuest(office, call.loop);
      await again.out();
      await again.end();
      await office.rests(call.loop);
    });
  });
}

/** Two phones that are connected around a loop. Their tones are far from those of digits, exchanges and modems. */
class CallInGuest {
  readonly office: OfficeInGuest;
  readonly loop: Loop;
  readonly a: PhoneParty;
  b: PhoneParty;
  /** Of the caller, by the phone that is called. */
  shown: Shown = showsNothing;
  readonly #since = new Date();

  constructor(office: OfficeInGuest, loop: Loop) {
    this.office = office;
    this.loop = loop;
    this.a = office.phone(0, 1_040);
    this.b = office.phone(1, 1_900);
  }

  /** Over the line, whose far end is the station. */
  out(): Promise<void> {
    return this.#call(`${this.loop.prefix}102`);
  }

  /** To the station, whose far end is the line. */
  in(): Promise<void> {
    this.b = this.office.phone(2, 1_900);
    return this.#call(this.loop.extension);
  }

  async #call(number: string): Promise<void> {
    await this.a.call(number);
    this.shown = await this.b.isCalled();
    await this.b.answer();
  }

  /** Until it is up at both ends, and the caller is heard. The line cannot know that it was answered: it is taken for that after eight seconds. */
  async up(): Promise<void> {
    await waitFor('the caller to be answered', () => this.a.party.session.phase === 'confirmed' || undefined);
    await Promise.all([this.a.speak(), this.b.listen()]);
    await isHeard(this.a, this.b);
  }

  /** Until each has heard the other, and the digits of the other. */
  async talk(): Promise<void> {
    await this.up();
    await this.b.speak();
    await bothHear(this.a, this.b, 1_000);
    expect(await this.office.lineIsOffHook(this.loop)).toBe(true);
    for (const [from, to, digits] of [[this.a, this.b, '159'], [this.b, this.a, '37#']] as const) {
      from.sound.press(digits);
      await waitFor(() => `${digits} at ${to.name}; ${to.sound.digits} came`, () => to.sound.digits === digits || undefined, 10_000);
      await bothHear(this.a, this.b, 1_000);
    }
  }

  async hangUp(who: PhoneParty, other: PhoneParty): Promise<void> {
    await who.hangUp();
    await other.isTold();
    await expect.poll(() => this.office.lineIsOffHook(this.loop), { timeout: 10_000 }).toBe(false);
  }

  records(): ReturnType<OfficeInGuest['records']> {
    return this.office.records(this.loop, this.#since);
  }

  /** Whatever is left of it. */
  async end(): Promise<void> {
    for (const phone of [this.a, this.b]) await phone.hangUp();
  }
}

const bye = { kind: 'sipRequest', text: 'BYE' };
const onHook = { kind: 'onHook', text: 'the telephone was hung up' };
/** The station cuts the loop. */
const noBattery = { kind: 'batteryDenial', text: expect.stringMatching(/^battery denial of \d+ ms$/) as string };

const british: LoopPlan = { pair: 1, region: 'GB', inbound: '103' };
const american: LoopPlan = { pair: 8, region: 'US', inbound: '103' };

/** British caller ID begins with a reversal of polarity, which these spans have not. */
const ways = [
  { plan: british, law: 'A-law', hungUpBy: 'station', shown: { number: 'unavailable', name: null } },
  { plan: american, law: 'mu-law', hungUpBy: 'line', shown: { number: '101', name: 'Desk 101' } },
] as const;
