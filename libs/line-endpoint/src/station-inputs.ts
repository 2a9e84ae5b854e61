import type { PortHappening } from '@tipring/gateway';
import type { FxsInput, HookEvent } from '@tipring/line';

/** What the machine of a station makes of what happened at its port, by itself; null: nothing, or it depends on what was before. */
export function stationInput(is: PortHappening): FxsInput | null {
  switch (is.type) {
    case 'hookFlash':
    case 'openLoopEnded': return { type: is.type };
    case 'pulseDigit': return pulses(is.digit);
    case 'digit': return { type: 'digit', digit: is.digit, by: 'dtmf', durationMs: is.durationMs };
    case 'ringBurstEnded': return { type: 'ringBurstEnded', burst: is.burst };
    default: return null;
  }
}

/** And of what was meant by the hook. */
export function hookInput(event: HookEvent): FxsInput {
  return event.type === 'pulseDigit' ? pulses(event.digit) : { type: event.type };
}

function pulses(digit: string): FxsInput {
  return { type: 'digit', digit, by: 'pulse', durationMs: pulseDigitMs };
}

/** As a digit of the call. */
const pulseDigitMs = 100;
