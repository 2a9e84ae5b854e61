/*
 * Erlang’s loss formula: how many of the calls that are offered to a group of lines find all of them busy, when blocked callers go away (CCITT E.520,
 * Supplements 1 and 2 to the E series). Traffic is in erlangs: calls in an hour × their mean length in hours.
 */

/** The part of the calls that is blocked, 0 to 1. By the recursion B(n) = A·B(n−1) / (n + A·B(n−1)), which neither overflows nor cancels. */
export function blockingOf(erlangs: number, lines: number): number {
  if (erlangs <= 0) return lines > 0 ? 0 : 1;
  let blocking = 1;
  for (let line = 1; line <= lines; line += 1) blocking = (erlangs * blocking) / (line + erlangs * blocking);
  return blocking;
}

/** The fewest lines on which no more than that part of the calls is blocked. `blocking`: above 0. */
export function linesFor(erlangs: number, blocking: number): number {
  if (erlangs <= 0) return 0;
  let lines = 0;
  for (let now = 1; now > blocking; now = (erlangs * now) / (lines + erlangs * now)) lines += 1;
  return lines;
}

/** The traffic that may be offered to so many lines, so that no more than that part of the calls is blocked. `blocking`: above 0, below 1. */
export function erlangsFor(lines: number, blocking: number): number {
  if (lines <= 0) return 0;
  let [least, most] = [0, lines];
  while (blockingOf(most, lines) < blocking) most *= 2;
  // It rises with the traffic, so halving finds it; 60 times is as fine as numbers are.
  for (let step = 0; step < 60; step += 1) {
    const middle = (least + most) / 2;
    if (blockingOf(middle, lines) > blocking) most = middle;
    else least = middle;
  }
  return least;
}
