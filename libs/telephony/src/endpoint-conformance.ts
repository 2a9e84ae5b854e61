import type { Endpoint } from './endpoint.ts';
import type { DialRequest, LegEvent, LegListener } from './leg.ts';

/** One endpoint, made anew for each test, and its far end in the test's hands. */
export interface EndpointUnderTest {
  readonly endpoint: Endpoint;
  readonly request: DialRequest;
  /** It never rings. */
  readonly answersAtOnce?: boolean;
  /** Lets everything happen that is under way (virtual time or real). */
  settle(): void | Promise<void>;
  /** What the far end does with the last leg. */
  readonly farEnd: { ring(): void; answer(): void; reject(): void; hangUp(): void };
  /** Nothing is left behind: sockets, timers, dialogs. */
  end(): void | Promise<void>;
}

type Test = (name: string, body: () => Promise<void>) => void;

/** What every endpoint promises, whatever carries it. Hand in vitest's `test`. */
export function endpointConformance(test: Test, make: () => EndpointUnderTest | Promise<EndpointUnderTest>): void {
  const each = (name: string, body: (under: EndpointUnderTest) => Promise<void>): void => {
    test(`endpoint: ${name}`, async () => {
      const under = await make();
      await body(under);
      await under.end();
    });
  };

  each('a call that is answered and hung up far away tells ringing, answered, released, in this order', async ({ endpoint, request, answersAtOnce = false, settle, farEnd }) => {
    const { events, listener } = recorder();
    endpoint.originate('leg', request, listener);
    await settle();
    farEnd.ring();
    await settle();
    farEnd.answer();
    await settle();
    farEnd.hangUp();
    await settle();
    // A line has early media before anybody rings.
    same(events.map((event) => event.type).filter((type) => type !== 'changed' && type !== 'note' && type !== 'progress'), answersAtOnce ? ['answered', 'released'] : ['ringing', 'answered', 'released']);
    releasedOnceAndLast(events);
  });

  each('nothing is told before originate returns', async ({ endpoint, request, settle, farEnd }) => {
    let returned = false;
    let early = false;
    const { events, listener } = recorder();
    endpoint.originate('leg', request, (event) => {
      early ||= !returned;
      listener(event);
    });
    returned = true;
    await settle();
    farEnd.reject();
    await settle();
    same(early, false);
    releasedOnceAndLast(events);
  });

  each('a far end that rejects releases with a cause of its own', async ({ endpoint, request, settle, farEnd }) => {
    const { events, listener } = recorder();
    endpoint.originate('leg', request, listener);
    await settle();
    farEnd.reject();
    await settle();
    const last = events.at(-1);
    if (last?.type !== 'released' || last.cause === 'normalClearing') throw new Error(`expected a failure, got ${JSON.stringify(last)}`);
    if (last.evidence.text === '' || last.evidence.kind === '') throw new Error('no evidence');
  });

  each('release in every phase gives exactly one released, also when asked twice', async ({ endpoint, request, settle, farEnd }) => {
    for (const phase of ['new', 'waiting', 'ringing', 'answered'] as const) {
      const { events, listener } = recorder();
      const leg = endpoint.originate(`leg-${phase}`, request, listener);
      if (phase !== 'new') await settle();
      if (phase === 'ringing' || phase === 'answered') farEnd.ring();
      await settleIf(phase !== 'new', settle);
      if (phase === 'answered') farEnd.answer();
      await settleIf(phase !== 'new', settle);
      leg.send({ type: 'release', cause: 'normalClearing' });
      leg.send({ type: 'release', cause: 'normalClearing' });
      await settle();
      releasedOnceAndLast(events);
    }
  });

  each('a leg that was released ignores every command', async ({ endpoint, request, settle, farEnd }) => {
    const { events, listener } = recorder();
    const leg = endpoint.originate('leg', request, listener);
    await settle();
    farEnd.reject();
    await settle();
    const told = events.length;
    leg.send({ type: 'alert' });
    leg.send({ type: 'answer', media: request.media });
    leg.send({ type: 'sendDigit', digit: '1', durationMs: 100 });
    leg.send({ type: 'sound', sound: 'preempted' });
    leg.send({ type: 'restoreMedia' });
    leg.send({ type: 'release', cause: 'normalClearing' });
    await settle();
    same(events.length, told);
  });

  each('an answered leg lives on from its snapshot', async ({ endpoint, request, settle, farEnd }) => {
    const { listener } = recorder();
    const leg = endpoint.originate('leg', request, listener);
    await settle();
    farEnd.ring();
    await settle();
    farEnd.answer();
    await settle();
    const text = JSON.stringify(leg.snapshot());
    const { events, listener: second } = recorder();
    const adopted = endpoint.adopt('leg', JSON.parse(text) as Record<string, unknown>, second);
    same([adopted.id, adopted.media, adopted.reference], [leg.id, leg.media, leg.reference]);
    adopted.send({ type: 'release', cause: 'normalClearing' });
    await settle();
    releasedOnceAndLast(events);
  });
}

function recorder(): { readonly events: LegEvent[]; readonly listener: LegListener } {
  const events: LegEvent[] = [];
  return { events, listener: (event) => events.push(event) };
}

async function settleIf(yes: boolean, settle: () => void | Promise<void>): Promise<void> {
  if (yes) await settle();
}

function releasedOnceAndLast(events: readonly LegEvent[]): void {
  same(events.filter((event) => event.type === 'released').length, 1);
  same(events.at(-1)?.type, 'released');
}

function same(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}
