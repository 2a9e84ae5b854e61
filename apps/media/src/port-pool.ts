/** An RTP port and the odd one after it (RFC 3550 11) at one address: bound in its worker, or about to be. */
export interface PortPair {
  /** Its number in its worker. */
  id: number;
  worker: number;
  readonly address: string;
  readonly rtpPort: number;
  /** `closing`: its worker gives it up for another, `opening` follows. */
  state: 'opening' | 'ready' | 'inUse' | 'quarantined' | 'closing';
  /** Who took it while it was still opening, and hears how that went: null or the error's code. */
  opened: ((error: string | null) => void) | null;
  freedAtMs: number;
}

export interface PortPoolSettings {
  readonly firstPort: number;
  readonly lastPort: number;
  readonly workers: number;
  /** Pairs a worker can hold; their numbers are below it. */
  readonly pairs: number;
  readonly random: () => number;
  /** Has a worker bind a pair; the outcome comes back through `opened`. */
  readonly open: (pair: PortPair) => void;
  /** Has a worker close one; told by `closed`. */
  readonly close: (pair: PortPair) => void;
}

export type PairChoice = PortPair | 'noPort' | 'portTaken';

/**
 * Pairs that are bound already, so that a call gets one without waiting. A freed pair rests for a second before it is given
 * again: packets of the old call that are still on their way must not enter a new one. Pairs stay bound for ever, and their
 * worker drains what comes to resting ones.
 *
 * Each worker has its own slice of the range (every n-th pair), so that all terminations of a context, pinned ones too, find
 * their ports with the same worker. A pair can be given to another worker (`rehome`), closed there and bound here, and stays with it.
 */
export class PortPool {
  readonly #settings: PortPoolSettings;
  readonly #shelves = new Map<string, Shelf>();
  readonly #byPort = new Map<string, PortPair>();
  readonly #pairs: PortPair[][];
  #quarantine: PortPair[] = [];
  #inUse = 0;
  /** Pairs that change their worker, by their number in the former one: `worker id`. */
  readonly #moving = new Map<string, PortPair>();
  /** Pairs that could not be bound: their ports belong to somebody else. */
  readonly #unusable = new Set<string>();

  constructor(settings: PortPoolSettings) {
    this.#settings = settings;
    this.#pairs = Array.from({ length: settings.workers }, () => []);
  }

