import { Body, Controller, Inject, Param, Query, Res } from '@nestjs/common';
import type { Author } from '@tipring/store';
import type { CallControl, Transfer } from '@tipring/telephony';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { CallAudit } from './call-audit.ts';
import { ById, callOf, done, LegName, legOf, operationProblems } from './call-operation.ts';
import { CauseName } from './call-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { CALLS } from './ports.ts';
import { refuse } from './problem.ts';
import { Instant, instant, instantOrNull } from './representations.ts';

const Target = z.union([
  z.strictObject({ number: z.string().regex(/^[0-9*#+]{1,32}$/, 'digits, *, # and +') }),
  z.strictObject({ call: z.string().min(1).max(80).meta({ description: 'A call in which the same phone is: the two others are connected' }) }),
]);

const TransferRepresentation = z
  .object({
    id: z.string(),
    call: z.string().meta({ description: 'The call of who is transferred' }),
    by: z.string().meta({ description: 'The leg that transfers' }),
    to: Target,
    kind: z.enum(['blind', 'attended']),
    state: z.enum(['ringing', 'consulting', 'completed', 'failed', 'cancelled', 'recalled']).meta({ description: 'ringing: the target is called; consulting: the transferor talks to it; recalled: nobody answered, and the transferor was called back' }),
    consultation: z.string().nullable().meta({ description: 'The call to the target' }),
    cause: CauseName.nullable(),
    startedAt: Instant,
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'Transfer', description: 'One transfer, whoever asked for it: a phone or the API' });

const TransferCreation = z
  .strictObject({
    leg: LegName.meta({ description: 'Who transfers; the other side is transferred' }),
    to: Target,
    kind: z.enum(['blind', 'attended']).default('blind').meta({ description: 'attended: the transferor talks to the target first, until POST …/completion' }),
  })
  .meta({ id: 'TransferCreation' });

const Cursor = z.tuple([z.string()]);

/** Transfers are objects: begun by a phone or here, they are looked at, completed, swapped and cancelled here. */
@Controller('api/v1')
export class TransfersController {
  readonly #calls: CallControl;
  readonly #audit: CallAudit;

  constructor(@Inject(CALLS) calls: CallControl, @Inject(CallAudit) audit: CallAudit) {
    this.#calls = calls;
    this.#audit = audit;
  }

  @Operation({ method: 'POST', path: 'calls/:id/transfers', id: 'createTransfer', summary: 'Transfer a call', scope: 'act', status: 201, response: TransferRepresentation, problems: [...operationProblems] })
  create(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: TransferCreation }) { leg: name, to, kind }: z.infer<typeof TransferCreation>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply) {
    const leg = legOf(callOf(this.#calls, id), name).id;
    const { transfer } = done(this.#calls.transfer({ call: id, leg, to, kind }));
    this.#audit.note(caller, 'transfer', id, { leg, to, kind, transfer: transfer.id });
    void reply.header('location', `/api/v1/transfers/${transfer.id}`);
    return presentTransfer(transfer);
  }

  @Operation({ method: 'GET', path: 'calls/:id/transfers', id: 'listTransfersOfCall', summary: 'Transfers of a call', scope: 'read', status: 200, response: pageOf('TransferOfCall', TransferRepresentation), problems: ['invalidCursor'] })
  listOf(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    return this.#page(query, ({ call, consultation }) => call === id || consultation === id);
  }

  @Operation({ method: 'GET', path: 'transfers', id: 'listTransfers', summary: 'Transfers under way, and the latest that are over', scope: 'read', status: 200, response: pageOf('Transfer', TransferRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    return this.#page(query, () => true);
  }

  @Operation({ method: 'GET', path: 'transfers/:id', id: 'getTransfer', summary: 'One transfer', scope: 'read', status: 200, response: TransferRepresentation, problems: ['notFound'] })
  get(@Param({ schema: ById }) { id }: z.infer<typeof ById>) {
    return presentTransfer(this.#transfer(id));
  }

  @Operation({ method: 'POST', path: 'transfers/:id/completion', id: 'completeTransfer', summary: 'Connect the two', description: 'Also while the target still rings: who is transferred hears it ring.', scope: 'act', status: 200, response: TransferRepresentation, problems: [...operationProblems] })
  complete(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Caller() caller: Author) {
    return this.#act(id, 'completeTransfer', caller, () => this.#calls.completeTransfer(id));
  }

  @Operation({ method: 'POST', path: 'transfers/:id/swap', id: 'swapTransfer', summary: 'Talk to the other of the two', scope: 'act', status: 200, response: TransferRepresentation, problems: [...operationProblems] })
  swap(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Caller() caller: Author) {
    return this.#act(id, 'swapTransfer', caller, () => this.#calls.swapTransfer(id));
  }

  @Operation({ method: 'DELETE', path: 'transfers/:id', id: 'cancelTransfer', summary: 'All as it was before', scope: 'act', status: 204, problems: [...operationProblems] })
  cancel(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Caller() caller: Author): void {
    this.#act(id, 'cancelTransfer', caller, () => this.#calls.cancelTransfer(id));
  }

  #act(id: string, action: string, caller: Author, act: () => ReturnType<CallControl['completeTransfer']>) {
    const { call } = this.#transfer(id);
    done(act());
    this.#audit.note(caller, action, call, { transfer: id });
    return presentTransfer(this.#transfer(id));
  }

  #transfer(id: string): Transfer {
    return this.#calls.transferOf(id) ?? refuse('notFound', 'There is no such transfer; the records of its calls tell what became of one that is long over.');
  }

  #page(query: z.infer<typeof PageQuery>, isWanted: (transfer: Transfer) => boolean) {
    const after = cursor(query.after, Cursor)?.[0];
    const all = this.#calls.transfers().filter(isWanted);
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return page(all.slice(from), query.limit, (transfer) => [transfer.id], presentTransfer);
  }
}

function presentTransfer({ startedAt, endedAt, ...transfer }: Transfer): z.infer<typeof TransferRepresentation> {
  return { ...transfer, startedAt: instant(startedAt), endedAt: instantOrNull(endedAt) };
}
