import type { Timer, Timers } from '@tipring/clock';
import type { Snapshot } from '@tipring/config';
import type { CallControl, EndpointId } from '@tipring/telephony';
import { extensionOf } from './extension-of.ts';

interface CallBack {
  readonly by: { readonly extensionId: string; readonly number: string; readonly endpoint: EndpointId };
  /** Of the extension that is to be free. */
  readonly of: { readonly extensionId: string; readonly number: string };
  readonly expires: Timer;
}

/**
 * Call-back when free: who found somebody busy is rung when both are free, and then that one is called for him. Each is tried once, within half an hour;
 * they do not outlive the controller.
 */
export class CallBacks {
  readonly #calls: Pick<CallControl, 'calls' | 'observe' | 'originate'>;
  readonly #snapshot: () => Snapshot;
  readonly #timers: Timers;
  readonly #stop: () => void;
  #waiting: readonly CallBack[] = [];
  #look: Timer | undefined;

  constructor(calls: Pick<CallControl, 'calls' | 'observe' | 'originate'>, snapshot: () => Snapshot, timers: Timers) {
    this.#calls = calls;
    this.#snapshot = snapshot;
    this.#timers = timers;
    this.#stop = calls.observe(({ type }) => {
      if (type === 'call.ended') this.#soon();
    });
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** False: there are too many. */
  request(by: CallBack['by'], of: CallBack['of']): boolean {
    this.#forget((one) => one.by.extensionId === by.extensionId && one.of.extensionId === of.extensionId);
    if (this.#waiting.length >= most) return false;
    const expires = this.#timers.start(patienceMs, () => this.#forget((one) => one.expires === expires));
    this.#waiting = [...this.#waiting, { by, of, expires }];
    this.#soon();
    return true;
  }

  /** False: there was none. */
  cancel(extensionId: string): boolean {
    return this.#forget((one) => one.by.extensionId === extensionId);
  }

  close(): void {
    this.#stop();
    this.#look?.stop();
    this.#forget(() => true);
  }

  /** Who has just hung up is given a moment; whoever asks is still in the call by which he asks. */
  #soon(): void {
    if (this.#waiting.length > 0) this.#look ??= this.#timers.start(pauseMs, () => this.#tryAll());
  }

  #tryAll(): void {
    this.#look = undefined;
    for (const one of this.#waiting) {
      if (this.#isBusy(one.by.extensionId) || this.#isBusy(one.of.extensionId)) continue;
      this.#forget((other) => other === one);
      this.#calls.originate({ from: one.by.endpoint, party: { number: one.by.number }, to: one.of.number });
    }
  }

  #isBusy(extensionId: string): boolean {
    const snapshot = this.#snapshot();
    return this.#calls.calls().some(({ legs }) => legs.some(({ endpoint, state }) => state !== 'released' && extensionOf(endpoint, snapshot)?.id === extensionId));
  }

  #forget(which: (one: CallBack) => boolean): boolean {
    const before = this.#waiting.length;
    for (const one of this.#waiting) if (which(one)) one.expires.stop();
    this.#waiting = this.#waiting.filter((one) => !which(one));
    return this.#waiting.length < before;
  }
}

const patienceMs = 30 * 60_000;
const pauseMs = 2_000;
const most = 1_000;
