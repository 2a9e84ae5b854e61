import { Controller, Inject, Param } from '@nestjs/common';
import type { PortReference } from '@tipring/config';
import { LiveConfiguration } from '@tipring/store';
import type { z } from 'zod';
import { LineLiveRepresentation, presentLiveLine, presentLiveStation, StationLiveRepresentation } from './analog-representations.ts';
import { Operation } from './operation.ts';
import { ANALOG, type AnalogLive, type Cards, CARDS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';

/** What stations and lines do now. */
@Controller('api/v1')
export class AnalogLiveController {
  readonly #configuration: LiveConfiguration;
  readonly #cards: Cards;
  readonly #analog: AnalogLive;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(CARDS) cards: Cards, @Inject(ANALOG) analog: AnalogLive) {
    this.#configuration = configuration;
    this.#cards = cards;
    this.#analog = analog;
  }

  @Operation({ method: 'GET', path: 'stations/:id/live', id: 'getStationLive', summary: 'What a station does now, and what is measured on its wires', scope: 'read', status: 200, response: StationLiveRepresentation, problems: ['notFound'] })
  async station(@Param({ schema: ById }) { id }: z.infer<typeof ById>): Promise<z.infer<typeof StationLiveRepresentation>> {
    const row = this.#configuration.snapshot.stations.get(id) ?? refuse('notFound', 'There is no station with this id. GET /api/v1/stations?port=CARD/NUMBER finds one by its port.');
    const measured = await this.#measured(row.port);
    const live = this.#analog.find(id);
    return presentLiveStation(row, live?.kind === 'station' ? live : undefined, measured, Date.now());
  }

  @Operation({ method: 'GET', path: 'lines/:id/live', id: 'getLineLive', summary: 'What a line does now, and what is measured on its wires', scope: 'read', status: 200, response: LineLiveRepresentation, problems: ['notFound'] })
  async line(@Param({ schema: ById }) { id }: z.infer<typeof ById>): Promise<z.infer<typeof LineLiveRepresentation>> {
    const row = this.#configuration.snapshot.lines.get(id) ?? refuse('notFound', 'There is no line with this id. GET /api/v1/lines?port=CARD/NUMBER finds one by its port.');
    const measured = await this.#measured(row.port);
    const live = this.#analog.find(id);
    return presentLiveLine(row, live?.kind === 'line' ? live : undefined, measured, Date.now());
  }

  async #measured(port: PortReference) {
    const measured = await this.#cards.measure(port);
    return measured.ok ? measured.value : null;
  }
}
