/**
 * A trunk's registration with its carrier (RFC 3261 10.2), as the carrier has it and as we try to have it.
 *
 *   idle ──start──► registering ◄──────── again, gone over ───────┐
 *                    │ 200   │ 3xx–6xx, no server answers          │
 *                    ▼       ▼                                     │
 *              registered   waiting ──────────────────────────────►┤
 *                    └── refresh, the flow is lost, it was away ──►┘
 *   any of these ──stop──► unregistering ──answer, patience──► over      (idle, or nothing to take back: over at once)
 *
 * `validUntil` goes along through all of them: while a refresh fails, calls are carried by what was granted before.
 */
export type Registration =
  | { readonly at: 'idle' }
  | { readonly at: 'registering'; readonly server: number; readonly expiresS: number; readonly failures: number; readonly validUntil: number | null }
  | { readonly at: 'registered'; readonly validUntil: number; readonly expiresS: number }
  | { readonly at: 'waiting'; readonly why: 'refused' | 'unanswered'; readonly expiresS: number; readonly failures: number; readonly validUntil: number | null }
  | { readonly at: 'unregistering' }
  | { readonly at: 'over' };

/** `retry` of `waiting`, `refresh` of `registered`, `expiry` of what was granted, `patience` of `unregistering`. */
export type RegistrationTimer = 'retry' | 'refresh' | 'expiry' | 'patience';

export type RegistrationInput =
  | { readonly type: 'start' }
  | { readonly type: 'granted'; readonly expiresS: number; readonly at: number }
  | { readonly type: 'tooBrief'; readonly minimumS: number }
  | { readonly type: 'refused'; readonly retryAfterS: number | undefined }
  /** No response, or the request did not leave; or 503. `servers`: how many there are. */
  | { readonly type: 'unanswered'; readonly servers: number; readonly retryAfterS: number | undefined }
  /** It answers again, as OPTIONS shows: what it did not hear is said again, and a carrier that was restarted has forgotten us. */
  | { readonly type: 'reachable' }
  | { readonly type: 'flowLost' }
  | { readonly type: 'timeout'; readonly timer: RegistrationTimer }
  | { readonly type: 'unregistered' }
  | { readonly type: 'stop' };

export type RegistrationEffect =
  /** REGISTER to that server, counted from the one that is tried first; 0 s takes the registration back. */
  | { readonly do: 'register'; readonly server: number; readonly expiresS: number }
  | { readonly do: 'start'; readonly timer: RegistrationTimer; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: RegistrationTimer }
  | { readonly do: 'tell'; readonly state: 'registered' | 'refused' | 'unanswered' | 'expired' };

export interface RegistrationSettings {
  readonly expiresS: number;
  /** In [0, 1): spreads what many would do at the same instant. */
  readonly random: () => number;
}

type Step = readonly [Registration, readonly RegistrationEffect[]];

export function registration(state: Registration, input: RegistrationInput, settings: RegistrationSettings): Step {
  // Whatever it is at: what was granted is over.
  if (input.type === 'timeout' && input.timer === 'expiry') return expired(state);
  switch (state.at) {
    case 'idle':
      if (input.type === 'start') return register({ expiresS: settings.expiresS, failures: 0, validUntil: null, server: 0 });
      return input.type === 'stop' ? [{ at: 'over' }, []] : [state, []];
    case 'registering':
      return registering(state, input, settings);
    case 'registered':
      switch (input.type) {
        case 'timeout':
          return input.timer === 'refresh' ? register({ ...state, failures: 0, server: 0 }) : [state, []];
        case 'reachable':
        case 'flowLost': {
          // RFC 5626 4.5: what it had to reach us by is gone.
          const [next, effects] = register({ ...state, failures: 0, server: 0 });
          return [next, [{ do: 'stop', timer: 'refresh' }, ...effects]];
        }
        case 'stop':
          return unregister([{ do: 'stop', timer: 'refresh' }, { do: 'stop', timer: 'expiry' }]);
        default:
          return [state, []];
      }
    case 'waiting':
      switch (input.type) {
        case 'reachable':
          // A refusal is not cured by being reached.
          if (state.why === 'refused') return [state, []];
          return withStop('retry', register({ ...state, failures: 0, server: 0 }));
        case 'timeout':
          return input.timer === 'retry' ? register({ ...state, server: 0 }) : [state, []];
        case 'stop': {
          const stops: readonly RegistrationEffect[] = [{ do: 'stop', timer: 'retry' }];
          return state.validUntil === null ? [{ at: 'over' }, stops] : unregister([...stops, { do: 'stop', timer: 'expiry' }]);
        }
        default:
          return [state, []];
      }
    case 'unregistering':
      if (input.type === 'unregistered') return [{ at: 'over' }, [{ do: 'stop', timer: 'patience' }]];
      return input.type === 'timeout' && input.timer === 'patience' ? [{ at: 'over' }, []] : [state, []];
    case 'over':
      return [state, []];
  }
}

