import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Body, Controller, Inject, Param, Query, Res } from '@nestjs/common';
import { LiveConfiguration, MessageStore, type VoicemailMessage } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PartyRepresentation } from './call-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { SOUNDS_FOLDER } from './ports.ts';
import { refuse } from './problem.ts';
import { ById, Instant, instant } from './representations.ts';

const MessageRepresentation = z
  .object({
    id: z.string(),
    box: z.string(),
    from: PartyRepresentation,
    at: Instant,
    durationMs: z.int(),
    isUrgent: z.boolean(),
    isHeard: z.boolean(),
    forwardedBy: z.string().nullable().meta({ description: 'Who passed it on, of a copy' }),
  })
  .meta({ id: 'VoicemailMessage' });
const MessageChange = z.strictObject({ isHeard: z.boolean() }).meta({ id: 'VoicemailMessageChange' });
const ByMessage = ById.extend({ message: z.string().min(1).max(120) });
const ListQuery = PageQuery.extend({ isHeard: z.enum(['true', 'false']).optional().meta({ description: 'Only those that were heard, or the new ones' }) });
const Cursor = z.tuple([z.string()]);

/** What is in a voicemail box. The box itself is configured. */
@Controller('api/v1/voicemail-boxes')
export class MessagesController {
  readonly #configuration: LiveConfiguration;
  readonly #messages: MessageStore;
  readonly #folder: string;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(MessageStore) messages: MessageStore, @Inject(SOUNDS_FOLDER) folder: string) {
    this.#configuration = configuration;
    this.#messages = messages;
    this.#folder = folder;
  }

  @Operation({ method: 'GET', path: ':id/messages', id: 'listMessages', summary: 'Messages in a box, as they are listened to', description: 'The urgent new ones first, then the other new ones, then those that were heard; the oldest of each first.', scope: 'read', status: 200, response: pageOf('VoicemailMessage', MessageRepresentation), problems: ['notFound', 'invalidCursor'] })
  list(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    this.#requireBox(id);
    const all = this.#messages.messagesOf(id);
    const after = cursor(query.after, Cursor)?.[0];
    // One that was deleted meanwhile: from the begin.
    const from = after === undefined ? 0 : all.findIndex((message) => message.id === after) + 1;
    const wanted = all.slice(from).filter(({ isHeard }) => query.isHeard === undefined || String(isHeard) === query.isHeard);
    return page(wanted, query.limit, (message) => [message.id], present);
  }

  @Operation({ method: 'GET', path: ':id/messages/:message', id: 'getMessage', summary: 'One message', scope: 'read', status: 200, response: MessageRepresentation, problems: ['notFound'] })
  get(@Param({ schema: ByMessage }) { id, message }: z.infer<typeof ByMessage>) {
    return present(this.#find(id, message));
  }

  @Operation({ method: 'GET', path: ':id/messages/:message/audio', id: 'getMessageAudio', summary: 'The message as it was spoken', scope: 'read', status: 200, mediaType: 'audio/wav', problems: ['notFound'] })
  async audio(@Param({ schema: ByMessage }) { id, message }: z.infer<typeof ByMessage>, @Res() reply: FastifyReply): Promise<void> {
    const { file } = this.#find(id, message);
    const path = join(this.#folder, file);
    const known = await stat(path).catch(() => undefined);
    if (known === undefined) return refuse('notFound', 'The recording of this message is gone from the folder of sounds.');
    await reply.header('content-type', 'audio/wav').header('content-length', known.size).send(createReadStream(path));
  }

  @Operation({ method: 'PATCH', path: ':id/messages/:message', id: 'changeMessage', summary: 'Heard, or new again', description: 'Lamps and stutter tones of its telephones follow.', scope: 'act', status: 200, response: MessageRepresentation, problems: ['notFound'] })
  change(@Param({ schema: ByMessage }) { id, message }: z.infer<typeof ByMessage>, @Body({ schema: MessageChange }) { isHeard }: z.infer<typeof MessageChange>) {
    this.#find(id, message);
    this.#messages.mark(message, isHeard ? 'heard' : 'new');
    return present(this.#find(id, message));
  }

  @Operation({ method: 'DELETE', path: ':id/messages/:message', id: 'deleteMessage', summary: 'Delete a message with its recording', scope: 'act', status: 204, problems: ['notFound'] })
  remove(@Param({ schema: ByMessage }) { id, message }: z.infer<typeof ByMessage>): void {
    this.#find(id, message);
    this.#messages.remove(message);
  }

  #find(box: string, id: string): VoicemailMessage {
    this.#requireBox(box);
    const message = this.#messages.find(id);
    return message?.box === box ? message : refuse('notFound', 'There is no such message in this box.');
  }

  #requireBox(id: string): void {
    if (!this.#configuration.snapshot.voicemailBoxes.has(id)) refuse('notFound', 'There is no voicemail box with this id. GET /api/v1/voicemail-boxes lists them.');
  }
}

function present({ id, box, from, at, ms, isUrgent, isHeard, forwardedBy }: VoicemailMessage): z.infer<typeof MessageRepresentation> {
  return { id, box, from, at: instant(at), durationMs: Math.round(ms), isUrgent, isHeard, forwardedBy };
}
