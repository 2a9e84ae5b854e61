import type { Timer, Timers } from '@tipring/clock';
import type { LiveConfiguration } from '@tipring/store';
import type { Logger } from 'pino';

/** What is told of a call to an emergency number. Instants in RFC 3339. */
export interface EmergencyNotice {
  readonly call: string;
  readonly at: string;
  readonly number: string;
  readonly isTest: boolean;
  readonly extension: { readonly number: string; readonly displayName: string } | null;
  readonly location: { readonly displayName: string; readonly address: string } | null;
  /** By what it went out first: `line main`. */
  readonly by: string | null;
}

export interface EmergencyNotifierPorts {
  readonly configuration: Pick<LiveConfiguration, 'snapshot'>;
  readonly timers: Timers;
  readonly log: Logger;
  /** Resolves with the status; rejects when nobody answers. */
  readonly post: (url: string, body: string) => Promise<number>;
}

/**
 * Tells the site's webhooks of a call to an emergency number (47 CFR 9.16: notification at the time of the call), once the call is on its
 * way: nothing here can hold it up. One that is not taken is told again after 2, 4, 8 … seconds, seven times in all.
 */
export class EmergencyNotifier {
  readonly #ports: EmergencyNotifierPorts;
  readonly #waiting = new Set<Timer>();
  #closed = false;

  constructor(ports: EmergencyNotifierPorts) {
    this.#ports = ports;
  }

  notify(notice: EmergencyNotice): void {
    this.#ports.log.warn({ notice }, 'emergencyCall');
    const body = JSON.stringify({ type: 'emergency.called', ...notice });
    for (const url of this.#ports.configuration.snapshot.settings.emergency.webhooks) this.#tell(url, body, 1);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#waiting) timer.stop();
  }

  #tell(url: string, body: string, attempt: number): void {
    const { post, log } = this.#ports;
    post(url, body).then(
      (status) => {
        if (status < 200 || status > 299) this.#again(url, body, attempt, `answered ${status}`);
        else log.info({ url, attempt }, 'emergencyNoticeTaken');
      },
      (error: unknown) => this.#again(url, body, attempt, error instanceof Error ? error.message : String(error)),
    );
  }

  #again(url: string, body: string, attempt: number, reason: string): void {
    const { log, timers } = this.#ports;
    log.error({ url, attempt, reason }, 'emergencyNoticeFailed');
    if (attempt >= MOST_ATTEMPTS || this.#closed || this.#waiting.size >= MOST_WAITING) return;
    const timer = timers.start(1_000 * 2 ** attempt, () => {
      this.#waiting.delete(timer);
      this.#tell(url, body, attempt + 1);
    });
    this.#waiting.add(timer);
  }
}

/** A notice as a POST with a limit of five seconds. */
export async function postNotice(url: string, body: string): Promise<number> {
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' }, redirect: 'error', signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
  return response.status;
}

const MOST_ATTEMPTS = 7;
const MOST_WAITING = 100;