function registering(state: Extract<Registration, { at: 'registering' }>, input: RegistrationInput, settings: RegistrationSettings): Step {
  const hadExpiry: readonly RegistrationEffect[] = state.validUntil === null ? [] : [{ do: 'stop', timer: 'expiry' }];
  switch (input.type) {
    case 'granted': {
      const grantedMs = 1000 * Math.max(input.expiresS, SHORTEST_GRANT_S);
      return [
        { at: 'registered', validUntil: input.at + grantedMs, expiresS: state.expiresS },
        [
          ...hadExpiry,
          // Early enough that every server can be tried before it runs out, and not when all others do.
          { do: 'start', timer: 'refresh', ms: Math.round(grantedMs * (0.7 + 0.15 * settings.random())) },
          { do: 'start', timer: 'expiry', ms: grantedMs },
          { do: 'tell', state: 'registered' },
        ],
      ];
    }
    case 'tooBrief':
      // RFC 3261 10.2.8. A carrier that is not content with what it asked for has no end.
      if (input.minimumS <= state.expiresS) return wait(state, 'refused', undefined, settings);
      return register({ ...state, expiresS: input.minimumS });
    case 'refused':
      return wait(state, 'refused', input.retryAfterS, settings);
    case 'unanswered':
      if (state.server + 1 < input.servers) return register({ ...state, server: state.server + 1 });
      return wait(state, 'unanswered', input.retryAfterS, settings);
    case 'stop':
      // The request under way may still be granted.
      return unregister(hadExpiry);
    default:
      return [state, []];
  }
}

function register({ server, expiresS, failures, validUntil }: Pick<Extract<Registration, { at: 'registering' }>, 'server' | 'expiresS' | 'failures' | 'validUntil'>): Step {
  return [{ at: 'registering', server, expiresS, failures, validUntil }, [{ do: 'register', server, expiresS }]];
}

function wait({ expiresS, failures, validUntil }: Extract<Registration, { at: 'registering' }>, why: 'refused' | 'unanswered', retryAfterS: number | undefined, { random }: RegistrationSettings): Step {
  const { first, longest } = BACK_OFF_MS[why];
  const usual = Math.min(first * 2 ** Math.min(failures, 16), longest) * (0.5 + 0.5 * random());
  // RFC 3261 20.33; a day of it would be a trunk that nobody misses until it rings.
  const ms = retryAfterS === undefined ? usual : Math.min(Math.max(retryAfterS, 1) * 1000, LONGEST_RETRY_AFTER_MS);
  return [
    { at: 'waiting', why, expiresS, failures: failures + 1, validUntil },
    [{ do: 'start', timer: 'retry', ms: Math.round(ms) }, { do: 'tell', state: why }],
  ];
}

function unregister(effects: readonly RegistrationEffect[]): Step {
  return [{ at: 'unregistering' }, [...effects, { do: 'register', server: 0, expiresS: 0 }, { do: 'start', timer: 'patience', ms: PATIENCE_MS }]];
}

function expired(state: Registration): Step {
  switch (state.at) {
    case 'registering':
    case 'waiting':
      return [{ ...state, validUntil: null }, [{ do: 'tell', state: 'expired' }]];
    case 'registered':
      return withStop('refresh', register({ expiresS: state.expiresS, failures: 0, validUntil: null, server: 0 }), { do: 'tell', state: 'expired' });
    default:
      return [state, []];
  }
}

function withStop(timer: RegistrationTimer, [next, effects]: Step, ...further: readonly RegistrationEffect[]): Step {
  return [next, [{ do: 'stop', timer }, ...effects, ...further]];
}

/** A refusal is mostly a wrong password: asked often it gets the address banned. */
const BACK_OFF_MS = { refused: { first: 30_000, longest: 600_000 }, unanswered: { first: 2_000, longest: 60_000 } } as const;
const LONGEST_RETRY_AFTER_MS = 600_000;
/** Against a carrier that grants seconds. */
const SHORTEST_GRANT_S = 5;
const PATIENCE_MS = 3_000;
