/**
 * Reasons for which a test may be skipped in CI, as given to vitest's `context.skip(condition, reason)`. Each names something
 * that a CI machine cannot have, not something that it happens not to have.
 */
export const impossibleInCi: readonly RegExp[] = [
  /^needs a real-time scheduling limit/, // RLIMIT_RTPRIO or CAP_SYS_NICE; containers drop it
  /^needs a loopback interface with IPv6/,
  /^needs TIPRING_ITU_G722/, // the vectors' licence forbids their copies; hashes of them are tested everywhere
  /^needs a second Node on the PATH/, // where the machine's own Node is the bundled one
  /^runs on one CPU only/, // comparisons that pin two processes to two CPUs
  /^needs Debian 12 on x86-64/, // DAHDI's package is for its kernel; CI as it is run here has both
];
