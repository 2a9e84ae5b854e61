import { Controller, Inject, Query } from '@nestjs/common';
import { LiveConfiguration } from '@tipring/store';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { REGISTRATIONS, type Registrations, type RegistrationView } from './ports.ts';
import { Instant, instant } from './representations.ts';

const RegistrationRepresentation = z
  .object({
    deviceId: z.string(),
    extensionId: z.string().nullable(),
    username: z.string().nullable(),
    aor: z.string().meta({ description: 'Its address of record', examples: ['sip:101@192.168.1.10'] }),
    contact: z.string(),
    transport: z.string(),
    address: z.string().meta({ description: 'Where its REGISTER came from' }),
    port: z.int(),
    q: z.number(),
    since: Instant,
    expiresAt: Instant,
    userAgent: z.string().nullable(),
  })
  .meta({ id: 'Registration', description: 'Where a device can be reached now' });

const ListQuery = PageQuery.extend({ deviceId: z.string().max(80).optional() });
const Cursor = z.tuple([z.string(), z.string()]);

@Controller('api/v1/registrations')
export class RegistrationsController {
  readonly #registrations: Registrations;
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(REGISTRATIONS) registrations: Registrations, @Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#registrations = registrations;
    this.#configuration = configuration;
  }

  @Operation({ method: 'GET', path: '', id: 'listRegistrations', summary: 'Where phones can be reached now', scope: 'read', status: 200, response: pageOf('Registration', RegistrationRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor);
    const rows = this.#registrations
      .list()
      .filter((row) => (query.deviceId === undefined || row.deviceId === query.deviceId) && (after === undefined || compare([row.aor, row.contact], after) > 0))
      .sort((a, b) => compare([a.aor, a.contact], [b.aor, b.contact]));
    return page(rows, query.limit, (row) => [row.aor, row.contact], (row) => this.#present(row));
  }

  #present(row: RegistrationView): z.infer<typeof RegistrationRepresentation> {
    const device = this.#configuration.snapshot.devices.get(row.deviceId);
    return { ...row, extensionId: device?.extensionId ?? null, username: device?.username ?? null, since: instant(row.since), expiresAt: instant(row.expiresAt) };
  }
}

function compare([a1, a2]: readonly [string, string], [b1, b2]: readonly [string, string]): number {
  if (a1 !== b1) return a1 < b1 ? -1 : 1;
  return a2 === b2 ? 0 : a2 < b2 ? -1 : 1;
}
