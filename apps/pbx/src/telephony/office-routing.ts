import type { Snapshot } from '@tipring/config';
import { CallbackMemory, ExtensionActivity, type ForwardedOutside, FraudLedger, HuntMemory, isCostly, type NumberingFacts, type OutsideCall, type Resolution, RoutingTable, type RoutingState } from '@tipring/routing';
import type { LiveConfiguration, OutsideCallRecord } from '@tipring/store';
import type { Availabilities, Availability, AvailabilityState, CallEvent, CallId, CallView, EndpointId, LegId, RouteOutcome, RouteRequest, Routes } from '@tipring/telephony';
import type { RouteExplainer, RouteQuestion } from '../api/ports.ts';

export interface OfficeRoutingPorts {
  readonly configuration: Pick<LiveConfiguration, 'snapshot'>;
  readonly facts: NumberingFacts;
  /** Of lines and trunks. */
  readonly availabilities: Availabilities;
  /** Ms since the epoch. */
  readonly wallClock: () => number;
}

/**
 * The configuration as calls see it: the table of its rules, made anew when it changes, and what routing remembers of calls. Explaining is
 * asking the same table; it leaves nothing behind.
 */
export class OfficeRouting implements Routes, RouteExplainer {
  readonly #ports: OfficeRoutingPorts;
  readonly #ledger = new FraudLedger();
  readonly #hunts = new HuntMemory();
  readonly #callbacks = new CallbackMemory();
  readonly #activity = new ExtensionActivity();
  /** Calls outside that cost something, until they end: the ways they were let out by, of which a transfer makes a further one. */
  readonly #outside = new Map<CallId, readonly OutsideWay[]>();
  /** Calls that an extension may forward outside, until they are there: in whose name the first is. */
  readonly #forwarded = new Map<CallId, ForwardedOutside>();
  /** Ways of emergency calls, until they end: what each shows. */
  readonly #help = new Map<CallId, Resolution['explanation']['candidates']>();
  #compiled: { readonly of: Snapshot; readonly table: RoutingTable } | undefined;

  constructor(ports: OfficeRoutingPorts) {
    this.#ports = ports;
  }

  resolve(request: RouteRequest): RouteOutcome {
    const { outcome, explanation } = this.#table.resolve(request, this.#state(), 'call');
    const { decision, caller, at, candidates, turns = [], outside = [] } = explanation;
    if (outcome.ok && request.call !== undefined) for (const { ringGroup, member } of turns) this.#hunts.taken(member, [ringGroup]);
    if (outcome.ok && request.call !== undefined && outcome.route.emergency?.isTest === false) this.#help.set(request.call, candidates);
    if (outcome.ok && request.call !== undefined && outcome.route.emergency === undefined && decision.is === 'routed' && decision.direction === 'outbound') {
      // What is forwarded at once counts for who forwards it.
      this.#letOut(request.call, decision.e164, { extensionId: outside[0]?.extensionId ?? caller.id, at, isCostly: isCostly(decision.class) });
    } else if (outcome.ok && request.call !== undefined && outside[0] !== undefined) this.#forwarded.set(request.call, outside[0]);
    return outcome;
  }

