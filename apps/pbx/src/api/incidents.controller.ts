import { Controller, Inject, Query } from '@nestjs/common';
import { EventLog, type StoredEvent } from '@tipring/store';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { Instant, instant } from './representations.ts';

/** Events that somebody should know of: of trunks, of calls that had to take another way, of emergencies, of drills. */
const types = ['trunk.up', 'trunk.degraded', 'trunk.down', 'trunk.disabled', 'trunk.registered', 'trunk.refused', 'trunk.unanswered', 'incident.failOver', 'emergency.called', 'drill.ended'] as const;

const IncidentRepresentation = z
  .object({
    id: z.string().meta({ description: 'The event’s number' }),
    at: Instant,
    type: z.enum(types),
    text: z.string().meta({ description: 'A sentence for people' }),
    data: z.record(z.string(), z.unknown()).meta({ description: 'As the event has it' }),
  })
  .meta({ id: 'Incident', description: 'A trunk that was lost or is back, a call that had to take another way, an emergency call, a drill' });

const ListQuery = PageQuery.extend({ type: z.enum(types).optional() });
const Cursor = z.tuple([z.number().int()]);

@Controller('api/v1/incidents')
export class IncidentsController {
  readonly #events: EventLog;

  constructor(@Inject(EventLog) events: EventLog) {
    this.#events = events;
  }

  @Operation({ method: 'GET', path: '', id: 'listIncidents', summary: 'What somebody should know of, newest first', description: 'Kept for 400 days.', scope: 'read', status: 200, response: pageOf('Incident', IncidentRepresentation), problems: ['invalidCursor', 'storeUnavailable'] })
  async list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const events = await this.#events.latestOf(query.type === undefined ? types : [query.type], { limit: query.limit + 1, before: cursor(query.after, Cursor)?.[0] });
    return page(events, query.limit, ({ sequence }) => [sequence], presentIncident);
  }
}

function presentIncident({ sequence, at, type, json }: StoredEvent): z.infer<typeof IncidentRepresentation> {
  const data = JSON.parse(json) as Record<string, unknown>;
  return { id: String(sequence), at: instant(at), type: type as (typeof types)[number], text: sentenceOf(type, data), data };
}

function sentenceOf(type: string, data: Readonly<Record<string, unknown>>): string {
  const said = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  const named = (name: string): string => {
    const one = data[name] as { readonly name?: string | null; readonly endpoints?: readonly string[] } | undefined;
    return one?.name ?? one?.endpoints?.join(', ') ?? '';
  };
  switch (type) {
    case 'incident.failOver': return `A call left ${named('from')} for ${named('to')}: ${(data['evidence'] as { readonly text?: string } | undefined)?.text ?? said('cause')}`;
    case 'emergency.called': return `${said('number')} was called`;
    case 'drill.ended': return said('text');
    default: return `Trunk ${said('key')} is ${type.slice('trunk.'.length)}: ${said('why') || said('text')}`;
  }
}
