import type { FxsSettings } from '@tipring/line';
import type { Messages, MessagesWaiting } from './line-endpoints-ports.ts';
import type { StationPlan } from './plan.ts';
import { PlanInForce } from './plan-in-force.ts';

/** What a station is to be, and what its mailbox says: the settings that its machine decides by. */
export class StationSettings {
  readonly #plans: PlanInForce<StationPlan>;
  readonly #messages: Messages;
  #isWaiting: boolean;
  #settings: FxsSettings;

  constructor(plan: StationPlan, messages: Messages = noMailbox) {
    this.#plans = new PlanInForce(plan);
    this.#messages = messages;
    this.#isWaiting = this.#waits();
    this.#settings = this.#now();
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
    if (before !== null) this.messagesChanged();
    return before;
  }

  /** @returns whether messages wait now and did not before, or the other way round */
  messagesChanged(): boolean {
    const before = this.#isWaiting;
    this.#isWaiting = this.#waits();
    this.#settings = this.#now();
    return this.#isWaiting !== before;
  }

  #waits(): boolean {
    return this.#messages(this.plan.extensionId).new > 0;
  }

  #now(): FxsSettings {
    const { settings } = this.plan;
    return { ...settings, messageWaiting: { ...settings.messageWaiting, isWaiting: this.#isWaiting || settings.messageWaiting.isWaiting } };
  }
}

function noMailbox(): MessagesWaiting {
  return { new: 0, urgent: 0 };
}
