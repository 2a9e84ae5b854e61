import type { ActRefusal, ActResult, SimulatorAct, SimulatorState } from '@tipring/cards';

/** What is plugged into simulated cards, in the hands of a person or a test. Both are refused as `noSimulator` where there are none. */
export type SimulatorGatewayCommand =
  /** What is no act, or out of its range, is refused by the simulator as `badAct`. */
  | { readonly do: 'simulate'; readonly act: SimulatorAct }
  /** All that would be seen and heard beside the far ends. */
  | { readonly do: 'simulator' };

export interface SimulatorGatewayReplies {
  /** Of what the act was to, once it had been done. */
  simulate: Pick<Extract<ActResult, { readonly ok: true }>, 'state'>;
  simulator: SimulatorState;
}

export type SimulatorRefusalCode = ActRefusal['code'] | 'noSimulator';
