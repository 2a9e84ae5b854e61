import { Controller, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { type Health, HEALTH, type Metrics, METRICS } from './ports.ts';

const Part = z.object({ up: z.boolean(), vital: z.boolean(), text: z.string() });

const HealthRepresentation = z
  .object({
    status: z.enum(['up', 'degraded', 'down']).meta({ description: 'degraded: calls are made, something else is missing' }),
    parts: z.record(z.string(), Part),
  })
  .meta({ id: 'Health' });

@Controller()
export class HealthController {
  readonly #health: Health;
  readonly #metrics: Metrics;

  constructor(@Inject(HEALTH) health: Health, @Inject(METRICS) metrics: Metrics) {
    this.#health = health;
    this.#metrics = metrics;
  }

  @Operation({ method: 'GET', path: 'health', id: 'getHealth', summary: 'Everything this process needs, part by part', scope: null, status: 200, response: HealthRepresentation })
  health() {
    return this.#look();
  }

  @Operation({ method: 'GET', path: 'health/live', id: 'getLiveness', summary: 'It answers: do not restart it', scope: null, status: 200, response: z.object({ status: z.literal('up') }) })
  live() {
    return { status: 'up' };
  }

  @Operation({ method: 'GET', path: 'health/ready', id: 'getReadiness', summary: 'Calls can be made; 503 when not', description: 'PostgreSQL is not needed for that: configuration is in memory and records wait in files.', scope: null, status: 200, response: HealthRepresentation })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const health = await this.#look();
    if (health.status === 'down') void reply.status(503);
    return health;
  }

  @Operation({ method: 'GET', path: 'metrics', id: 'getMetrics', summary: 'Prometheus text format', scope: null, status: 200, mediaType: 'text/plain' })
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.#metrics.contentType);
    return this.#metrics.text();
  }

  async #look(): Promise<z.infer<typeof HealthRepresentation>> {
    const parts = await this.#health.parts();
    const missing = Object.values(parts).filter((part) => !part.up);
    const status = missing.some((part) => part.vital) ? 'down' : missing.length > 0 ? 'degraded' : 'up';
    return { status, parts };
  }
}
