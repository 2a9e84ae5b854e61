/** Which line of each group was taken last, for round robin. Holds one entry a group. */
export class HuntMemory {
  readonly #last = new Map<string, string>();

  /** A call goes out over a line. `groups`: those it is in, as `RoutingTable.lineGroupsOf` tells. */
  taken(lineId: string, groups: readonly string[]): void {
    for (const group of groups) this.#last.set(group, lineId);
  }

  lastTaken(lineGroupId: string): string | null {
    return this.#last.get(lineGroupId) ?? null;
  }

  /** Groups that are in the configuration no more are forgotten. */
  keepOnly(groups: ReadonlyMap<string, unknown>): void {
    for (const group of this.#last.keys()) if (!groups.has(group)) this.#last.delete(group);
  }
}
