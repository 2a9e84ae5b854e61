import type { Line } from '../twin/line.ts';
import { arePulseDigits } from './act-check.ts';
import type { ExchangeLine } from './exchange-line.ts';
import type { LineAct, TelephoneAct, WireAct } from './simulator-act.ts';
import type { PluggedTelephone } from './simulator-reading.ts';

/* Acts, done. They have been checked. */

/** @returns why not, or null */
export function obeyTelephone(plugged: PluggedTelephone, act: TelephoneAct): string | null {
  const { telephone } = plugged;
  switch (act.do) {
    case 'lift':
      telephone.lift();
      return null;
    case 'hangUp':
      plugged.speaks = null;
      telephone.hangUp();
      return null;
    case 'flash':
      return telephone.flash(act.ms) ? null : notOffHook;
    case 'dial':
      if (telephone.hook !== 'off') return notOffHook;
      if (act.by !== 'pulse') telephone.dial(act.digits);
      else if (arePulseDigits(act.digits)) telephone.dialPulses(act.digits);
      else return 'By pulses there are only the digits 0 to 9.';
      return null;
    case 'speak':
      if (telephone.hook === 'on') return notOffHook;
      plugged.speaks = act.tone;
      telephone.mouth.play(act.tone === null ? null : { segments: [{ frequenciesHz: [act.tone.frequencyHz], durationMs: null }] }, act.tone?.levelDbm0);
      return null;
  }
}

/** @returns why not, or null */
export function obeyLine(exchange: ExchangeLine, act: LineAct): string | null {
  const { office } = exchange;
  switch (act.do) {
    case 'call':
      return exchange.ring(act);
    case 'hangUp':
      return exchange.hangUp(act.by);
    case 'policy':
      exchange.setPolicy(act.policy);
      return null;
    case 'speak':
      exchange.speak(act.tone);
      return null;
    case 'battery':
      if (act.battery === 'on') office.setBattery();
      else office.setBattery(null);
      return null;
    case 'polarity':
      office.setPolarity(act.polarity);
      return null;
    case 'lamp':
      if (act.lamp === 'off') office.setBattery();
      else if (act.lamp === 'on') office.lightLamp();
      else office.flashLamp(lampPeriodMs, Infinity);
      return null;
  }
}

export function disturb(wire: Line, act: Exclude<WireAct, { do: 'lightning' }>): void {
  switch (act.do) {
    case 'cut':
      return wire.cut();
    case 'repair':
      return wire.repair();
    case 'parallelSet':
      return wire.parallelSet(act.hook);
    case 'spike':
      return wire.induce(act.voltsRms ?? 200, null, act.ms ?? 4);
    case 'ringBleed':
      return wire.induce(act.voltsRms ?? 30, act.hz ?? 20, act.ms ?? 2_000);
    case 'noise':
      wire.disturbance = { ...wire.disturbance, noiseDbm0: act.levelDbm0 };
      return;
    case 'hum':
      wire.disturbance = { ...wire.disturbance, hum: act.hum };
  }
}

const notOffHook = 'The telephone is not off hook, or dials already.';
const lampPeriodMs = 2_000;
