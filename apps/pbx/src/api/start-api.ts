import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { newId } from '@tipring/store';
import { Drills } from '../drills.ts';
import { requireKey } from './api-key.guard.ts';
import { ApiModule } from './api.module.ts';
import type { ApiPorts } from './ports.ts';

export interface Api {
  /** E.g. http://127.0.0.1:8080 */
  readonly url: string;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/** Port 0 takes any free one. Rejects when the port is taken. */
export async function startApi(ports: ApiPorts, listen: { readonly host: string; readonly port: number }): Promise<Api> {
  const adapter = new FastifyAdapter({
    bodyLimit: 1 << 20,
    genReqId: () => newId('req'),
    // An answer that ends a stream must not keep the process: see close.
    forceCloseConnections: true,
    // To receive a request, not to answer it: an event stream lives as long as its reader.
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
  });
  const { drillCalls: begin, calls, drills: kept, events, timers, log } = ports;
  const drills = new Drills({ begin, calls, kept, events, timers, wallClock: Date.now, log });
  // `bodyParser` would register JSON as Nest knows it; a merge patch (RFC 7396) is JSON too.
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.over(ports, drills), adapter, { logger: false, abortOnError: false });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addContentTypeParser('application/merge-patch+json', { parseAs: 'string' }, fastify.getDefaultJsonParser('error', 'error'));
  // A whole configuration may be long; it is read where it is looked at.
  for (const type of configurationTypes) fastify.addContentTypeParser(type, { parseAs: 'string', bodyLimit: 16 << 20 }, (_request, body, done) => done(null, body));
  for (const type of soundTypes) fastify.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit: 32 << 20 }, (_request, body, done) => done(null, body));
  // The guard is asked when the body is there already: nobody without a key has a long one taken in.
  fastify.addHook('onRequest', async (request) => {
    const type = request.headers['content-type']?.toLowerCase() ?? '';
    if ([...configurationTypes, ...soundTypes].some((long) => type.startsWith(long))) requireKey(request, ports.apiKeys);
  });
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  await app.listen({ host: listen.host, port: listen.port });
  const address = fastify.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : listen.port;
  const host = listen.host === '0.0.0.0' || listen.host === '::' ? '127.0.0.1' : listen.host;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    app,
    async close() {
      drills.close();
      await app.close();
    },
  };
}

const configurationTypes = ['application/yaml', 'text/yaml'];
const soundTypes = ['audio/wav', 'audio/x-wav', 'audio/wave'];
