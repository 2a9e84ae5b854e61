/**
 * Arguments for Node itself, by program. The controller's garbage is young: a call's messages are dead within a second, and
 * with room for more of them a scavenge finds less alive. V8's own threads (four by default) would take turns with calls on
 * the same core, and scavenging in several has them wait for each other: one is enough. In alternating runs each of these
 * took some 5 to 10 % off the CPU time of a call; more room still means longer pauses (about 18 ms at 800 calls/s).
 * @type {Readonly<Record<'pbx' | 'media', readonly string[]>>}
 */
export const nodeArguments = { pbx: ['--min-semi-space-size=16', '--max-semi-space-size=64', '--no-parallel-scavenge', '--v8-pool-size=1'], media: ['--v8-pool-size=1'] };
