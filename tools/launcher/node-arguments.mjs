/**
 * Arguments for Node itself, by program. The controller's garbage is young: a call's messages are dead within a second, and
 * with room for more of them a scavenge finds less alive. Scavenging in several threads has them wait for each other on a
 * core that calls keep busy. Together worth about a fifth of the CPU time of a call.
 * @type {Readonly<Record<'pbx' | 'media', readonly string[]>>}
 */
export const nodeArguments = { pbx: ['--min-semi-space-size=16', '--max-semi-space-size=64', '--no-parallel-scavenge'], media: [] };
