import { Controller, Inject, Param, Query } from '@nestjs/common';
import { OpeningHours } from '@tipring/routing';
import { LiveConfiguration } from '@tipring/store';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { refuse } from './problem.ts';
import { ById, Instant, instant } from './representations.ts';

const StateQuery = z.strictObject({ at: z.iso.datetime({ offset: true }).optional().meta({ description: 'Absent: now' }) });

const ScheduleState = z
  .object({ id: z.string(), key: z.string(), at: Instant, state: z.enum(['open', 'closed']), why: z.string().meta({ description: 'A holiday’s name, the week, or somebody’s hand', examples: ['Christmas'] }) })
  .meta({ id: 'ScheduleState' });

@Controller('api/v1/schedules')
export class ScheduleStateController {
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#configuration = configuration;
  }

  @Operation({ method: 'GET', path: ':id/state', id: 'getScheduleState', summary: 'Whether it is open at some instant, and why', scope: 'read', status: 200, response: ScheduleState, problems: ['notFound'] })
  state(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: StateQuery }) query: z.infer<typeof StateQuery>): z.infer<typeof ScheduleState> {
    const schedule = this.#configuration.snapshot.schedules.get(id) ?? refuse('notFound', 'There is no schedule with this id. GET /api/v1/schedules?key=… finds one by its key.');
    const at = query.at === undefined ? Date.now() : Date.parse(query.at);
    const { is, why } = new OpeningHours(schedule).at(at);
    return { id, key: schedule.key, at: instant(at), state: is, why };
  }
}
