/** Two lists of places as one that ascends. @param some unordered, without repetition @param others ascending */
export function* inOrder(some: number[], others: readonly number[]): Generator<number> {
  some.sort((a, b) => a - b);
  let next = 0;
  for (const place of others) {
    while (next < some.length && some[next]! < place) yield some[next++]!;
    if (some[next] === place) next += 1;
    yield place;
  }
  while (next < some.length) yield some[next++]!;
}
