import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Inject, Param, Query, Res } from '@nestjs/common';
import { AuditLog, type Author, type Recording, Recordings } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { SOUNDS_FOLDER } from './ports.ts';
import { refuse } from './problem.ts';
import { ById, Instant, instant } from './representations.ts';

const RecordingRepresentation = z
  .object({ id: z.string(), callId: z.string().meta({ description: 'Its record is at /call-records/{id}; the segment of which this is names the same file' }), startedAt: Instant, durationMs: z.int() })
  .meta({ id: 'Recording', description: 'A part of a call, recorded' });
const ListQuery = PageQuery.extend({ callId: z.string().max(80).optional(), since: Instant.optional(), until: Instant.optional() });
const Cursor = z.tuple([z.number(), z.string()]);

/** Recordings of calls that have ended. */
@Controller('api/v1/recordings')
export class RecordingsController {
  readonly #recordings: Recordings;
  readonly #audit: AuditLog;
  readonly #folder: string;

  constructor(@Inject(Recordings) recordings: Recordings, @Inject(AuditLog) audit: AuditLog, @Inject(SOUNDS_FOLDER) folder: string) {
    this.#recordings = recordings;
    this.#audit = audit;
    this.#folder = folder;
  }

  @Operation({
    method: 'GET', path: '', id: 'listRecordings', summary: 'Recordings of calls, newest first', description: 'A recording is there within a second of its call’s end, and goes when `recording.keepDays` of the settings says so.',
    scope: 'read', status: 200, response: pageOf('Recording', RecordingRepresentation), problems: ['invalidCursor', 'storeUnavailable'],
  })
  async list(@Query({ schema: ListQuery }) { limit, after, callId, since, until }: z.infer<typeof ListQuery>) {
    const from = cursor(after, Cursor);
    const rows = await this.#recordings.latest({
      limit: limit + 1, callId,
      before: from === undefined ? undefined : { startedAt: from[0], id: from[1] },
      since: since === undefined ? undefined : Date.parse(since),
      until: until === undefined ? undefined : Date.parse(until),
    });
    return page(rows, limit, ({ startedAt, id }) => [startedAt, id], presentRecording);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getRecording', summary: 'One recording', scope: 'read', status: 200, response: RecordingRepresentation, problems: ['notFound', 'storeUnavailable'] })
  async get(@Param({ schema: ById }) { id }: z.infer<typeof ById>) {
    return presentRecording(await this.#find(id));
  }

  @Operation({ method: 'GET', path: ':id/audio', id: 'getRecordingAudio', summary: 'What was said', scope: 'read', status: 200, mediaType: 'audio/wav', problems: ['notFound', 'storeUnavailable'] })
  async audio(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res() reply: FastifyReply): Promise<void> {
    const path = join(this.#folder, (await this.#find(id)).file);
    const known = await stat(path).catch(() => undefined);
    if (known === undefined) return refuse('notFound', 'The file of this recording is gone from the folder of sounds.');
    await reply.header('content-type', 'audio/wav').header('content-length', known.size).send(createReadStream(path));
  }

  @Operation({ method: 'DELETE', path: ':id', id: 'deleteRecording', summary: 'Delete a recording with its file', description: 'That it was, and who deleted it, stays in the audit.', scope: 'write', status: 204, problems: ['notFound', 'storeUnavailable'] })
  async remove(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Caller() caller: Author): Promise<void> {
    const recording = await this.#find(id);
    await rm(join(this.#folder, recording.file), { force: true });
    await this.#recordings.remove(id);
    await this.#audit.record(caller, 'delete', `recording:${id}`, { callId: recording.callId, startedAt: instant(recording.startedAt) }, null);
  }

  async #find(id: string): Promise<Recording> {
    return (await this.#recordings.find(id)) ?? refuse('notFound', 'There is no recording with this id. GET /api/v1/recordings?callId=… finds those of a call.');
  }
}

function presentRecording({ id, callId, startedAt, ms }: Recording): z.infer<typeof RecordingRepresentation> {
  return { id, callId, startedAt: instant(startedAt), durationMs: ms };
}
