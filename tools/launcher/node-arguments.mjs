/**
 * Arguments for Node itself, by program. The young generation has its size from the start: left to itself V8 doubles it at
 * each burst and never gives it back, so that resident memory creeps for hours. For the controller's it is 32 MB: the garbage
 * of a call is dead within a second, and more room still makes no call cheaper but each pause longer. V8's own threads (four by
 * default) would take turns with calls on the same core, and scavenging in several has them wait for each other: one is enough.
 * @type {Readonly<Record<'pbx' | 'media' | 'carrier', readonly string[]>>}
 */
export const nodeArguments = {
  pbx: ['--min-semi-space-size=32', '--max-semi-space-size=32', '--no-parallel-scavenge', '--v8-pool-size=1'],
  carrier: ['--max-semi-space-size=1', '--v8-pool-size=1'],
  media: ['--min-semi-space-size=8', '--max-semi-space-size=8', '--v8-pool-size=1'],
};
