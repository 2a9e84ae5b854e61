import { Controller, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { type AuthenticationFailures, FAILURES } from './ports.ts';
import { Instant, instant } from './representations.ts';

const kinds = ['wrongPassword', 'unknownUser', 'disabledDevice', 'otherUser', 'wrongAlgorithm', 'wrongUri', 'malformed', 'staleNonce', 'foreignNonce', 'replayed'] as const;

const FailureRepresentation = z
  .object({
    source: z.string().meta({ description: 'An address, or an IPv6 /64' }),
    port: z.int().meta({ description: 'Of the last attempt' }),
    transport: z.string(),
    user: z.string().meta({ description: 'The user name that was given, cut at 64 characters' }),
    kind: z.enum(kinds).meta({
      description: 'otherUser: right or wrong, but of another user than the request is from. wrongUri: for another target than the request’s. staleNonce, foreignNonce, replayed: the password was right; the phone is asked again and answers by itself',
    }),
    method: z.string(),
    count: z.int(),
    first: Instant,
    last: Instant,
  })
  .meta({ id: 'AuthenticationFailure', description: 'One source that could not prove itself under one user name. Whoever was refused was told none of it' });

const ListQuery = PageQuery.extend({ user: z.string().max(64).optional(), source: z.string().max(100).optional() });
const Cursor = z.tuple([z.int(), z.string()]);

@Controller('api/v1/security/failures')
export class AuthenticationFailuresController {
  readonly #failures: AuthenticationFailures;

  constructor(@Inject(FAILURES) failures: AuthenticationFailures) {
    this.#failures = failures;
  }

  @Operation({
    method: 'GET', path: '', id: 'listAuthenticationFailures', summary: 'Who could not sign in, the latest first',
    description: 'Since the start; of very many the longest ago are forgotten.', scope: 'read', status: 200,
    response: pageOf('AuthenticationFailure', FailureRepresentation), problems: ['invalidCursor'],
  })
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor);
    const rows = this.#failures
      .list()
      .map((row) => ({ row, name: `${row.source} ${row.kind} ${row.user}` }))
      .filter(({ row }) => (query.user === undefined || row.user === query.user) && (query.source === undefined || row.source === query.source))
      .sort((a, b) => b.row.last - a.row.last || (a.name < b.name ? -1 : 1))
      .filter(({ row, name }) => after === undefined || row.last < after[0] || (row.last === after[0] && name > after[1]));
    return page(rows, query.limit, ({ row, name }) => [row.last, name], ({ row }) => ({ ...row, first: instant(row.first), last: instant(row.last) }));
  }
}
