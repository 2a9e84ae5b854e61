import { Controller, Inject, Param, Query } from '@nestjs/common';
import type { PresenceView } from '@tipring/presence';
import { LiveConfiguration } from '@tipring/store';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { type Presence, PRESENCE } from './ports.ts';
import { PresenceRepresentation, PresenceState, presentPresence, presentSubscriber, SubscriberRepresentation, WatchedKind } from './presence-representations.ts';
import { refuse } from './problem.ts';

const ListQuery = PageQuery.extend({ kind: WatchedKind.optional(), state: PresenceState.optional() });
const ByName = z.object({ key: z.string().min(1).max(160).meta({ description: 'Number, key or id; of a parking slot its number', examples: ['101'] }) });
const Cursor = z.tuple([z.string(), z.string()]);
const SubscriberCursor = z.tuple([z.string()]);

@Controller('api/v1/presence')
export class PresenceController {
  readonly #presence: Presence;
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(PRESENCE) presence: Presence, @Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#presence = presence;
    this.#configuration = configuration;
  }

  @Operation({ method: 'GET', path: '', id: 'listPresence', summary: 'What everybody and everything is doing now', scope: 'read', status: 200, response: pageOf('Presence', PresenceRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: ListQuery }) { limit, after, kind, state }: z.infer<typeof ListQuery>) {
    const from = cursor(after, Cursor);
    const views = this.#presence
      .views()
      .filter((view) => (kind === undefined || view.entity.kind === kind) && (state === undefined || view.state === state) && (from === undefined || compare(nameOf(view), from) > 0))
      .sort((a, b) => compare(nameOf(a), nameOf(b)));
    return page(views, limit, nameOf, presentPresence);
  }

  @Operation({ method: 'GET', path: ':key', id: 'getPresence', summary: 'What one is doing now', scope: 'read', status: 200, response: PresenceRepresentation, problems: ['notFound'] })
  find(@Param({ schema: ByName }) { key }: z.infer<typeof ByName>): z.infer<typeof PresenceRepresentation> {
    return presentPresence(this.#find(key));
  }

  @Operation({ method: 'GET', path: ':key/subscribers', id: 'listPresenceSubscribers', summary: 'Which telephones watch it, and what each was told', scope: 'read', status: 200, response: pageOf('PresenceSubscriber', SubscriberRepresentation), problems: ['notFound', 'invalidCursor'] })
  subscribers(@Param({ schema: ByName }) { key }: z.infer<typeof ByName>, @Query({ schema: PageQuery }) { limit, after }: z.infer<typeof PageQuery>) {
    const view = this.#find(key);
    const [from] = cursor(after, SubscriberCursor) ?? [''];
    const { snapshot } = this.#configuration;
    const subscribers = this.#presence.subscribers(view.entity.id).filter(({ id }) => id > from).sort((a, b) => (a.id < b.id ? -1 : 1));
    return page(subscribers, limit, ({ id }) => [id], (subscriber) => presentSubscriber(subscriber, view, snapshot));
  }

  #find(key: string): PresenceView {
    return this.#presence.find(key) ?? refuse('notFound', 'Nothing that can be watched has this number, key or id. GET /api/v1/presence lists what there is.');
  }
}

function nameOf({ entity: { kind, number, key } }: PresenceView): readonly [string, string] {
  return [kind, number ?? key];
}

function compare([a1, a2]: readonly [string, string], [b1, b2]: readonly [string, string]): number {
  if (a1 !== b1) return a1 < b1 ? -1 : 1;
  return a2 === b2 ? 0 : a2 < b2 ? -1 : 1;
}
