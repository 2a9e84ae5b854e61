import { Body, Controller, Inject, Param, Query, Res } from '@nestjs/common';
import type { Author } from '@tipring/store';
import type { CallControl } from '@tipring/telephony';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { CallAudit } from './call-audit.ts';
import { callOf } from './call-operation.ts';
import { CallRepresentation, CauseName, presentCall } from './call-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { PhoneName, Phones } from './phones.ts';
import { CALLS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';

const Origination = z
  .strictObject({
    from: PhoneName.meta({ description: 'The device or station that rings first: its id' }),
    to: z.string().regex(/^[0-9*#+]{1,32}$/, 'digits, *, # and +').meta({ description: 'The number that is dialled when it answers', examples: ['102'] }),
    timeoutMs: z.int().min(1_000).max(180_000).optional().meta({ description: 'How long the first one may ring, in milliseconds' }),
  })
  .meta({ id: 'Origination' });

const ListQuery = PageQuery.extend({ number: z.string().max(32).optional().meta({ description: 'Caller’s or dialled number' }) });
const HangUpQuery = z.strictObject({ cause: CauseName.optional() });
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/calls')
export class CallsController {
  readonly #calls: CallControl;
  readonly #phones: Phones;
  readonly #audit: CallAudit;

  constructor(@Inject(CALLS) calls: CallControl, @Inject(Phones) phones: Phones, @Inject(CallAudit) audit: CallAudit) {
    this.#calls = calls;
    this.#phones = phones;
    this.#audit = audit;
  }

  @Operation({ method: 'GET', path: '', id: 'listCalls', summary: 'Calls as they stand, oldest first', scope: 'read', status: 200, response: pageOf('Call', CallRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const calls = this.#calls
      .calls()
      .filter((call) => (after === undefined || call.id > after) && (query.number === undefined || call.to === query.number || call.from.number === query.number))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return page(calls, query.limit, (call) => [call.id], presentCall);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getCall', summary: 'One call', scope: 'read', status: 200, response: CallRepresentation, problems: ['notFound'] })
  get(@Param({ schema: ById }) { id }: z.infer<typeof ById>) {
    return presentCall(callOf(this.#calls, id));
  }

  @Operation({
    method: 'POST', path: '', id: 'originateCall', summary: 'Click to dial', description: 'Rings `from`; when it answers, `to` is dialled for it. What becomes of it is told by events and the record.',
    scope: 'act', status: 201, response: CallRepresentation, problems: ['danglingReference', 'callFailed'],
  })
  originate(@Body({ schema: Origination }) body: z.infer<typeof Origination>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply) {
    const party = this.#phones.ownerOf(body.from, '/from');
    const id = this.#calls.originate({ from: body.from, party, to: body.to, ...(body.timeoutMs === undefined ? {} : { timeoutMs: body.timeoutMs }) });
    this.#audit.note(caller, 'originate', id, { from: body.from, to: body.to });
    void reply.header('location', `/api/v1/calls/${id}`);
    const call = this.#calls.call(id);
    // Over already, e.g. because the PBX is shutting down.
    return call === undefined ? refuse('callFailed', `It was over at once; why is told by /api/v1/call-records/${id}.`) : presentCall(call);
  }

  @Operation({ method: 'DELETE', path: ':id', id: 'hangUpCall', summary: 'Hang up', scope: 'act', status: 204, problems: ['notFound'] })
  hangUp(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: HangUpQuery }) query: z.infer<typeof HangUpQuery>, @Caller() caller: Author): void {
    if (!this.#calls.hangUp(id, query.cause)) refuse('notFound', 'No such call is up; it may just have ended.');
    this.#audit.note(caller, 'hangUp', id, { cause: query.cause ?? 'normalClearing' });
  }
}