  get total(): number {
    return Math.floor((this.#settings.lastPort - this.#settings.firstPort + 1) / 2);
  }

  counts(): { readonly inUse: number; readonly ready: number; readonly quarantined: number } {
    let ready = 0;
    for (const shelf of this.#shelves.values()) ready += shelf.ready.length;
    return { inUse: this.#inUse, ready, quarantined: this.#quarantine.length };
  }

  /** The worker that has a port, or else whose slice it is in. */
  workerOf(address: string, rtpPort: number): number {
    const { firstPort, workers } = this.#settings;
    const known = this.#byPort.get(`${address} ${rtpPort}`);
    return known?.worker ?? Math.abs((rtpPort - firstPort) >> 1) % workers;
  }

  /** Opens pairs ahead of need. */
  prepare(worker: number, address: string): void {
    const shelf = this.#shelf(worker, address);
    for (let missing = readyAhead - shelf.ready.length - shelf.opening.length; missing > 0; missing--) {
      const pair = this.#create(shelf);
      if (pair === null) return;
      shelf.opening.push(pair);
    }
  }

  /** Any pair. One whose state is `opening` is promised: set its `opened`. */
  take(worker: number, address: string, nowMs: number): PairChoice {
    this.#endQuarantine(nowMs);
    const shelf = this.#shelf(worker, address);
    const pair = shelf.ready.shift() ?? shelf.opening.shift() ?? this.#create(shelf);
    if (pair === null) return 'noPort';
    if (shelf.ready.length < readyAhead / 2) this.prepare(worker, address);
    return this.#taken(pair);
  }

  /** The pair with this port, for a termination that comes back with its ports; a resting one may be had. */
  takePinned(worker: number, address: string, rtpPort: number): PairChoice {
    const known = this.#byPort.get(`${address} ${rtpPort}`);
    if (known === undefined) {
      const made = this.#createAt(this.#shelf(worker, address), rtpPort);
      return made === null ? 'noPort' : this.#taken(made);
    }
    const shelf = this.#shelf(known.worker, address);
    if (known.worker === worker) return remove(shelf.ready, known) || remove(shelf.opening, known) || remove(this.#quarantine, known) ? this.#taken(known) : 'portTaken';
    if (!this.hasRoom(worker, address)) return 'noPort';
    if (!remove(shelf.ready, known) && !remove(this.#quarantine, known)) return 'portTaken';
    this.#taken(known);
    this.rehome(known, worker);
    return known;
  }

  /** Whether a pair can be given to this worker. */
  hasRoom(worker: number, address: string): boolean {
    return this.#shelf(worker, address).unusedIds.length > 0 || (this.#pairs[worker]?.length ?? 0) < this.#settings.pairs;
  }

  /** A pair in use is given to another worker, which has room: it is `closing` until `opened` says how that went. */
  rehome(pair: PortPair, worker: number): void {
    this.#moving.set(`${pair.worker} ${pair.id}`, pair);
    this.#settings.close(pair);
    pair.state = 'closing';
    pair.worker = worker;
    pair.id = this.#newId(this.#shelf(worker, pair.address));
    this.#pairs[worker]![pair.id] = pair;
  }

  /** The outcome of `close`. */
  closed(worker: number, id: number): void {
    const pair = this.#moving.get(`${worker} ${id}`);
    if (pair === undefined) return;
    this.#moving.delete(`${worker} ${id}`);
    this.#shelf(worker, pair.address).unusedIds.push(id);
    pair.state = 'opening';
    this.#settings.open(pair);
  }

  /** A pair that is given up, and rests from now on. */
  free(pair: PortPair, nowMs: number): void {
    this.#inUse--;
    pair.state = 'quarantined';
    pair.freedAtMs = nowMs;
    this.#quarantine.push(pair);
  }

  /** The outcome of `open`. */
  opened(worker: number, id: number, error: string | null): void {
    const pair = this.#pairs[worker]?.[id];
    if (pair === undefined) return;
    const { opened } = pair;
    pair.opened = null;
    const shelf = this.#shelf(worker, pair.address);
    const untaken = remove(shelf.opening, pair);
    if (error !== null) {
      this.#byPort.delete(`${pair.address} ${pair.rtpPort}`);
      this.#unusable.add(`${pair.address} ${pair.rtpPort}`);
      shelf.unusedIds.push(id);
      if (!untaken) this.#inUse--;
    } else {
      pair.state = untaken ? 'ready' : 'inUse';
      if (untaken) shelf.ready.push(pair);
    }
    opened?.(error);
  }

  #taken(pair: PortPair): PortPair {
    this.#inUse++;
    if (pair.state !== 'opening' && pair.state !== 'closing') pair.state = 'inUse';
    return pair;
  }

  #shelf(worker: number, address: string): Shelf {
    const key = `${worker} ${address}`;
    let shelf = this.#shelves.get(key);
    if (shelf === undefined) {
      // From anywhere in the range: ports that can be guessed invite strangers.
      shelf = { worker, address, ready: [], opening: [], unusedIds: [], exhausted: false, next: Math.floor(this.#settings.random() * this.#sliceLength(worker)) };
      this.#shelves.set(key, shelf);
    }
    return shelf;
  }

  #sliceLength(worker: number): number {
    return Math.ceil((this.total - worker) / this.#settings.workers);
  }

  /** A new pair on the next port of the slice that nobody has; null when there is none. */
  #create(shelf: Shelf): PortPair | null {
    const { firstPort, workers } = this.#settings;
    if (shelf.exhausted) return null;
    const length = this.#sliceLength(shelf.worker);
    for (let tried = 0; tried < length; tried++) {
      const rtpPort = firstPort + 2 * (shelf.worker + workers * shelf.next);
      shelf.next = (shelf.next + 1) % length;
      const key = `${shelf.address} ${rtpPort}`;
      if (!this.#byPort.has(key) && !this.#unusable.has(key)) return this.#createAt(shelf, rtpPort);
    }
    shelf.exhausted = true;
    return null;
  }

  #createAt(shelf: Shelf, rtpPort: number): PortPair | null {
    const { worker, address } = shelf;
    if (!this.hasRoom(worker, address)) return null;
    const pair: PortPair = { id: this.#newId(shelf), worker, address, rtpPort, state: 'opening', opened: null, freedAtMs: 0 };
    this.#pairs[worker]![pair.id] = pair;
    this.#byPort.set(`${address} ${rtpPort}`, pair);
    this.#settings.open(pair);
    return pair;
  }

  #newId({ worker, unusedIds }: Shelf): number {
    return unusedIds.pop() ?? (this.#pairs[worker] as PortPair[]).length;
  }

  #endQuarantine(nowMs: number): void {
    let rested = 0;
    for (const pair of this.#quarantine) {
      if (nowMs - pair.freedAtMs < quarantineMs) break;
      pair.state = 'ready';
      this.#shelf(pair.worker, pair.address).ready.push(pair);
      rested++;
    }
    if (rested > 0) this.#quarantine.splice(0, rested);
  }
}

/** The pairs of one worker at one address. */
interface Shelf {
  readonly worker: number;
  readonly address: string;
  /** The longest ready first. */
  readonly ready: PortPair[];
  /** Opening ahead of need, taken by nobody. */
  readonly opening: PortPair[];
  /** Numbers of pairs that could not be opened. */
  readonly unusedIds: number[];
  /** Position in the slice. */
  next: number;
  /** All ports of the slice are pairs already; there are only those that come back from quarantine. */
  exhausted: boolean;
}

function remove(pairs: PortPair[], pair: PortPair): boolean {
  const at = pairs.indexOf(pair);
  if (at >= 0) pairs.splice(at, 1);
  return at >= 0;
}

/** Long enough for what is still on its way, or queued at a far end that missed our goodbye. */
export const quarantineMs = 1000;
/** Calls that arrive in one turn find that many ports without waiting. */
const readyAhead = 64;
