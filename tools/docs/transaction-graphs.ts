import type { Timer, Timers } from '@tipring/clock';
import { createRequest, createResponse, rfcTiming, serialize, type Flow, type SipRequest, type TransactionCounters, type TransportName } from '@tipring/sip';
import { InviteClient, InviteServer, type Machinery, NonInviteClient, NonInviteServer, WaitState } from '@tipring/sip/machines';
import { StateGraph } from './state-graph.ts';

/** One machine on the bench: what can be done to it, and what it did. */
interface Specimen {
  readonly at: string;
  readonly does: string[];
  /** By name; false: it cannot happen now (no such timer runs). */
  readonly inputs: Readonly<Record<string, () => boolean>>;
}

/** Every state that five inputs in any order lead to; what differs over TCP is marked so. */
export function exploreTransaction(machine: (transport: TransportName) => Specimen): StateGraph {
  const graph = new StateGraph(machine('udp').at);
  for (const transport of ['udp', 'tcp'] as const) {
    const walk = (path: readonly string[]): void => {
      for (const name of Object.keys(machine(transport).inputs)) {
        const specimen = machine(transport);
        for (const former of path) specimen.inputs[former]?.();
        const from = specimen.at;
        specimen.does.length = 0;
        if (specimen.inputs[name]?.() !== true) continue;
        const transition = { from, input: name, to: specimen.at, does: [...specimen.does] };
        if (transport === 'udp') graph.add(transition);
        else if (!graph.has(transition)) graph.add({ ...transition, input: `${name} (TCP)` });
        if (path.length < DEPTH - 1) walk([...path, name]);
      }
    };
    walk([]);
  }
  return graph;
}

export function inviteClient(transport: TransportName): Specimen {
  const bench = new Bench();
  const machine = new InviteClient({ branch: 'z9hG4bK1', request: invite, bytes: serialize(invite), hop: { flow }, transport }, bench.user, bench.machinery);
  return {
    get at() { return machine.at; },
    does: bench.does,
    inputs: {
      ...responses((status) => machine.receive(createResponse(invite, status, { toTag: 'b' }), flow)),
      'timer A': () => bench.machine.fire(isRepetition),
      'timer B': () => bench.machine.fire(isLimit),
      'timer D': () => machine.at === 'completed' && bench.long.fire(any),
      'timer M': () => machine.at === 'accepted' && bench.long.fire(any),
      'transport error': () => bench.failSending(),
      abandoned: () => done(machine.abandon()),
    },
  };
}

export function nonInviteClient(transport: TransportName): Specimen {
  const bench = new Bench();
  const machine = new NonInviteClient({ branch: 'z9hG4bK1', request: bye, bytes: serialize(bye), hop: { flow }, transport }, bench.user, bench.machinery);
  return {
    get at() { return machine.at; },
    does: bench.does,
    inputs: {
      '1xx': () => done(machine.receive(createResponse(bye, 100), flow)),
      '200–699': () => done(machine.receive(createResponse(bye, 200, { toTag: 'b' }), flow)),
      'timer E': () => bench.machine.fire(isRepetition),
      'timer F': () => bench.machine.fire(isLimit),
      'timer K': () => bench.short.fire(any),
      'transport error': () => bench.failSending(),
      abandoned: () => done(machine.abandon()),
    },
  };
}

export function inviteServer(transport: TransportName): Specimen {
  const bench = new Bench();
  const machine = new InviteServer({ key: 'k', merge: undefined }, { flow }, transport, bench.machinery);
  return {
    get at() { return machine.at; },
    does: bench.does,
    inputs: {
      ...answers(invite, (status, bytes) => machine.respond(status, bytes)),
      'INVITE again': () => done(machine.receiveInvite()),
      ACK: () => done(machine.receiveAck()),
      'timer G': () => bench.machine.fire(isRepetition),
      'timer H': () => bench.machine.fire(isLimit),
      'timer I': () => bench.short.fire(any),
      'timer L': () => bench.long.fire(any),
    },
  };
}

export function nonInviteServer(transport: TransportName): Specimen {
  const bench = new Bench();
  const machine = new NonInviteServer({ key: 'k', merge: undefined }, { flow }, transport, bench.machinery);
  const final = serialize(createResponse(bye, 200, { toTag: 'a' }));
  return {
    get at() { return machine.at; },
    does: bench.does,
    inputs: {
      '1xx by the user': () => done(machine.respond(100, serialize(createResponse(bye, 100)))),
      '200–699 by the user': () => done(machine.respond(200, final)),
      '200–699, not kept by the user': () => done(machine.respondOnce(final)),
      'request again': () => done(machine.receiveRequest()),
      'timer J': () => bench.long.fire(any),
    },
  };
}

