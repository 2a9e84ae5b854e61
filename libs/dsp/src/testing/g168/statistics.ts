/** For the messages and bounds of tests over several echo paths. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `T20, ms: 121.0 130.0, mean 125.5`: what a failing test says. */
export function listed(what: string, values: readonly number[]): string {
  return `${what}: ${values.map((value) => value.toFixed(1)).join(' ')}, mean ${mean(values).toFixed(1)}`;
}
