import { defaultPulses } from '../command-check.ts';
import type { PortCommand } from '../port-command.ts';
import type { AnyPortEvent, FxoEvent, FxsEvent } from '../port-event.ts';

/** A command as the agent reads it, after the number of the question. */
export function commandOctets(command: PortCommand): Uint8Array {
  switch (command.do) {
    case 'hook':
      return octets(command.hook === 'on' ? 1 : 2);
    case 'flash':
      return octets(3, ...u16(command.ms ?? 0));
    case 'dialPulses': {
      const { breakMs, makeMs, interDigitMs } = command.pulses ?? defaultPulses;
      return octets(4, ...u16(breakMs), ...u16(makeMs), ...u16(interDigitMs), ...Buffer.from(command.digits, 'latin1'));
    }
    case 'ring':
      return octets(5, command.cadence.length, ...u16(command.callerId?.afterBurst ?? 0), ...command.cadence.flatMap(({ onMs, offMs }) => [...u16(onMs), ...u16(offMs)]));
    case 'ringStop':
      return octets(6);
    case 'polarity':
      return octets(7, ...u16(command.polarity === 'reversed' ? 1 : 0));
    case 'openLoop':
      return octets(8, ...u16(command.ms));
    case 'messageWaiting':
      return octets(9, ...u16(command.lamp === 'on' ? 1 : 0));
    case 'onHookTransmission':
      return octets(10, ...u16(command.ms));
  }
}

/** Null for a code of a newer agent. */
export function eventOf(code: number, value: number, other: number): FxoEvent | FxsEvent | AnyPortEvent | null {
  switch (code) {
    case 1:
      return { type: 'audioLost', direction: 'received', blocks: value };
    case 2:
      return { type: 'audioLost', direction: 'sent', blocks: value };
    case 3:
      return { type: 'battery', present: value === 1, volts: other < 0 ? null : other / 1_000 };
    case 4:
      return { type: 'polarity', polarity: value === 1 ? 'reversed' : 'normal' };
    case 5:
      return { type: 'ringBegan' };
    case 6:
      return { type: 'ringEnded', durationMs: value, frequencyHz: null, voltsRms: null };
    case 7:
      return { type: 'messageWaiting', lamp: value === 1 ? 'on' : 'off' };
    case 8:
      return { type: 'flashEnded' };
    case 9:
      return { type: 'pulsesSent' };
    case 10:
      return { type: 'hook', hook: value === 1 ? 'off' : 'on' };
    case 11:
      return { type: 'hookFlash' };
    case 12:
      return { type: 'pulseDigit', digit: String.fromCharCode(value) };
    case 13:
      return { type: 'ringBurstBegan', burst: value };
    case 14:
      return { type: 'ringBurstEnded', burst: value, pauseMs: other };
    case 15:
      return { type: 'ringTripped', during: value === 1 ? 'pause' : 'burst' };
    case 16:
      return { type: 'openLoopEnded' };
    default:
      return null;
  }
}

function octets(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

function u16(value: number): [number, number] {
  const whole = Math.round(value);
  return [whole & 0xff, (whole >> 8) & 0xff];
}
