import { Body, Controller, Inject, Param } from '@nestjs/common';
import type { QueueStatus } from '@tipring/app-endpoint';
import { AuditLog, type Author, LiveConfiguration } from '@tipring/store';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { PartyRepresentation } from './call-representations.ts';
import { Operation } from './operation.ts';
import { type LiveQueues, LOG, QUEUES } from './ports.ts';
import { refuse } from './problem.ts';
import { ById, Instant, instant } from './representations.ts';

const Presence = z.enum(['loggedIn', 'loggedOut', 'paused']);
const AgentRepresentation = z.object({
  extensionId: z.string(),
  presence: Presence,
  is: z.enum(['idle', 'ringing', 'talking', 'wrapUp', 'onThePhone']).meta({ description: 'talking: to a caller of a queue; onThePhone: in any other call' }),
  callsToday: z.int().meta({ description: 'Of this queue' }),
});
const QueueStatusRepresentation = z
  .object({
    waiting: z.array(z.object({ call: z.string(), from: PartyRepresentation, since: Instant })).meta({ description: 'Who has waited longest first' }),
    agents: z.array(AgentRepresentation).meta({ description: 'In the order of the configuration' }),
    today: z
      .object({
        offered: z.int(),
        answered: z.int(),
        abandoned: z.int().meta({ description: 'Hung up before anybody answered' }),
        overflowed: z.int(),
        meanWaitMs: z.int().nullable().meta({ description: 'Of those who were answered; null: nobody was' }),
        longestWaitMs: z.int(),
      })
      .meta({ description: 'Since midnight, or since the controller was started if that was later' }),
  })
  .meta({ id: 'QueueStatus', description: 'A queue as it stands' });
const ByAgent = ById.extend({ extension: z.string().min(1).max(80).meta({ description: 'Id or number of the extension' }) });
const AgentChange = z.strictObject({ presence: Presence.meta({ description: 'Who is logged out cannot be paused' }) }).meta({ id: 'AgentChange' });

@Controller('api/v1/queues')
export class QueueStatusController {
  readonly #queues: LiveQueues;
  readonly #configuration: LiveConfiguration;
  readonly #audit: AuditLog;
  readonly #log: Logger;

  constructor(@Inject(QUEUES) queues: LiveQueues, @Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(AuditLog) audit: AuditLog, @Inject(LOG) log: Logger) {
    this.#queues = queues;
    this.#configuration = configuration;
    this.#audit = audit;
    this.#log = log;
  }

  @Operation({ method: 'GET', path: ':id/status', id: 'getQueueStatus', summary: 'Who waits, who answers, and today’s figures', scope: 'read', status: 200, response: QueueStatusRepresentation, problems: ['notFound'] })
  status(@Param({ schema: ById }) { id }: z.infer<typeof ById>): z.infer<typeof QueueStatusRepresentation> {
    return present(this.#queues.status(id) ?? refuse('notFound', 'There is no such queue. GET /api/v1/queues lists them.'));
  }

  @Operation({ method: 'PUT', path: ':id/agents/:extension', id: 'putQueueAgent', summary: 'Log an agent in or out, or give him a break', scope: 'act', status: 200, response: QueueStatusRepresentation, problems: ['notFound'] })
  change(@Param({ schema: ByAgent }) { id, extension: name }: z.infer<typeof ByAgent>, @Body({ schema: AgentChange }) { presence }: z.infer<typeof AgentChange>, @Caller() caller: Author): z.infer<typeof QueueStatusRepresentation> {
    const { snapshot } = this.#configuration;
    const extension = snapshot.extensions.get(name) ?? snapshot.extensionByNumber(name);
    const isAgent = extension !== undefined && this.#queues.change(extension.id, id, presence);
    if (!isAgent) return refuse('notFound', 'This queue has no such agent. GET /api/v1/queues lists queues and their agents.');
    // Agents come and go also while the database is away; then the log has to do.
    const what = { extensionId: extension.id, presence };
    this.#audit.record(caller, 'agentPresence', `queue:${id}`, null, what).catch((error: unknown) => this.#log.warn({ err: error, caller, queue: id, what }, 'auditNotWritten'));
    return this.status({ id });
  }
}

function present({ waiting, agents, today }: QueueStatus): z.infer<typeof QueueStatusRepresentation> {
  return { waiting: waiting.map(({ since, ...one }) => ({ ...one, since: instant(since) })), agents: [...agents], today };
}
