import { Body, Controller, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { rowsOf, type Snapshot, type Station } from '@tipring/config';
import { type Author, LiveConfiguration, newId } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { presentLiveStation, StationChange, StationCreation, StationFilter, StationLiveRepresentation, StationRepresentation } from './analog-representations.ts';
import { Caller } from './api-key.guard.ts';
import { change, changed } from './change.ts';
import { requireMatch, withEtag } from './etag.ts';
import { requireFitting } from './fitting-port.ts';
import { patched } from './merge-patch.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { ANALOG, type AnalogLive, type Cards, CARDS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';

const ListQuery = PageQuery.extend(StationFilter);
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/stations')
export class StationsController {
  readonly #configuration: LiveConfiguration;
  readonly #cards: Cards;
  readonly #analog: AnalogLive;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(CARDS) cards: Cards, @Inject(ANALOG) analog: AnalogLive) {
    this.#configuration = configuration;
    this.#cards = cards;
    this.#analog = analog;
  }

  @Operation({ method: 'GET', path: '', id: 'listStations', summary: 'Stations, by key', scope: 'read', status: 200, response: pageOf('Station', StationRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const { snapshot } = this.#configuration;
    const rows = (query.extensionId === undefined ? [...snapshot.stations.values()] : snapshot.stationsOf(query.extensionId)).filter(
      ({ key, port }) => (after === undefined || key > after) && (query.key === undefined || key === query.key) && (query.port === undefined || `${port.card}/${port.port}` === query.port),
    );
    return page(rows, query.limit, (station) => [station.key], (station) => station);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getStation', summary: 'One station', scope: 'read', status: 200, response: StationRepresentation, etag: true, problems: ['notFound'] })
  get(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res({ passthrough: true }) reply: FastifyReply): Station {
    const station = found(this.#configuration.snapshot, id);
    return withEtag(reply, station, station);
  }

  @Operation({ method: 'GET', path: ':id/live', id: 'getStationLive', summary: 'What a station does now, and what is measured on its wires', scope: 'read', status: 200, response: StationLiveRepresentation, problems: ['notFound'] })
  async live(@Param({ schema: ById }) { id }: z.infer<typeof ById>): Promise<z.infer<typeof StationLiveRepresentation>> {
    const station = found(this.#configuration.snapshot, id);
    const measured = await this.#cards.measure(station.port);
    const live = this.#analog.find(id);
    return presentLiveStation(station, live?.kind === 'station' ? live : undefined, measured.ok ? measured.value : null, Date.now());
  }

  @Operation({
    method: 'POST', path: '', id: 'createStation', summary: 'A new station', description: 'Its card need not be there yet.',
    scope: 'write', status: 201, response: StationRepresentation, etag: true, problems: ['notUnique', 'danglingReference', 'contradiction'],
  })
  async create(@Body({ schema: StationCreation }) body: z.infer<typeof StationCreation>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply): Promise<Station> {
    await requireFitting(this.#cards, body.port, 'fxs');
    const now = new Date().toISOString();
    const station: Station = { id: newId('sta'), ...body, version: 1, createdAt: now, updatedAt: now };
    await change(this.#configuration, (snapshot) => ({ ...rowsOf(snapshot), stations: [...snapshot.stations.values(), station] }), caller);
    void reply.header('location', `/api/v1/stations/${station.id}`);
    return withEtag(reply, station, found(this.#configuration.snapshot, station.id));
  }

  @Operation({
    method: 'PATCH', path: ':id', id: 'changeStation', summary: 'Change a station', description: 'JSON merge patch (RFC 7396): an override that is null is the region’s again; `port` is replaced as a whole.',
    scope: 'write', status: 200, response: StationRepresentation, ifMatch: true, etag: true, problems: ['notFound', 'notUnique', 'danglingReference', 'contradiction'],
  })
  async patch(
    @Param({ schema: ById }) { id }: z.infer<typeof ById>,
    @Body({ schema: StationChange }) body: z.infer<typeof StationChange>,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Author,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Station> {
    if (body.port !== undefined) await requireFitting(this.#cards, body.port, 'fxs');
    const after = await change(
      this.#configuration,
      (snapshot) => {
        const station = found(snapshot, id);
        requireMatch(ifMatch, station);
        const edited = changed(station, { ...body, overrides: patched(station.overrides, body.overrides) }, new Date());
        return { ...rowsOf(snapshot), stations: [...snapshot.stations.values()].map((row) => (row.id === id ? edited : row)) };
      },
      caller,
    );
    const station = found(after, id);
    return withEtag(reply, station, station);
  }

  @Operation({ method: 'DELETE', path: ':id', id: 'deleteStation', summary: 'Delete a station', scope: 'write', status: 204, ifMatch: true, problems: ['notFound'] })
  async delete(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Headers('if-match') ifMatch: string | undefined, @Caller() caller: Author): Promise<void> {
    await change(
      this.#configuration,
      (snapshot) => {
        requireMatch(ifMatch, found(snapshot, id));
        return { ...rowsOf(snapshot), stations: [...snapshot.stations.values()].filter((row) => row.id !== id) };
      },
      caller,
    );
  }
}

function found(snapshot: Snapshot, id: string): Station {
  return snapshot.stations.get(id) ?? refuse('notFound', 'There is no station with this id. GET /api/v1/stations?port=CARD/NUMBER finds one by its port.');
}
