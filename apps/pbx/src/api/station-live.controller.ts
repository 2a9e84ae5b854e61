import { Controller, Inject, Param } from '@nestjs/common';
import { LiveConfiguration } from '@tipring/store';
import type { z } from 'zod';
import { StationLiveRepresentation, presentLiveStation } from './analog-representations.ts';
import { Operation } from './operation.ts';
import { ANALOG, type AnalogLive, type Cards, CARDS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';

@Controller('api/v1/stations')
export class StationLiveController {
  readonly #configuration: LiveConfiguration;
  readonly #cards: Cards;
  readonly #analog: AnalogLive;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(CARDS) cards: Cards, @Inject(ANALOG) analog: AnalogLive) {
    this.#configuration = configuration;
    this.#cards = cards;
    this.#analog = analog;
  }

  @Operation({ method: 'GET', path: ':id/live', id: 'getStationLive', summary: 'What a station does now, and what is measured on its wires', scope: 'read', status: 200, response: StationLiveRepresentation, problems: ['notFound'] })
  async live(@Param({ schema: ById }) { id }: z.infer<typeof ById>): Promise<z.infer<typeof StationLiveRepresentation>> {
    const row = this.#configuration.snapshot.stations.get(id) ?? refuse('notFound', 'There is no station with this id. GET /api/v1/stations?port=CARD/NUMBER finds one by its port.');
    const measured = await this.#cards.measure(row.port);
    const live = this.#analog.find(id);
    return presentLiveStation(row, live?.kind === 'station' ? live : undefined, measured.ok ? measured.value : null, Date.now());
  }
}
