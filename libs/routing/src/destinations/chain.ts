import type { Attempt, Cause, Route } from '@tipring/telephony';
import { MOST_ATTEMPTS } from '../ways/way.ts';

/** Attempts that follow each other, each with where it goes from there. Within it each has a label, so that what is put behind one is behind no other. */
export class Chain {
  readonly #attempts: Attempt[] = [];

  /** Of an attempt that others may come after. */
  static labelled(attempt: Attempt, label: string): Attempt {
    return { ...attempt, label };
  }

  add(attempt: Attempt): void {
    this.#attempts.push(attempt);
  }

  /** What is tried when the attempt of that label ended with one of these: the attempts of a route, in their order and with what was behind each of them. */
  branch(label: string, on: readonly Cause[], { attempts, from, diversions }: Pick<Route, 'attempts' | 'from' | 'diversions'>): void {
    const path = `${label}>${this.#attempts.length}`;
    const labels = attempts.map((attempt, at) => `${path}/${attempt.label ?? at}`);
    for (const [at, attempt] of attempts.entries()) {
      const caller = attempt.from ?? from;
      const passedOn = attempt.diversions ?? diversions;
      this.#attempts.push({
        ...attempt,
        label: labels[at]!,
        // Ways of one number are flat: each comes after the one before it.
        after: at === 0 ? label : attempt.after === undefined ? labels[at - 1]! : `${path}/${attempt.after}`,
        ...(at === 0 ? { on } : {}),
        ...(caller === undefined ? {} : { from: caller }),
        ...(passedOn === undefined ? {} : { diversions: passedOn }),
      });
    }
  }

  get attempts(): readonly Attempt[] {
    return this.#attempts.slice(0, MOST_ATTEMPTS);
  }
}

/** The callee’s telephones rang, or would have, and nobody may or can talk there now. */
export const whenBusy: readonly Cause[] = ['userBusy', 'rejected'];
export const whenNoAnswer: readonly Cause[] = ['noAnswer'];
/** Nothing rang. */
export const whenUnreachable: readonly Cause[] = [
  'subscriberAbsent', 'noUserResponding', 'outOfOrder', 'temporaryFailure', 'networkOutOfOrder', 'congestion', 'noCircuit', 'recoveryOnTimerExpiry', 'noRouteToDestination', 'unallocatedNumber', 'numberChanged', 'invalidNumberFormat', 'notAllowed',
  'incompatibleDestination', 'protocolError', 'interworking', 'preempted',
];
export const whenNotTaken: readonly Cause[] = [...whenBusy, ...whenNoAnswer, ...whenUnreachable];
