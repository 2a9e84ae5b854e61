import type { PortPlan } from './plan.ts';

/** The plan that holds, and the one that will from the next call on. */
export class PlanInForce<Plan extends PortPlan> {
  #plan: Plan;
  #next: Plan | null;

  constructor(plan: Plan) {
    this.#plan = this.#next = plan;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** What will hold from the next call on; null: it is to be removed. */
  get next(): Plan | null {
    return this.#next;
  }

  /** It is to be removed. */
  get isLeaving(): boolean {
    return this.#next === null;
  }

  /** Null: to be removed. */
  follow(next: Plan | null): void {
    this.#next = next;
  }

  /** The next one holds from now on. @returns the former; null when nothing is different */
  renew(): Plan | null {
    const before = this.#plan;
    if (this.#next === null || this.#next === before) return null;
    this.#plan = this.#next;
    return before;
  }
}

/** Whether its port is to be another than before. */
export function isAnotherPort({ portSettings, treatment }: PortPlan, after: PortPlan): boolean {
  return JSON.stringify([portSettings, treatment]) !== JSON.stringify([after.portSettings, after.treatment]);
}
