import { Body, Controller, Inject } from '@nestjs/common';
import type { z } from 'zod';
import { Operation } from './operation.ts';
import { type Asked, type Simulator, SIMULATOR } from './ports.ts';
import { refuse } from './problem.ts';
import { ActedOnRepresentation, presentActedOn, presentSimulator, SimulatorActBody, SimulatorRepresentation } from './simulator-representations.ts';

/** The hands of a person who has no hardware: handsets, the telephone company's exchange, wires and cards that do not exist. */
@Controller('api/v1/simulator')
export class SimulatorController {
  readonly #simulator: Simulator;

  constructor(@Inject(SIMULATOR) simulator: Simulator) {
    this.#simulator = simulator;
  }

  @Operation({
    method: 'GET', path: '', id: 'getSimulator', summary: 'What simulated telephones and exchanges do, show and hear',
    scope: 'read', status: 200, response: SimulatorRepresentation, problems: ['notFound', 'gatewayUnavailable'],
  })
  async state() {
    return presentSimulator(answered(await this.#simulator.state()));
  }

  @Operation({
    method: 'POST', path: 'acts', id: 'actOnSimulator', summary: 'Lift a handset, dial, call in on a line, cut a wire …', description: 'Told apart by `on` (telephone, line, wire, card) and `do`. What needs time, such as dial tone, is seen at GET /api/v1/simulator a moment later.',
    scope: 'act', status: 200, response: ActedOnRepresentation, problems: ['notFound', 'wrongState', 'gatewayUnavailable'],
  })
  async act(@Body({ schema: SimulatorActBody }) act: z.infer<typeof SimulatorActBody>) {
    return presentActedOn(answered(await this.#simulator.act(act)).state);
  }
}

function answered<Value>(asked: Asked<Value>): Value {
  if (asked.ok) return asked.value;
  switch (asked.code) {
    case 'noSimulator': return refuse('notFound', 'This system runs no simulated card. Start it with TIPRING_SIMULATOR=demo to try analog telephones and lines without hardware.');
    case 'notFound': return refuse('notFound', `${sentence(asked.text)} GET /api/v1/simulator shows what there is.`);
    case 'wrongState': return refuse('wrongState', sentence(asked.text));
    case 'gone': return refuse('gatewayUnavailable', 'The media gateway, which runs the simulator, is not connected. Try again in a moment.');
    default: return refuse('invalidValue', sentence(asked.text));
  }
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return begun.endsWith('.') ? begun : `${begun}.`;
}
