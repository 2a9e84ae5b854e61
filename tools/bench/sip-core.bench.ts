import { TimerWheel } from '@tipring/clock';
import { bufferLatin1, SessionLayer, TransactionLayer, useLatin1 } from '@tipring/sip';
import type { Flow, Hop, Session, SessionListener, Transport } from '@tipring/sip';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'The SIP core alone: two-legged calls without sockets';
export const explains =
  'A caller, a back-to-back user agent and a callee, all of our own stack, in one process on a wire of memory: parsing, transactions, dialogs, sessions and writing, ' +
  'with every timer running in virtual time at the given rate. A call is INVITE, 180, 200, ACK, BYE and 200 on each leg, and a 100 to the caller. The caller and the callee together do the same work as the ' +
  'user agent between them, so half of the CPU is its. Target: at most 150 µs of CPU a two-legged call.';
export const options = {
  calls: { default: 60_000, explains: 'calls to place' },
  rate: { default: 1000, explains: 'calls a second of virtual time; talk time is one second' },
};

export async function run(context: BenchContext): Promise<Figures> {
  useLatin1(bufferLatin1);
  const timers = new TimerWheel();
  const wire = new MemoryWire(timers);
  const rate = context.number('rate');
  const calls = context.number('calls');
  let completed = 0;

  const caller = wire.attach('10.0.0.1', () => {
    throw new Error('nobody calls the caller');
  });
  const middle = wire.attach('10.0.0.2', (invite) => {
    const leg = invite.take((event) => {
      if (event.type === 'ended') further.end();
    });
    const further: Session = middle.sessions.invite(invitation('10.0.0.3', '10.0.0.2', invite.offer ?? ''), (event) => {
      if (event.type === 'provisional') leg.provisional(event.status);
      else if (event.type === 'accepted') leg.accept(event.sdp);
      else if (event.type === 'ended') leg.end();
    });
  });
  const callee = wire.attach('10.0.0.3', (invite) => {
    const session = invite.take(ignore);
    session.provisional(180);
    timers.start(100, () => session.accept(description));
  });

  const place = (): void => {
    const session = caller.sessions.invite(invitation('10.0.0.2', '10.0.0.1', description), (event) => {
      if (event.type === 'accepted') timers.start(1000, () => session.end());
      else if (event.type === 'ended') completed++;
    });
  };
  const pass = (count: number): void => {
    for (let call = 0; call < count; call++) {
      place();
      wire.drain();
      timers.advance(timers.now() + 1000 / rate);
      wire.drain();
    }
  };

  context.progress('warming up');
  pass(Math.min(5_000, calls));
  context.progress(`${calls} calls`);
  const begun = process.cpuUsage();
  const datagrams = wire.carried;
  pass(calls);
  const { user, system } = process.cpuUsage(begun);
  const cpuUs = (user + system) / calls;
  const rss = process.memoryUsage.rss();
  const lingering = middle.transactions.size;
  for (let step = 0; step < 40_000; step++) {
    timers.advance(timers.now() + 1);
    wire.drain();
  }
  const left = caller.sessions.size + middle.sessions.size + callee.sessions.size + middle.transactions.size.clients + middle.transactions.size.servers;
  context.table([
    ['', 'CPU µs', 'calls/s of one core'],
    ['a two-legged call (half of the process)', (cpuUs / 2).toFixed(1), Math.round(2_000_000 / cpuUs)],
    ['target', 150, 6667],
  ]);
  return {
    cpuUsPerCall: Math.round(cpuUs * 5) / 10,
    callsPerCpuSecond: Math.round(2_000_000 / cpuUs),
    datagramsPerTwoLeggedCall: Math.round((wire.carried - datagrams) / calls),
    completed,
    lingeringTransactions: lingering.clients + lingering.servers,
    rssMiB: Math.round(rss / 2 ** 20),
    leftAfter32s: left,
  };
}

function invitation(to: string, from: string, offer: string) {
  return { hop: { transport: 'udp', address: to, port: 5060 } as const, uri: `sip:102@${to}`, from: `"Anna" <sip:101@${from}>`, to: `<sip:102@${to}>`, contactUser: '101', offer };
}

/** Datagrams in a queue; both ends share the flow objects. */
class MemoryWire {
  carried = 0;
  readonly #timers: TimerWheel;
  readonly #stations = new Map<string, TransactionLayer>();
  readonly #flows = new Map<string, Flow>();
  #queue: { readonly to: TransactionLayer; readonly bytes: Uint8Array; readonly flow: Flow }[] = [];

  constructor(timers: TimerWheel) {
    this.#timers = timers;
  }

  attach(address: string, onInvite: (invite: Parameters<ConstructorParameters<typeof SessionLayer>[1]['onInvite']>[0]) => void) {
    const transport: Transport = {
      send: (hop, bytes) => this.#carry(address, 'flow' in hop ? hop.flow.remote.address : hop.address, bytes),
      hopFor: (hop: Hop) => hop,
      advertised: () => ({ transport: 'udp', address, port: 5060 }),
    };
    const transactions = new TransactionLayer(transport, this.#timers, Math.random);
    this.#stations.set(address, transactions);
    const settings = { product: 'Tipring', methods: ['REGISTER'], dialogMethods: ['REFER'], sessionTimer: { expiresS: 1800, minimumS: 90 } };
    const sessions = new SessionLayer({ transactions, timers: this.#timers, random: Math.random }, { onInvite, onRequest: ignore }, settings);
    return { transactions, sessions };
  }

  drain(): void {
    while (this.#queue.length > 0) {
      const queue = this.#queue;
      this.#queue = [];
      for (const { to, bytes, flow } of queue) to.receiveBytes(bytes, flow);
    }
  }

  #carry(from: string, to: string, bytes: Uint8Array): void {
    const station = this.#stations.get(to);
    if (station === undefined) return;
    this.carried++;
    this.#queue.push({ to: station, bytes, flow: this.#flow(to, from) });
  }

  #flow(local: string, remote: string): Flow {
    const id = `${local} ${remote}`;
    let flow = this.#flows.get(id);
    if (flow === undefined) {
      flow = { id, transport: 'udp', local: { address: local, port: 5060 }, remote: { address: remote, port: 5060 } };
      this.#flows.set(id, flow);
    }
    return flow;
  }
}

const ignore: SessionListener & (() => void) = () => {};

const description = ['v=0', 'o=- 3724394400 3724394400 IN IP4 10.0.0.1', 's=-', 'c=IN IP4 10.0.0.1', 't=0 0', 'm=audio 49170 RTP/AVP 8 0 101', 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', 'a=ptime:20', 'a=sendrecv', ''].join('\r\n');
