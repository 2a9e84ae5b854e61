import { Controller, Inject, Param } from '@nestjs/common';
import { LiveConfiguration } from '@tipring/store';
import type { z } from 'zod';
import { Operation } from './operation.ts';
import { type Trunks, TRUNKS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';
import { presentTrunkStatus, TrunkStatusRepresentation } from './trunk-representations.ts';

@Controller('api/v1/trunks')
export class TrunkStatusController {
  readonly #configuration: LiveConfiguration;
  readonly #trunks: Trunks;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(TRUNKS) trunks: Trunks) {
    this.#configuration = configuration;
    this.#trunks = trunks;
  }

  @Operation({ method: 'GET', path: ':id/status', id: 'getTrunkStatus', summary: 'Whether a trunk works, since when and why', scope: 'read', status: 200, response: TrunkStatusRepresentation, problems: ['notFound'] })
  status(@Param({ schema: ById }) { id }: z.infer<typeof ById>): z.infer<typeof TrunkStatusRepresentation> {
    const trunk = this.#configuration.snapshot.trunks.get(id) ?? refuse('notFound', 'There is no trunk with this id. GET /api/v1/trunks?key=… finds one by its key.');
    return presentTrunkStatus(trunk, this.#trunks.find(id), Date.now());
  }
}
