import { digitOf } from '../regions/dialing/pulse-dialing.ts';
import type { HookSettings } from './hook-settings.ts';

/*
 * What the loop does, and what is meant by it.
 *
 *   onHook ──closed──► lifting ──long enough: off-hook──► offHook ──opened──► open ──too long: on-hook──► onHook
 *     ▲ ◄────opened──────┘                                ▲ ▲ ▲ ◄─bounce─┐    ▲ │ closed
 *     │                                                   │ │ │          │    │ ▼
 *     │                                  pause: the digit │ │ └─flash── closing (opened at once: a bounce)
 *     │                                                   │ └─neither─┘  │
 *     └ from `open`                                     counting ◄─pulse─┘
 *
 * Decided by the times in the inputs alone: it does not matter how late an input or a timeout is delivered. So there is but one
 * timer, `hook`, for when a state ends if nothing happens.
 */
export type HookFilter =
  | { readonly at: 'onHook' }
  | { readonly at: 'lifting'; readonly since: number }
  /** Breaks that begin before `settled` are bounces. */
  | { readonly at: 'offHook'; readonly settled: number }
  | { readonly at: 'open'; readonly since: number; readonly before: Closed }
  | { readonly at: 'closing'; readonly openedAt: number; readonly since: number; readonly before: Closed }
  | { readonly at: 'counting'; readonly since: number; readonly pulses: number };

type Closed = Extract<HookFilter, { at: 'offHook' | 'counting' }>;

/** `at` in ms of any steady clock, never going back. */
export type HookInput =
  | { readonly type: 'hook'; readonly loop: 'open' | 'closed'; readonly at: number }
  | { readonly type: 'timeout'; readonly timer: 'hook'; readonly at: number };

export type HookEffect =
  | { readonly do: 'report'; readonly event: HookEvent }
  | { readonly do: 'start'; readonly timer: 'hook'; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: 'hook' };

/** `at`: when it was done, which is before it could be known. */
export type HookEvent =
  | { readonly type: 'offHook'; readonly at: number }
  | { readonly type: 'onHook'; readonly at: number }
  | { readonly type: 'hookFlash'; readonly at: number; readonly durationMs: number }
  | { readonly type: 'pulseDigit'; readonly at: number; readonly digit: string };

export type HookStep = readonly [HookFilter, readonly HookEffect[]];

export const newHookFilter: HookFilter = { at: 'onHook' };

export function hookFilter(filter: HookFilter, input: HookInput, settings: HookSettings): HookStep {
  const events: HookEvent[] = [];
  let next = filter;
  for (let due = dueOf(next, settings); due !== null && due <= input.at; due = dueOf(next, settings)) next = elapsed(next, settings, events);
  if (input.type === 'hook') next = input.loop === 'closed' ? closed(next, input.at) : opened(next, input.at);
  return [next, [...events.map((event) => ({ do: 'report' as const, event })), ...timing(filter, next, input, settings)]];
}

/** When a state ends if nothing happens. */
function dueOf(filter: HookFilter, settings: HookSettings): number | null {
  switch (filter.at) {
    case 'lifting': return filter.since + settings.liftMs;
    // A break of just the limit is not over it.
    case 'open': return filter.since + hangUpMs(settings) + 1;
    case 'closing': return filter.since + settings.bounceMs;
    case 'counting': return filter.since + (settings.pulse?.pauseMs ?? 0);
    case 'onHook':
    case 'offHook': return null;
  }
}

function elapsed(filter: HookFilter, settings: HookSettings, events: HookEvent[]): HookFilter {
  switch (filter.at) {
    case 'lifting':
      events.push({ type: 'offHook', at: filter.since });
      return { at: 'offHook', settled: filter.since + settings.settleMs };
    case 'open':
      // Pulses before it were the bouncing of the rest.
      events.push({ type: 'onHook', at: filter.since });
      return { at: 'onHook' };
    case 'closing': return judged(filter, settings, events);
    case 'counting':
      if (filter.pulses <= 10 && settings.pulse !== null) {
        events.push({ type: 'pulseDigit', at: filter.since, digit: String(digitOf(filter.pulses, settings.pulse.coding)) });
      }
      return { at: 'offHook', settled: filter.since };
    case 'onHook':
    case 'offHook': return filter;
  }
}

/** A break is over for certain. */
function judged({ openedAt, since, before }: Extract<HookFilter, { at: 'closing' }>, { flash, pulse }: HookSettings, events: HookEvent[]): HookFilter {
  const durationMs = since - openedAt;
  if (before.at === 'offHook' && openedAt < before.settled) return before;
  if (pulse !== null && durationMs >= pulse.leastBreakMs && durationMs <= pulse.mostBreakMs) {
    return { at: 'counting', since, pulses: before.at === 'counting' ? before.pulses + 1 : 1 };
  }
  if (flash === null || durationMs < flash.leastMs || durationMs > flash.mostMs) return before;
  events.push({ type: 'hookFlash', at: openedAt, durationMs });
  return { at: 'offHook', settled: since };
}

function closed(filter: HookFilter, at: number): HookFilter {
  switch (filter.at) {
    case 'onHook': return { at: 'lifting', since: at };
    case 'open': return { at: 'closing', openedAt: filter.since, since: at, before: filter.before };
    case 'lifting':
    case 'offHook':
    case 'closing':
    case 'counting': return filter;
  }
}

function opened(filter: HookFilter, at: number): HookFilter {
  switch (filter.at) {
    case 'lifting': return { at: 'onHook' };
    case 'offHook':
    case 'counting': return { at: 'open', since: at, before: filter };
    // It had not closed.
    case 'closing': return { at: 'open', since: filter.openedAt, before: filter.before };
    case 'onHook':
    case 'open': return filter;
  }
}

function hangUpMs({ hangUpMs, flash, pulse }: HookSettings): number {
  return Math.max(hangUpMs, flash?.mostMs ?? 0, pulse?.mostBreakMs ?? 0);
}

function timing(before: HookFilter, after: HookFilter, input: HookInput, settings: HookSettings): HookEffect[] {
  const running = input.type === 'timeout' ? null : dueOf(before, settings);
  const due = dueOf(after, settings);
  if (running === due) return [];
  const effects: HookEffect[] = running === null ? [] : [{ do: 'stop', timer: 'hook' }];
  if (due !== null) effects.push({ do: 'start', timer: 'hook', ms: due - input.at });
  return effects;
}