  explain({ endpoint, from, number, pin, at, states }: RouteQuestion): Resolution {
    const availability = (id: EndpointId) => supposed(this.#ports.availabilities.availability(id), states.get(id));
    return this.#table.resolve({ endpoint, from, number, ...(pin === undefined ? {} : { pin }) }, { ...this.#state(), at, availability }, 'all');
  }

  /** What was called before this process began, in that order: limits hold on, and who calls back after an emergency still reaches the telephone. */
  remember(records: readonly OutsideCallRecord[]): void {
    for (const { id, startedAt, answeredAt, endedAt, answeredBy, emergency, legs, explanation } of records) {
      if (explanation === null) continue;
      const { caller, decision, candidates, outside = [] } = explanation as unknown as Resolution['explanation'];
      if (decision.is !== 'routed') continue;
      if (emergency === null) {
        const price = answeredBy === null || decision.e164 === null ? null : this.#table.priceOf(answeredBy, decision.e164);
        this.#ledger.restore({ id, extensionId: outside[0]?.extensionId ?? caller.id, at: startedAt, isCostly: isCostly(decision.class) }, answeredAt, endedAt, price);
        continue;
      }
      const from = legs.find(({ role }) => role === 'caller')?.endpoint;
      if (from === undefined || this.emergencyTestNumbers.includes(emergency)) continue;
      for (const { endpoint, role, startedAt: at } of legs) {
        if (role === 'called') this.#callbacks.launched({ at, from, via: endpoint, shown: candidates.find((one) => one.endpoint === endpoint)?.shown ?? null });
      }
    }
  }

  /** Calls that were taken back after a restart: who talks in them is busy. */
  resume(calls: readonly CallView[]): void {
    for (const call of calls) this.#activity.heard(call, this.#extensionOf);
  }

  /** Dialled by themselves they reach an emergency service from here. */
  get emergencyNumbers(): readonly string[] {
    return this.#table.emergencyNumbers;
  }

  get emergencyTestNumbers(): readonly string[] {
    return this.#table.emergencyTestNumbers;
  }

  /** A line is taken for a call out: round robin goes on behind it. */
  taken(line: EndpointId): void {
    this.#hunts.taken(line, this.#table.lineGroupsOf(line));
  }

  /** To be told of every call: `Exchange.observe`. */
  hear(event: CallEvent): void {
    const { call, at } = event;
    this.#hearForwarded(call, at);
    if (event.type === 'call.ended') this.#activity.ended(call, at, this.#extensionOf);
    else this.#activity.heard(call, this.#extensionOf);
    switch (event.type) {
      case 'call.answered':
      // A call that was answered before, and is transferred outside.
      case 'call.partiesChanged':
        return this.#hearAnswered(call, at);
      case 'call.emergency':
      case 'call.rerouted': {
        // Nobody calls back after a test.
        if (event.type === 'call.emergency' ? event.isTest : !this.#help.has(call.id)) return;
        const caller = call.legs.find(({ role }) => role === 'caller')?.endpoint;
        if (caller === undefined) return;
        for (const { endpoint, role } of call.legs) if (role === 'called') this.#callbacks.launched({ at, from: caller, via: endpoint, shown: this.#shown(call.id, endpoint) });
        return;
      }
      case 'call.ended':
        this.#help.delete(call.id);
        this.#forwarded.delete(call.id);
        for (const { id } of this.#outside.get(call.id) ?? []) this.#ledger.ended(id, { at });
        this.#outside.delete(call.id);
        return;
      default:
        return;
    }
  }

  /** Each counts for itself: who transfers from call to call within one is held to his limits. */
  #letOut(call: CallId, e164: string | null, so: Omit<OutsideCall, 'id'>): void {
    const ways = this.#outside.get(call) ?? [];
    const id = ways.length === 0 ? call : `${call}/${ways.length + 1}`;
    this.#outside.set(call, [...ways, { id, e164, leg: null }]);
    this.#ledger.started({ id, ...so });
  }

  #hearAnswered({ id, legs }: CallView, at: number): void {
    const ways = this.#outside.get(id) ?? [];
    const way = ways.at(-1);
    if (way === undefined || way.leg !== null) return;
    const { trunks, lines } = this.#ports.configuration.snapshot;
    const leg = legs.findLast((one) => one.role === 'called' && (one.state === 'answered' || one.state === 'held') && (trunks.has(one.endpoint) || lines.has(one.endpoint)) && !ways.some((other) => other.leg === one.id));
    if (leg === undefined) return;
    this.#outside.set(id, [...ways.slice(0, -1), { ...way, leg: leg.id }]);
    this.#ledger.answered(way.id, at, way.e164 === null ? null : this.#table.priceOf(leg.endpoint, way.e164));
  }

  /** A way outside is tried for an extension that forwards: from now on it counts. */
  #hearForwarded({ id, legs }: CallView, at: number): void {
    const forwarded = this.#forwarded.get(id);
    if (forwarded === undefined) return;
    const { trunks, lines } = this.#ports.configuration.snapshot;
    if (!legs.some(({ endpoint, role }) => role === 'called' && (trunks.has(endpoint) || lines.has(endpoint)))) return;
    this.#forwarded.delete(id);
    this.#letOut(id, forwarded.e164, { extensionId: forwarded.extensionId, at, isCostly: isCostly(forwarded.class) });
  }

  /** Whose telephone it is. */
  readonly #extensionOf = (endpoint: EndpointId): string | undefined => {
    const { devices, stations } = this.#ports.configuration.snapshot;
    return (devices.get(endpoint) ?? stations.get(endpoint))?.extensionId;
  };

  /** Once for each configuration. */
  get #table(): RoutingTable {
    const { configuration, facts } = this.#ports;
    const { snapshot } = configuration;
    if (this.#compiled?.of !== snapshot) {
      this.#compiled = { of: snapshot, table: RoutingTable.compile(snapshot, facts) };
      this.#hunts.keepOnly(new Map<string, unknown>([...snapshot.lineGroups, ...snapshot.ringGroups]));
      this.#activity.keepOnly(snapshot.extensions);
    }
    return this.#compiled.table;
  }

  /** It talks, or is rung. */
  isBusy(extension: string): boolean {
    const state = this.#activity.state(extension);
    return state === 'busy' || state === 'ringing';
  }

  #state(): RoutingState {
    const at = this.#ports.wallClock();
    return {
      at,
      availability: (id) => this.#ports.availabilities.availability(id),
      outsideUse: (extension) => this.#ledger.outsideUse(extension, at),
      lastTaken: (group) => this.#hunts.lastTaken(group),
      extensionState: (extension) => this.#activity.state(extension),
      lastCallEnded: (extension) => this.#activity.lastCallEnded(extension),
      emergencyCallers: (via, called) => this.#callbacks.emergencyCallers(via, called, at),
    };
  }

  /** What this trunk or line shows of an emergency's caller; null: not known. */
  #shown(call: CallId, endpoint: EndpointId): string | null {
    return this.#help.get(call)?.find((candidate) => candidate.endpoint === endpoint)?.shown ?? null;
  }
}

/** `id`: the ledger's. `e164`: the number. `leg`: who has answered. */
interface OutsideWay {
  readonly id: string;
  readonly e164: string | null;
  readonly leg: LegId | null;
}

/** As it is, or as somebody supposes it to be. */
function supposed(real: Availability | undefined, state: AvailabilityState | undefined): Availability | undefined {
  if (state === undefined || real === undefined) return real;
  return { ...real, state, text: `${state}, as supposed` };
}
