import { Controller, Headers, Inject, Query, Req, Res } from '@nestjs/common';
import { EventLog, type StoredEvent } from '@tipring/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { refuse } from './problem.ts';
import { instant } from './representations.ts';

const EventsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).optional().meta({ description: 'Replay what came after this number, then go on live. Absent: from now on' }),
  types: z.string().max(500).optional().meta({ description: 'Only these, comma-separated; `call.*` takes all of a kind', examples: ['call.started,call.ended'] }),
});

@Controller('api/v1/events')
export class EventsController {
  readonly #events: EventLog;

  constructor(@Inject(EventLog) events: EventLog) {
    this.#events = events;
  }

  @Operation({
    method: 'GET', path: '', id: 'streamEvents', summary: 'What happens, as it happens',
    description: 'Server-sent events. Each has its number as `id`; a client that reconnects sends Last-Event-ID and misses nothing for at least 24 hours. Numbers rise; there may be gaps after a crash.',
    scope: 'read', status: 200, mediaType: 'text/event-stream', problems: ['storeUnavailable'],
  })
  async stream(
    @Query({ schema: EventsQuery }) query: z.infer<typeof EventsQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = typeFilter(query.types);
    let sent = this.#startOf(lastEventId, query.after);
    // Before the headers: a database that is away is still a 503.
    let replay = this.#events.fromMemory(sent) === undefined ? await this.#events.after(sent, REPLAY_PAGE) : [];

    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write(`retry: 1000\n: ${sent}\n\n`);

    const send = (event: StoredEvent): void => {
      sent = event.sequence;
      if (wanted(event.type)) raw.write(wire(event));
    };
    const heartbeat = setInterval(() => raw.write(': \n\n'), HEARTBEAT_MS);
    let leave: () => void = () => undefined;
    raw.once('close', () => {
      clearInterval(heartbeat);
      leave();
    });
    for (let live = this.#events.fromMemory(sent); live === undefined; live = this.#events.fromMemory(sent)) {
      for (const event of replay) send(event);
      if (raw.writableNeedDrain) await drained(raw);
      if (raw.destroyed) return;
      try {
        replay = await this.#events.after(sent, REPLAY_PAGE);
      } catch (error) {
        // The client comes back with Last-Event-ID and goes on from there.
        request.log.warn({ err: error }, 'replayInterrupted');
        raw.destroy();
        return;
      }
      // Nothing between `sent` and the present: numbers were left out by a crash, or are past their retention.
      if (replay.length === 0) sent = this.#events.last;
    }
    // From here on in one turn of the event loop: nothing can come between memory and the live events.
    for (const event of this.#events.fromMemory(sent) ?? []) send(event);
    leave = this.#events.observe((event) => {
      // A client that does not read must not fill our memory: it may come back and replay.
      if (raw.writableLength > LAGGING_BYTES) raw.destroy();
      else send(event);
    });
  }

  #startOf(lastEventId: string | undefined, after: number | undefined): number {
    if (lastEventId === undefined) return after ?? this.#events.last;
    const number = Number(lastEventId);
    return Number.isSafeInteger(number) && number >= 0 ? number : refuse('invalidValue', 'Last-Event-ID is the number of the last event that was received.');
  }
}

function wire(event: StoredEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: {"sequence":${event.sequence},"at":"${instant(event.at)}","type":"${event.type}","data":${event.json}}\n\n`;
}

function typeFilter(types: string | undefined): (type: string) => boolean {
  if (types === undefined || types === '') return () => true;
  const exact = new Set(types.split(',').map((type) => type.trim()));
  return (type) => exact.has(type) || exact.has(`${type.slice(0, type.indexOf('.'))}.*`);
}

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('drain', resolve);
    stream.once('close', resolve);
  });
}

const REPLAY_PAGE = 500;
const HEARTBEAT_MS = 15_000;
const LAGGING_BYTES = 4 << 20;
