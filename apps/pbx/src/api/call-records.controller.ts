import { Controller, Inject, Param, Query } from '@nestjs/common';
import { CallRecordRepository } from '@tipring/store';
import { z } from 'zod';
import { CallRecordRepresentation, CauseName, presentRecord, presentStory, StoryRepresentation } from './call-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';

const DialledOrCalling = z.string().max(64).optional();
const Moment = z.iso.datetime({ offset: true }).optional();
const ListQuery = PageQuery.extend({
  since: Moment.meta({ description: 'Started at or after' }),
  until: Moment.meta({ description: 'Started before' }),
  number: DialledOrCalling.meta({ description: 'Caller’s or dialled number' }),
  from: DialledOrCalling,
  to: DialledOrCalling,
  cause: CauseName.optional(),
});
const Cursor = z.tuple([z.number(), z.string()]);

@Controller('api/v1/call-records')
export class CallRecordsController {
  readonly #records: CallRecordRepository;

  constructor(@Inject(CallRecordRepository) records: CallRecordRepository) {
    this.#records = records;
  }

  @Operation({
    method: 'GET', path: '', id: 'listCallRecords', summary: 'Call records, newest first', description: 'A record is there within a second of the call’s end.',
    scope: 'read', status: 200, response: pageOf('CallRecord', CallRecordRepresentation), problems: ['invalidCursor', 'storeUnavailable'],
  })
  async list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor);
    const rows = await this.#records.latest({
      limit: query.limit + 1,
      before: after === undefined ? undefined : { startedAt: after[0], id: after[1] },
      since: query.since === undefined ? undefined : Date.parse(query.since),
      until: query.until === undefined ? undefined : Date.parse(query.until),
      number: query.number,
      from: query.from,
      to: query.to,
      cause: query.cause,
    });
    return page(rows, query.limit, (record) => [record.startedAt, record.id], presentRecord);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getCallRecord', summary: 'One record: legs, causes, evidence, media quality', scope: 'read', status: 200, response: CallRecordRepresentation, problems: ['notFound', 'storeUnavailable'] })
  async get(@Param({ schema: ById }) { id }: z.infer<typeof ById>) {
    const record = await this.#records.byId(id);
    return record === undefined ? refuse('notFound', noRecord) : presentRecord(record);
  }

  @Operation({ method: 'GET', path: ':id/story', id: 'getCallStory', summary: 'What happened in this call, in order', scope: 'read', status: 200, response: StoryRepresentation, problems: ['notFound', 'storeUnavailable'] })
  async story(@Param({ schema: ById }) { id }: z.infer<typeof ById>) {
    const story = await this.#records.storyOf(id);
    return story === undefined ? refuse('notFound', noRecord) : presentStory(id, story);
  }
}

const noRecord = 'There is no record with this id. While the call is up it is at /api/v1/calls; its record follows within a second of its end.';
