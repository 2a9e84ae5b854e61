import { expect, test } from 'vitest';
import { type PairChoice, type PortPair, PortPool, quarantineMs } from './port-pool.ts';

const here = '127.0.0.1';

/** A pool whose worker binds at once, but for the ports of somebody else. */
function pool(pairs: number, { workers = 1, foreign = [] as number[], random = (): number => 0 } = {}): { pool: PortPool; settle: () => void; opened: PortPair[] } {
  const opened: PortPair[] = [];
  let asked: PortPair[] = [];
  const made = new PortPool({ firstPort: 20_000, lastPort: 20_000 + 2 * pairs - 1, workers, pairs: 4096, random, open: (pair) => void asked.push(pair), close: ({ worker, id }) => made.closed(worker, id) });
  const settle = (): void => {
    while (asked.length > 0) {
      const batch = asked;
      asked = [];
      for (const pair of batch) {
        opened.push(pair);
        made.opened(pair.worker, pair.id, foreign.includes(pair.rtpPort) ? 'EADDRINUSE' : null);
      }
    }
  };
  return { pool: made, settle, opened };
}

function portOf(choice: PairChoice): number {
  if (typeof choice === 'string') throw new Error(choice);
  return choice.rtpPort;
}

test('pairs are bound ahead, so that taking one does not wait', () => {
  const { pool: ports, settle } = pool(500);
  ports.prepare(0, here);
  settle();
  const pair = ports.take(0, here, 0);
  expect(pair).toMatchObject({ state: 'inUse' });
});

test('a freed pair rests for a second before it is given again', () => {
  const { pool: ports, settle } = pool(1);
  const pair = ports.take(0, here, 0) as PortPair;
  settle();
  ports.free(pair, 1000);
  expect(ports.take(0, here, 1000 + quarantineMs - 1)).toBe('noPort');
  expect(ports.take(0, here, 1000 + quarantineMs)).toBe(pair);
});

test('every pair of the range is given once, then there is none', () => {
  const { pool: ports, settle } = pool(200, { random: () => 0.7 });
  const given = new Set<number>();
  for (let i = 0; i < 200; i++) {
    given.add(portOf(ports.take(0, here, 0)));
    settle();
  }
  expect([given.size, Math.min(...given), Math.max(...given)]).toEqual([200, 20_000, 20_398]);
  expect(ports.take(0, here, 0)).toBe('noPort');
  expect(ports.counts()).toEqual({ inUse: 200, ready: 0, quarantined: 0 });
});

test('a pair that is still opening is promised, and its taker hears when it is open or why not', () => {
  const { pool: ports, settle } = pool(10, { foreign: [20_000] });
  const heard: (string | null)[] = [];
  const [first, second] = [ports.take(0, here, 0) as PortPair, ports.take(0, here, 0) as PortPair];
  expect([first.state, second.state]).toEqual(['opening', 'opening']);
  first.opened = (error) => heard.push(error);
  second.opened = (error) => heard.push(error);
  settle();
  expect(heard).toEqual(['EADDRINUSE', null]);
  expect(ports.counts().inUse).toBe(1);
});

test('ports of other programs are passed over', () => {
  const { pool: ports, settle } = pool(4, { foreign: [20_000, 20_004] });
  ports.prepare(0, here);
  settle();
  expect([ports.take(0, here, 0), ports.take(0, here, 0)].map(portOf)).toEqual([20_002, 20_006]);
  expect(ports.take(0, here, 0)).toBe('noPort');
});

test('a pinned port is had when it is unknown, ready, opening or resting, and not while it is in use', () => {
  const { pool: ports, settle } = pool(500);
  expect(portOf(ports.takePinned(0, here, 20_800))).toBe(20_800);
  ports.prepare(0, here);
  expect(portOf(ports.takePinned(0, here, 20_000))).toBe(20_000);
  settle();
  const ready = ports.takePinned(0, here, 20_002) as PortPair;
  expect(ready.state).toBe('inUse');
  expect(ports.takePinned(0, here, 20_002)).toBe('portTaken');
  ports.free(ready, 0);
  expect(ports.takePinned(0, here, 20_002)).toBe(ready);
});

test('workers have slices of their own, and a port says whose it is', () => {
  const { pool: ports, settle } = pool(300, { workers: 3 });
  for (const worker of [0, 1, 2]) {
    for (let i = 0; i < 100; i++) {
      const port = portOf(ports.take(worker, here, 0));
      settle();
      expect(ports.workerOf(here, port)).toBe(worker);
    }
    expect(ports.take(worker, here, 0)).toBe('noPort');
  }
});

test('the same port at another address is another pair', () => {
  const { pool: ports, settle } = pool(1);
  expect(portOf(ports.take(0, here, 0))).toBe(portOf(ports.take(0, '127.0.0.2', 0)));
  settle();
  expect(ports.counts().inUse).toBe(2);
});
