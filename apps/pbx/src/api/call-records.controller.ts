import { Controller, Inject, Param, Query, Res } from '@nestjs/common';
import { CallRecordRepository } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { CallRecordRepresentation, CauseName, presentRecord } from './call-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { type Stories, STORIES } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';
import { presentStory, StoryRepresentation } from './story-representations.ts';

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
  readonly #stories: Stories;

  constructor(@Inject(CallRecordRepository) records: CallRecordRepository, @Inject(STORIES) stories: Stories) {
    this.#records = records;
    this.#stories = stories;
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

  @Operation({
    method: 'GET', path: ':id/story', id: 'getCallStory', summary: 'What happened in this call, and what was wrong with it',
    description: 'SIP messages, media, line events and routing in the order in which they happened; media facts of each leg; and verdicts in words, each with its evidence and remedy. SIP messages are kept for 14 days.',
    scope: 'read', status: 200, response: StoryRepresentation, problems: ['notFound', 'storeUnavailable'],
  })
  async story(@Param({ schema: ById }) { id }: z.infer<typeof ById>) {
    const story = await this.#stories.storyOf(id);
    return story === undefined ? refuse('notFound', noRecord) : presentStory(story);
  }

  @Operation({
    method: 'GET', path: ':id/pcap', id: 'getCallCapture', summary: 'The SIP messages of this call as a capture file, for Wireshark', description: 'Each message is a UDP packet of its own, whatever carried it; secrets are crossed out.',
    scope: 'read', status: 200, mediaType: 'application/vnd.tcpdump.pcap', problems: ['notFound', 'storeUnavailable'],
  })
  async pcap(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const capture = (await this.#stories.pcapOf(id)) ?? refuse('notFound', noCapture);
    void reply.header('content-type', 'application/vnd.tcpdump.pcap').header('content-disposition', `attachment; filename="${id}.pcap"`);
    return Buffer.from(capture.buffer, capture.byteOffset, capture.length);
  }
}

const noRecord = 'There is no record with this id. While the call is up it is at /api/v1/calls; its record follows within a second of its end.';
const noCapture = 'No SIP messages are kept of a call with this id: it had none, it is too long ago (14 days), or there is no such call.';
