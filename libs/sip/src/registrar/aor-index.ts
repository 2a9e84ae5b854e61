/** Which addresses of record belong to a key (a flow, a device). Nearly always one, so one is held without a list. */
export class AorIndex {
  readonly #map = new Map<string, string | readonly string[]>();

  add(key: string, aor: string): void {
    const held = this.of(key);
    if (!held.includes(aor)) this.#map.set(key, held.length === 0 ? aor : [...held, aor]);
  }

  remove(key: string, aor: string): void {
    const rest = this.of(key).filter((one) => one !== aor);
    const [only] = rest;
    if (only === undefined) this.#map.delete(key);
    else this.#map.set(key, rest.length === 1 ? only : rest);
  }

  of(key: string): readonly string[] {
    const held = this.#map.get(key);
    return held === undefined ? [] : typeof held === 'string' ? [held] : held;
  }

  get size(): number {
    return this.#map.size;
  }
}
