import type { Flow, SocketAddress, Transport, TransportEvents, TransportName } from './flow.ts';
import { isReliable } from './flow.ts';

/** Two transports that a test has made for itself, of the same kind. */
export interface TransportPair {
  readonly near: Transport;
  readonly far: Transport;
  /** Where `far` listens. */
  readonly farAddress: SocketAddress;
  /** Where nobody listens. */
  readonly deadAddress: SocketAddress;
  /** Takes `far` away, as a crash would. */
  loseFar(): void | Promise<void>;
  /** Lets a little time pass: a turn of the event loop, or a piece of virtual time. */
  pass(): void | Promise<void>;
  end(): Promise<void>;
}

/**
 * What every transport owes the layer above. Give it the runner's `test` and a factory. No runner is imported here, and
 * nothing is waited for but events.
 */
export function transportConformance(
  transport: TransportName,
  test: (name: string, run: () => Promise<void>) => void,
  make: (near: TransportEvents, far: TransportEvents) => Promise<TransportPair>,
): void {
  const reliable = isReliable(transport);
  const clause = (name: string, run: (pair: TransportPair, near: Witness, far: Witness) => Promise<void>): void => {
    test(name, async () => {
      const [near, far] = [new Witness(), new Witness()];
      const pair = await make(near, far);
      near.pass = far.pass = () => pair.pass();
      try {
        await run(pair, near, far);
      } finally {
        await pair.end();
      }
    });
  };
  const hopTo = (address: SocketAddress) => ({ transport, address: address.address, port: address.port });

  clause('a message arrives byte for byte, and its flow says where it came from and where it arrived', async ({ near, farAddress }, _near, far) => {
    const sent = message(1, bytesOfEveryValue());
    near.send(hopTo(farAddress), sent.slice(), unexpected);
    await far.until(() => far.messages.length === 1);
    const { bytes, flow } = far.at(0);
    equal(bytes, sent);
    check(flow.transport === transport, `transport ${flow.transport}`);
    check(flow.local.port === farAddress.port && flow.local.address === farAddress.address, `local ${flow.local.address}:${flow.local.port}`);
    check(flow.remote.port > 0 && flow.remote.address !== '', 'remote');
  });

  clause('an answer goes back on the flow (RFC 3261 18.2.2, RFC 3581 4)', async ({ near, far: answerer, farAddress }, nearSide, far) => {
    near.send(hopTo(farAddress), message(1), unexpected);
    await far.until(() => far.messages.length === 1);
    answerer.send({ flow: far.at(0).flow }, message(2), unexpected);
    await nearSide.until(() => nearSide.messages.length === 1);
    const { bytes, flow } = nearSide.at(0);
    equal(bytes, message(2));
    check(flow.remote.address === farAddress.address && flow.remote.port === farAddress.port, 'the remote of the answer is where the request went');
    check(flow.local.port === far.at(0).flow.remote.port, 'both ends name the same sockets');
  });

  clause('messages of one peer have one flow, and a connection is used again (RFC 5923)', async ({ near, farAddress }, _near, far) => {
    near.send(hopTo(farAddress), message(1), unexpected);
    near.send(hopTo(farAddress), message(2), unexpected);
    await far.until(() => far.messages.length === 2);
    near.send(hopTo(farAddress), message(3), unexpected);
    await far.until(() => far.messages.length === 3);
    check(new Set(far.messages.map(({ flow }) => flow.id)).size === 1, 'one flow id');
  });

  clause('a request by address to where a connection comes from goes back on it (RFC 5923 4)', async ({ near, far: answerer, farAddress }, nearSide, far) => {
    near.send(hopTo(farAddress), message(1), unexpected);
    await far.until(() => far.messages.length === 1);
    answerer.send(hopTo(far.at(0).flow.remote), message(2), unexpected);
    await nearSide.until(() => nearSide.messages.length === 1);
    check(nearSide.at(0).flow.local.port === far.at(0).flow.remote.port, 'the same sockets');
  });

  clause('two hundred messages at once arrive whole, and a stream keeps their order', async ({ near, farAddress }, _near, far) => {
    for (let i = 0; i < 200; i++) near.send(hopTo(farAddress), message(i), unexpected);
    await far.until(() => far.messages.length === 200);
    const numbers = far.messages.map(({ bytes }) => numberOf(bytes));
    if (!reliable) numbers.sort((a, b) => a - b);
    check(numbers.every((number, i) => number === i), `order ${numbers.join()}`);
    far.messages.forEach(({ bytes }) => equal(bytes, message(numberOf(bytes))));
  });

  clause('a message of 60,000 bytes arrives whole (RFC 3261 18.1.1: up to 65,535)', async ({ near, farAddress }, _near, far) => {
    const large = message(1, new Uint8Array(59_000).fill(0x61));
    near.send(hopTo(farAddress), large.slice(), unexpected);
    await far.until(() => far.messages.length === 1);
    equal(far.at(0).bytes, large);
  });

  clause('what is advertised is where we are reached (RFC 3261 18.1.1)', async ({ near, far: other, farAddress }, nearSide, far) => {
    near.send(hopTo(farAddress), message(1), unexpected);
    await far.until(() => far.messages.length === 1);
    const there = near.advertised(hopTo(farAddress));
    check(there.transport === transport, 'the transport of the hop');
    const onFlow = other.advertised({ flow: far.at(0).flow });
    check(onFlow.port === farAddress.port && onFlow.address === farAddress.address, 'the listening address, on a flow too');
    other.send({ transport, address: there.address, port: there.port }, message(2), unexpected);
    await nearSide.until(() => nearSide.messages.length === 1);
  });

  clause('a request above 1300 bytes leaves UDP by address, and nothing else changes (RFC 3261 18.1.1)', async ({ near, farAddress }, _near, far) => {
    const hop = hopTo(farAddress);
    check(near.hopFor(hop, 1300) === hop, 'up to 1300 bytes nothing changes');
    const large = near.hopFor(hop, 1301);
    check('transport' in large && large.transport === (reliable ? transport : 'tcp'), 'above, UDP becomes TCP');
    near.send(hop, message(1), unexpected);
    await far.until(() => far.messages.length === 1);
    const onFlow = { flow: far.at(0).flow };
    check(near.hopFor(onFlow, 9000) === onFlow, 'a flow stays');
    const told = { ...hop, keepsUdp: true };
    check(near.hopFor(told, 9000) === told, 'what is to keep to UDP stays');
  });

  clause('where TCP is refused the request is told to go back to UDP (RFC 3261 18.1.1)', async ({ near, deadAddress }, nearSide) => {
    const asked = { transport: 'udp', address: deadAddress.address, port: deadAddress.port } as const;
    let answer: unknown;
    near.send(near.hopFor(asked, 2000), message(1), () => (answer = near.hopFor(asked, 2000)));
    await nearSide.until(() => answer !== undefined);
    check(answer === asked, 'asked again inside `failed`, the answer is UDP');
  });

  if (!reliable) return;

  clause('when nobody listens each message is reported failed, once, and not from inside send (RFC 3261 18.4)', async ({ near, deadAddress }, nearSide) => {
    const failures: number[] = [];
    near.send(hopTo(deadAddress), message(0), () => failures.push(0));
    near.send(hopTo(deadAddress), message(1), () => failures.push(1));
    check(failures.length === 0, 'later');
    await nearSide.until(() => failures.length === 2);
    near.send(hopTo(deadAddress), message(2), () => failures.push(2));
    await nearSide.until(() => failures.length === 3);
    check(failures.sort().join() === '0,1,2', failures.join());
  });

  clause('a peer that dies closes the flow, once, and sending on it fails', async ({ near, far: other, farAddress, loseFar }, nearSide, far) => {
    near.send(hopTo(farAddress), message(1), unexpected);
    await far.until(() => far.messages.length === 1);
    other.send({ flow: far.at(0).flow }, message(2), unexpected);
    await nearSide.until(() => nearSide.messages.length === 1);
    await loseFar();
    await nearSide.until(() => nearSide.closed.length === 1);
    const { flow } = nearSide.at(0);
    check(nearSide.closed[0] === flow, 'the flow that was used');
    let failed = 0;
    near.send({ flow }, message(3), () => (failed += 1));
    check(failed === 0, 'later');
    await nearSide.until(() => failed > 0);
    check(failed === 1 && nearSide.closed.length === 1, 'once');
  });
}

