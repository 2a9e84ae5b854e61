/** One transition as it was seen: `does` is what the machine did on the way, in its own words. */
export interface Transition {
  readonly from: string;
  readonly input: string;
  readonly to: string;
  readonly does: readonly string[];
}

/** All transitions between two states by one input, as one. */
interface Edge {
  readonly from: string;
  readonly input: string;
  readonly to: string;
  readonly does: Set<string>;
}

/** What was seen of a machine, whatever path it was seen on. */
export class StateGraph {
  readonly #edges = new Map<string, Edge>();
  readonly #states: string[] = [];

  constructor(initial: string) {
    this.#states.push(initial);
  }

  /** Staying where it is without doing anything is no transition. */
  add({ from, input, to, does }: Transition): void {
    if (from === to && does.length === 0) return;
    for (const state of [from, to]) if (!this.#states.includes(state)) this.#states.push(state);
    const key = `${from} ${input} ${to}`;
    const edge = this.#edges.get(key) ?? { from, input, to, does: new Set<string>() };
    for (const one of does) edge.does.add(one);
    this.#edges.set(key, edge);
  }

  has({ from, input, to }: Omit<Transition, 'does'>): boolean {
    return this.#edges.has(`${from} ${input} ${to}`);
  }

  /** A Mermaid state diagram: an arrow for each pair of states. What leads back to where it came from is in the table only. */
  diagram(): string {
    const [initial = ''] = this.#states;
    const lines = ['stateDiagram-v2', ...this.#states.map((state, at) => `  state "${state}" as s${at}`), '  [*] --> s0'];
    for (const [from, to, inputs] of this.#arrows()) {
      if (from !== to) lines.push(`  s${this.#states.indexOf(from)} --> s${this.#states.indexOf(to)}: ${inputs.join('<br/>')}`);
    }
    for (const state of this.#states) if (state !== initial && this.#inOrder().every((edge) => edge.from !== state)) lines.push(`  s${this.#states.indexOf(state)} --> [*]`);
    return ['```mermaid', ...lines, '```'].join('\n');
  }

  /** A Markdown table of every transition. */
  table(): string {
    const rows = this.#inOrder().map(({ from, input, to, does }) => `| ${from} | ${input} | ${to} | ${[...does].join(', ')} |`);
    return ['| from | input | to | does |', '|---|---|---|---|', ...rows].join('\n');
  }

  #arrows(): [from: string, to: string, inputs: string[]][] {
    const arrows = new Map<string, [string, string, string[]]>();
    for (const { from, to, input } of this.#inOrder()) {
      const arrow = arrows.get(`${from}→${to}`);
      if (arrow === undefined) arrows.set(`${from}→${to}`, [from, to, [input]]);
      else arrow[2].push(input);
    }
    return [...arrows.values()];
  }

  #inOrder(): Edge[] {
    const place = (state: string): number => this.#states.indexOf(state);
    return [...this.#edges.values()].sort((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to) || (a.input < b.input ? -1 : 1));
  }
}
