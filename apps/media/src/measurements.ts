import type { GatewayMetrics, TerminationStatistics } from '@tipring/gateway';
import { readStatistics } from './audit.ts';
import type { Context, RtpEnd, Termination } from './context.ts';
import type { PortPool } from './port-pool.ts';
import type { WorkerLink } from './worker-link.ts';
import { statistic, statisticsFields, workerCounter } from './worker/statistics-table.ts';

type Measured = Pick<WorkerLink, 'statistics' | 'kind' | 'realtimeRefused'>;

/** What the workers count, read from the memory they share. */
export class Measurements {
  readonly #links: readonly Measured[];
  readonly #pairs: number;

  /** `pairs`: of each worker. */
  constructor(links: readonly Measured[], pairs: number) {
    this.#links = links;
    this.#pairs = pairs;
  }

  of(termination: Termination): TerminationStatistics {
    if (termination.kind !== 'rtp') return nothingMeasured;
    return termination.live ? readStatistics(this.#tableOf(termination), termination) : (termination.before ?? nothingMeasured);
  }

  /** See `ContextAudit`. */
  silentMsOf(end: RtpEnd): number | null {
    return (end.live && this.#tableOf(end)[end.pair.id * statisticsFields + statistic.silentMs]) || null;
  }

  metrics(contexts: ReadonlyMap<string, Context>, pool: PortPool, commands: Pick<GatewayMetrics, 'commandsTotal' | 'commandsRefusedTotal'>): GatewayMetrics {
    const ports = pool.counts();
    const counter = (which: number): number => this.#links.reduce((sum, { statistics }) => sum + (statistics[this.#pairs * statisticsFields + which] as number), 0);
    let terminations = 0;
    for (const context of contexts.values()) terminations += context.terminations.size;
    return {
      contexts: contexts.size,
      terminations,
      portsInUse: ports.inUse,
      portsReady: ports.ready,
      portsQuarantined: ports.quarantined,
      portsTotal: pool.total,
      workers: this.#links.length,
      nativeIo: this.#links.every(({ kind }) => kind === 'native') ? 1 : 0,
      realtimeWorkers: this.#links.filter(({ realtimeRefused }) => realtimeRefused === null).length,
      ...commands,
      packetsReceivedTotal: counter(workerCounter.received),
      packetsSentTotal: counter(workerCounter.sent),
      packetsDiscardedTotal: counter(workerCounter.discarded),
      packetsStrayTotal: counter(workerCounter.stray),
      sendErrorsTotal: counter(workerCounter.sendErrors),
    };
  }

  #tableOf({ pair }: RtpEnd): Float64Array {
    return (this.#links[pair.worker] as Measured).statistics;
  }
}

const nothingMeasured: TerminationStatistics = {
  codec: null,
  packetsReceived: 0,
  octetsReceived: 0,
  packetsSent: 0,
  packetsLost: 0,
  packetsDiscarded: 0,
  jitterMs: 0,
  worstJitterMs: 0,
  roundTripMs: null,
  mos: null,
  farLost: null,
  farJitterMs: null,
};
