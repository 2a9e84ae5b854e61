import { Body, Controller, Inject } from '@nestjs/common';
import type { CarrierOutcome } from '@tipring/carrier-control';
import type { z } from 'zod';
import { actOf, CarrierActBody, CarrierActedRepresentation, CarrierRepresentation, presentCarrier } from './carrier-representations.ts';
import { Operation } from './operation.ts';
import { type Carrier, CARRIER } from './ports.ts';
import { refuse } from './problem.ts';

/** The hands of whoever sits at the telephone company, where that is simulated. */
@Controller('api/v1/simulator/carrier')
export class CarrierController {
  readonly #carrier: Carrier;

  constructor(@Inject(CARRIER) carrier: Carrier) {
    this.#carrier = carrier;
  }

  @Operation({
    method: 'GET', path: '', id: 'getSimulatedCarrier', summary: 'The simulated carrier: who is registered, which calls there are, what is heard there', scope: 'read', status: 200, response: CarrierRepresentation, problems: ['notFound'],
  })
  async state() {
    return presentCarrier(answered(await this.#carrier.state()));
  }

  @Operation({
    method: 'POST', path: 'acts', id: 'actOnSimulatedCarrier', summary: 'Call in from outside, hang up, let the carrier fail …', description: 'Told apart by `do`. What becomes of it is seen at GET /api/v1/simulator/carrier a moment later.',
    scope: 'act', status: 200, response: CarrierActedRepresentation, problems: ['notFound', 'wrongState'],
  })
  async act(@Body({ schema: CarrierActBody }) body: z.infer<typeof CarrierActBody>) {
    return { call: answered(await this.#carrier.act(actOf(body))).call ?? null };
  }
}

function answered<Value>(outcome: CarrierOutcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  const { code, text } = outcome.refusal;
  switch (code) {
    case 'unreachable': return refuse('notFound', 'There is no simulated carrier, or it does not answer. It comes with the simulated card: TIPRING_SIMULATOR=demo.');
    case 'noSuchCall': return refuse('notFound', `${text}. GET /api/v1/simulator/carrier shows which calls there are.`);
    case 'noSuchCustomer': return refuse('wrongState', `${text}. Its customer has to be registered: GET /api/v1/trunks/{id}/status.`);
    case 'notNow': return refuse('wrongState', `${text}.`);
    case 'badRequest': return refuse('invalidValue', text);
  }
}
