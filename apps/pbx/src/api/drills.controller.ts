import { Body, Controller, Inject, Param, Query, Res } from '@nestjs/common';
import type { Extension, Snapshot } from '@tipring/config';
import { type Author, LiveConfiguration } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Drills } from '../drills.ts';
import type { KeptDrills } from '../kept-drills.ts';
import { Caller } from './api-key.guard.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { DRILLS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';
import { DrillCreation, DrillRepresentation, presentDrill } from './trunk-representations.ts';

const ByDrill = ById.extend({ drill: z.string().min(1).max(80) });
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/trunks')
export class DrillsController {
  readonly #configuration: LiveConfiguration;
  readonly #drills: Drills;
  readonly #kept: KeptDrills;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(Drills) drills: Drills, @Inject(DRILLS) kept: KeptDrills) {
    this.#configuration = configuration;
    this.#drills = drills;
    this.#kept = kept;
  }

  @Operation({ method: 'GET', path: ':id/drills', id: 'listDrills', summary: 'Drills of a trunk, newest first', scope: 'read', status: 200, response: pageOf('Drill', DrillRepresentation), problems: ['notFound', 'invalidCursor', 'storeUnavailable'] })
  async list(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    requireTrunk(this.#configuration.snapshot, id);
    const rows = await this.#kept.latest(id, { limit: query.limit + 1, before: cursor(query.after, Cursor)?.[0] });
    return page(rows, query.limit, (drill) => [drill.id], (drill) => presentDrill(drill, this.#drills.isGoing(drill.callId)));
  }

  @Operation({ method: 'GET', path: ':id/drills/:drill', id: 'getDrill', summary: 'One drill: what was tried, when, and whether another way got through', scope: 'read', status: 200, response: DrillRepresentation, problems: ['notFound', 'storeUnavailable'] })
  async get(@Param({ schema: ByDrill }) { id, drill }: z.infer<typeof ByDrill>) {
    const kept = await this.#kept.find(id, drill);
    return kept === undefined ? refuse('notFound', 'This trunk has had no such drill.') : presentDrill(kept, this.#drills.isGoing(kept.callId));
  }

  @Operation({
    method: 'POST', path: ':id/drills', id: 'createDrill', summary: 'Prove that calls survive the loss of a trunk',
    description: 'A test call for which this trunk is as if it had failed; other calls see it as it is. It is hung up as soon as another way rings, is heard or answers, and the answer is told by GET and by the event `drill.ended`.',
    scope: 'act', status: 202, response: DrillRepresentation, problems: ['notFound', 'danglingReference', 'callFailed', 'storeUnavailable'],
  })
  async create(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: DrillCreation }) body: z.infer<typeof DrillCreation>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply) {
    const { snapshot } = this.#configuration;
    requireTrunk(snapshot, id);
    const extension = extensionOf(snapshot, body.from);
    const { number, impairment } = body;
    const begun = await this.#drills.begin({ trunkId: id, impairment, number, extensionId: extension.id, party: { number: extension.number, name: extension.displayName } }, caller.actor);
    if (!begun.ok) return refuse('callFailed', begun.text);
    void reply.header('location', `/api/v1/trunks/${id}/drills/${begun.value.id}`);
    return presentDrill(begun.value, true);
  }
}

function requireTrunk(snapshot: Snapshot, id: string): void {
  if (!snapshot.trunks.has(id)) refuse('notFound', 'There is no trunk with this id. GET /api/v1/trunks?key=… finds one by its key.');
}

function extensionOf(snapshot: Snapshot, name: string | undefined): Extension {
  const all = [...snapshot.extensions.values()];
  if (name !== undefined) return all.find(({ id, key, number }) => id === name || key === name || number === name) ?? refuse('danglingReference', `There is no extension ${name}.`, '/from');
  const canCall = ({ id }: Extension) => snapshot.devicesOf(id).length > 0 || snapshot.stationsOf(id).length > 0;
  return all.find(canCall) ?? refuse('callFailed', 'No extension has a phone that could call; make a device or a station first.');
}