/** Writes down what a transport tells, and waits for it. */
class Witness implements TransportEvents {
  readonly messages: { readonly bytes: Uint8Array; readonly flow: Flow }[] = [];
  readonly closed: Flow[] = [];
  pass: () => void | Promise<void> = () => {};

  onMessage(bytes: Uint8Array, flow: Flow): void {
    this.messages.push({ bytes, flow });
  }

  onFlowClosed(flow: Flow): void {
    this.closed.push(flow);
  }

  onError(reason: string): void {
    throw new Error(reason);
  }

  at(index: number): { readonly bytes: Uint8Array; readonly flow: Flow } {
    const found = this.messages[index];
    if (found === undefined) throw new Error(`no message ${index}`);
    return found;
  }

  /** Until it holds; the runner's limit ends a wait in vain. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await this.pass();
  }
}

function message(number: number, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head =
    `OPTIONS sip:far@example.com SIP/2.0\r\nVia: SIP/2.0/UDP near.example.com;branch=z9hG4bK${number}\r\nMax-Forwards: 70\r\n` +
    `From: <sip:near@example.com>;tag=1\r\nTo: <sip:far@example.com>\r\nCall-ID: conformance\r\nCSeq: ${number} OPTIONS\r\n` +
    `Content-Length: ${body.length}\r\n\r\n`;
  const bytes = new Uint8Array(head.length + body.length);
  for (let i = 0; i < head.length; i++) bytes[i] = head.charCodeAt(i);
  bytes.set(body, head.length);
  return bytes;
}

function numberOf(bytes: Uint8Array): number {
  const text = String.fromCharCode(...bytes.subarray(0, 400));
  return Number.parseInt(text.slice(text.indexOf('CSeq: ') + 6), 10);
}

function bytesOfEveryValue(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, i) => i);
}

function unexpected(reason: string): void {
  throw new Error(`was reported failed: ${reason}`);
}

function equal(actual: Uint8Array, expected: Uint8Array): void {
  check(actual.length === expected.length && actual.every((byte, i) => byte === expected[i]), `${actual.length} bytes instead of ${expected.length}, or other ones`);
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
