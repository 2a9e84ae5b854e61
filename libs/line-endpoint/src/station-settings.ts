import type { FxsSettings } from '@tipring/line';
import type { StationPlan } from './plan.ts';
import { PlanInForce } from './plan-in-force.ts';

/** What a station is to be, and what its mailbox says: the settings that its machine decides by. */
export class StationSettings {
  readonly #plans: PlanInForce<StationPlan>;
  #isWaiting = false;
  #settings: FxsSettings;

  constructor(plan: StationPlan) {
    this.#plans = new PlanInForce(plan);
    this.#settings = plan.settings;
  }

  get plan(): StationPlan {
    return this.#plans.plan;
  }

  get settings(): FxsSettings {
    return this.#settings;
  }

  get isLeaving(): boolean {
    return this.#plans.isLeaving;
  }

  /** From the next call on; null: to be removed. */
  follow(plan: StationPlan | null): void {
    this.#plans.follow(plan);
  }

  /** The next plan holds from now on. @returns the former; null when nothing is different */
  renew(): StationPlan | null {
    const before = this.#plans.renew();
    if (before !== null) this.#renewed();
    return before;
  }

  /** @returns whether that is another thing than before */
  messagesWait(isWaiting: boolean): boolean {
    if (this.#isWaiting === isWaiting) return false;
    this.#isWaiting = isWaiting;
    this.#renewed();
    return true;
  }

  #renewed(): void {
    const { settings } = this.plan;
    this.#settings = { ...settings, messageWaiting: { ...settings.messageWaiting, isWaiting: this.#isWaiting || settings.messageWaiting.isWaiting } };
  }
}