function responses(receive: (status: number) => void): Specimen['inputs'] {
  return { '1xx': () => done(receive(180)), '2xx': () => done(receive(200)), '300–699': () => done(receive(486)) };
}

function answers(request: SipRequest, respond: (status: number, bytes: Uint8Array) => void): Specimen['inputs'] {
  const answer = (status: number) => () => done(respond(status, serialize(createResponse(request, status, { toTag: 'a' }))));
  return { '1xx by the user': answer(180), '2xx by the user': answer(200), '300–699 by the user': answer(486) };
}

/** Timers that go off when they are told to. */
class TimersByHand implements Timers {
  #now = 0;
  #running: { readonly at: number; readonly ms: number; readonly expire: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  start(ms: number, expire: () => void): Timer {
    const timer = { at: this.#now + ms, ms, expire };
    this.#running.push(timer);
    return { stop: () => (this.#running = this.#running.filter((one) => one !== timer)) };
  }

  /** The oldest of those meant; false: none runs. */
  fire(isMeant: (ms: number) => boolean): boolean {
    const timer = this.#running.find(({ ms }) => isMeant(ms));
    if (timer === undefined) return false;
    this.#running = this.#running.filter((one) => one !== timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.expire();
    return true;
  }
}

/** What a machine stands on: everything it sends and tells is written down. */
class Bench {
  readonly does: string[] = [];
  /** A, B, E, F, G, H. */
  readonly machine = new TimersByHand();
  /** D, J, L, M. */
  readonly long = new TimersByHand();
  /** I, K. */
  readonly short = new TimersByHand();
  readonly user = {
    onResponse: () => void this.does.push('response to the user'),
    onFailure: (failure: 'timeout' | 'transport') => void this.does.push(`${failure} to the user`),
  };
  readonly machinery: Machinery;
  #failed: ((reason: string) => void) | undefined;

  constructor() {
    this.machinery = {
      timers: this.machine,
      transport: {
        send: (_hop, bytes, failed) => {
          this.#failed = failed;
          this.does.push(`send ${startOf(bytes)}`);
        },
        hopFor: (hop) => hop,
        advertised: () => ({ transport: 'udp', address: '192.0.2.1', port: 5060 }),
      },
      timing: rfcTiming,
      counters,
      longWait: new WaitState(this.long, 64 * rfcTiming.t1Ms),
      shortWait: new WaitState(this.short, rfcTiming.t4Ms),
      terminated: () => {},
      answered: () => {},
      stray: () => this.does.push('2xx to the core'),
      responseFailed: () => {},
    };
  }

  failSending(): boolean {
    this.#failed?.('unreachable');
    return this.#failed !== undefined;
  }
}

/** `INVITE`, `1xx` …: what a message is, from its first line. */
function startOf(bytes: Uint8Array): string {
  const [first = '', second = ''] = new TextDecoder('latin1').decode(bytes).split(' ', 2);
  if (!first.startsWith('SIP/')) return first;
  return second.startsWith('1') ? '1xx' : second.startsWith('2') ? '2xx' : '300–699';
}

function done(_result: unknown): true {
  return true;
}

/** B, F and H are as long; the repetitions of A, E and G do not get there in five steps. */
const isLimit = (ms: number): boolean => ms === 64 * rfcTiming.t1Ms;
const isRepetition = (ms: number): boolean => !isLimit(ms);
const any = (): boolean => true;

const DEPTH = 5;
const flow: Flow = { id: 'f', transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address: '192.0.2.2', port: 5060 } };
const invite = request('INVITE');
const bye = request('BYE');

const counters: TransactionCounters = {
  inviteClients: 0, nonInviteClients: 0, inviteServers: 0, nonInviteServers: 0, retransmissionsSent: 0, retransmissionsReceived: 0, timeouts: 0, transportFailures: 0,
  overloads: 0, mergedRequests: 0, strayResponses: 0, refusedBytes: new Map(),
};

function request(method: string): SipRequest {
  return createRequest({
    method,
    uri: 'sip:102@192.0.2.2',
    headers: [
      ['Via', 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1'], ['Max-Forwards', '70'], ['From', '<sip:101@192.0.2.1>;tag=a'], ['To', '<sip:102@192.0.2.2>'],
      ['Call-ID', 'c'], ['CSeq', `1 ${method}`],
    ],
  });
}
