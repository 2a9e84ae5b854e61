import type { PortId } from '../contract.ts';
import type { Line } from '../twin/line.ts';
import { heardFrequencies, levelOf } from './heard-frequencies.ts';
import type { ExchangeLine } from './exchange-line.ts';
import type { ExchangeLinePlan, SpokenTone, TelephonePlan } from './simulator-plan.ts';
import type { ExchangeLineState, TelephoneState, WireState } from './simulator-state.ts';
import type { Telephone } from './telephone.ts';

/* What is plugged in, and what its state says of it. */

export interface PluggedTelephone {
  readonly id: PortId;
  readonly plan: TelephonePlan;
  readonly telephone: Telephone;
  readonly wire: Line;
  speaks: SpokenTone | null;
}

export interface PluggedLine {
  readonly id: PortId;
  readonly plan: ExchangeLinePlan;
  readonly exchange: ExchangeLine;
  readonly wire: Line;
}

export function telephoneState({ id, plan, telephone, wire, speaks }: PluggedTelephone): TelephoneState {
  const heard = telephone.ear.samples(heardMs);
  return {
    is: 'telephone',
    port: id,
    name: plan.name,
    hook: telephone.hook,
    ringing: telephone.ringing,
    rings: telephone.rings,
    caller: telephone.caller,
    callers: [...(telephone.display?.callers ?? [])],
    messageWaiting: telephone.display?.messageWaiting ?? null,
    lamp: telephone.lamp,
    polarity: telephone.polarity,
    lineVolts: hundredths(telephone.lineVolts),
    loopMilliamps: hundredths(telephone.loopAmperes * 1_000),
    hears: heardFrequencies(heard),
    levelDbm0: levelOf(heard),
    speaks,
    wire: wireState(wire),
  };
}

export function lineState({ id, plan, exchange, wire }: PluggedLine): ExchangeLineState {
  const { office, call, policy, digits, flashes, speaks } = exchange;
  const { battery, polarity, volts, amperes } = office.line;
  const heard = office.ear.samples(heardMs);
  return {
    is: 'line',
    port: id,
    number: plan.number,
    seized: office.seized,
    digits: digits.heard,
    digitsBy: digits.by,
    flashes,
    call,
    policy,
    battery: battery === 'on',
    polarity,
    lineVolts: hundredths(volts),
    loopMilliamps: hundredths(amperes * 1_000),
    hears: heardFrequencies(heard),
    levelDbm0: levelOf(heard),
    speaks,
    wire: wireState(wire),
  };
}

function wireState({ isWhole, parallelHook, disturbance }: Line): WireState {
  return { cable: isWhole ? 'whole' : 'cut', parallelSet: parallelHook, noiseDbm0: disturbance.noiseDbm0, hum: disturbance.hum };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

const heardMs = 400;
