import type { Snapshot } from '@tipring/config';
import type { CallControl } from '@tipring/telephony';
import { extensionOf } from './extension-of.ts';

/** Who has called each extension last; for the codes that mean him. One number an extension. */
export class LastCallers {
  readonly #numbers = new Map<string, string>();
  readonly #stop: () => void;

  constructor(calls: Pick<CallControl, 'observe'>, snapshot: () => Snapshot) {
    this.#stop = calls.observe(({ type, call }) => {
      if (type !== 'call.ringing' || call.from.anonymous === true) return;
      for (const { role, endpoint } of call.legs) {
        const extension = role === 'called' ? extensionOf(endpoint, snapshot()) : undefined;
        if (extension !== undefined) this.#numbers.set(extension.id, call.from.number);
      }
    });
  }

  of(extensionId: string): string | undefined {
    return this.#numbers.get(extensionId);
  }

  close(): void {
    this.#stop();
  }
}
