import { type CardDriver, type PortId, portKey } from './contract.ts';
import type { FxoCapabilities, FxsCapabilities } from './port-capabilities.ts';
import { PortRecorder } from './port-recorder.ts';

/** A driver that a test has made for itself. */
export interface CardsUnderTest {
  readonly driver: CardDriver;
  /** An FXO and an FXS port, wired to each other by a short cable without noise; at least one second with their battery on. */
  readonly fxo: PortId;
  readonly fxs: PortId;
  /** Lets so many ms pass, of whatever clock the driver has. */
  wait(ms: number): Promise<void>;
  end(): Promise<void>;
}

/** Two ports and what the clauses do with them over and over. */
export class ConformanceBed {
  readonly made: CardsUnderTest;
  readonly fxo: PortRecorder;
  readonly fxs: PortRecorder;

  constructor(made: CardsUnderTest) {
    this.made = made;
    this.fxo = recorderOf(made.driver, made.fxo);
    this.fxs = recorderOf(made.driver, made.fxs);
  }

  /** Virtual time stands still while nobody lets it pass. */
  readonly soon = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    void promise.finally(() => (settled = true));
    for (let waited = 0; !settled && waited < 5_000; waited += 20) await this.made.wait(20);
    if (!settled) throw new Error('no answer within five seconds');
    return await promise;
  };

  /** Both open, and past the time in which hardware hides ringing after it was opened. */
  readonly up = async (): Promise<void> => {
    same([await this.soon(this.fxs.open()), await this.soon(this.fxo.open())], ['done', 'done']);
    await this.made.wait(2_500);
  };

  /** The FXO port is off hook; what happened until then is forgotten or kept. */
  readonly answered = async (events: 'forget' | 'keep' = 'forget'): Promise<void> => {
    if (this.fxo.events.length === 0) await this.up();
    same(await this.soon(this.fxo.send({ do: 'hook', hook: 'off' })), 'done');
    await this.made.wait(1_000);
    same(this.fxs.of('hook').at(-1)?.hook, 'off');
    if (events === 'keep') return;
    this.fxo.forget();
    this.fxs.forget();
  };
}

function recorderOf(driver: CardDriver, id: PortId): PortRecorder {
  const port = driver.port(id);
  if (port === null) throw new Error(`There is no port ${portKey(id)}.`);
  return new PortRecorder(port);
}

export function fxoOf({ port }: PortRecorder): FxoCapabilities {
  if (port.capabilities.kind !== 'fxo') throw new Error('This is no FXO port.');
  return port.capabilities;
}

export function fxsOf({ port }: PortRecorder): FxsCapabilities {
  if (port.capabilities.kind !== 'fxs') throw new Error('This is no FXS port.');
  return port.capabilities;
}

/**
 * From the block in which a click is sent to the one in which it is heard. Both ports have one clock, so blocks are compared by their
 * numbers, whenever they are told; of five clicks the earliest counts, for a machine that is busy may lose one or be late with it.
 */
export async function blocksUntilHeard(made: CardsUnderTest, from: PortRecorder, to: PortRecorder): Promise<number> {
  const clicks: { readonly sent: number; readonly heard: number }[] = [];
  const ahead: number[] = [];
  for (let click = 0; click < 5; click++) {
    let sent = 0;
    let listened = 0;
    from.mouth.say(Array.from({ length: 160 }, (_, n) => 8_000 * Math.sin(n)));
    from.onAudio = () => {
      sent = from.heard.length / 160;
      listened = to.heard.length;
      from.onAudio = null;
    };
    await made.wait(400);
    const heard = to.heard.findIndex((sample, n) => n >= listened && Math.abs(sample) > 500);
    if (heard >= 0) clicks.push({ sent, heard: Math.floor(heard / 160) });
    ahead.push((to.heard.length - from.heard.length) / 160);
  }
  const median = ahead.sort((a, b) => a - b)[2]!;
  return Math.min(...clicks.map(({ sent, heard }) => heard - sent - median));
}

export function same(actual: unknown, expected: unknown): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== shouldBe) throw new Error(`is ${is}, should be ${shouldBe}`);
}

export function isNear(actual: number, expected: number, within: number, what: string): void {
  if (!(Math.abs(actual - expected) <= within)) throw new Error(`${what}: is ${actual}, should be ${expected} within ${within}`);
}

export function isTrue(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}
