import { Body, Controller, Inject, Param, Query } from '@nestjs/common';
import { type Author, LiveConfiguration } from '@tipring/store';
import type { CallControl, ParkedCall } from '@tipring/telephony';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { CallAudit } from './call-audit.ts';
import { callOf, done, LegName, legOf, operationProblems } from './call-operation.ts';
import { CallRepresentation, presentCall } from './call-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { PhoneName, Phones } from './phones.ts';
import { CALLS } from './ports.ts';
import { refuse } from './problem.ts';
import { Instant, instant } from './representations.ts';

const Slot = z.string().regex(/^[0-9]{1,15}$/, 'digits');
const ParkedCallRepresentation = z
  .object({ lot: z.string(), slot: z.string(), call: z.string(), since: Instant, by: z.string().meta({ description: 'The endpoint that parked it; there it rings again after the lot’s time' }) })
  .meta({ id: 'ParkedCall', description: 'A call whose one party waits, with music, until somebody takes it' });
const Parking = z
  .strictObject({
    call: z.string().min(1).max(80),
    leg: LegName.meta({ description: 'Who parks; the other side waits' }),
    lot: z.string().min(1).max(80).meta({ description: 'Id of the parking lot' }),
    slot: Slot.optional().meta({ description: 'Left out: the first that is free' }),
  })
  .meta({ id: 'Parking' });
const BySlot = z.object({ lot: z.string().min(1).max(80), slot: Slot });
const Retrieval = z.strictObject({ by: PhoneName }).meta({ id: 'Retrieval' });
const Cursor = z.tuple([z.string(), z.string()]);

@Controller('api/v1/parked-calls')
export class ParkedCallsController {
  readonly #calls: CallControl;
  readonly #configuration: LiveConfiguration;
  readonly #phones: Phones;
  readonly #audit: CallAudit;

  constructor(@Inject(CALLS) calls: CallControl, @Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(Phones) phones: Phones, @Inject(CallAudit) audit: CallAudit) {
    this.#calls = calls;
    this.#configuration = configuration;
    this.#phones = phones;
    this.#audit = audit;
  }

  @Operation({ method: 'GET', path: '', id: 'listParkedCalls', summary: 'Who waits where', scope: 'read', status: 200, response: pageOf('ParkedCall', ParkedCallRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = cursor(query.after, Cursor);
    const isAfter = ({ lot, slot }: ParkedCall) => after === undefined || lot > after[0] || (lot === after[0] && slot > after[1]);
    const all = this.#calls.parked().filter(isAfter).sort((a, b) => (a.lot === b.lot ? (a.slot < b.slot ? -1 : 1) : a.lot < b.lot ? -1 : 1));
    return page(all, query.limit, ({ lot, slot }) => [lot, slot], present);
  }

  @Operation({ method: 'POST', path: '', id: 'parkCall', summary: 'Park a call', scope: 'act', status: 201, response: ParkedCallRepresentation, problems: [...operationProblems, 'danglingReference'] })
  park(@Body({ schema: Parking }) { call: id, leg: name, lot, slot }: z.infer<typeof Parking>, @Caller() caller: Author) {
    if (!this.#configuration.snapshot.parkingLots.has(lot)) refuse('danglingReference', 'There is no parking lot with this id. GET /api/v1/parking-lots lists them.', '/lot');
    const leg = legOf(callOf(this.#calls, id), name);
    const parked = done(this.#calls.park({ call: id, leg: leg.id, lot, ...(slot === undefined ? {} : { slot }) }));
    this.#audit.note(caller, 'park', id, { leg: leg.id, lot, slot: parked.slot });
    const kept = this.#calls.parked().find((one) => one.lot === lot && one.slot === parked.slot);
    return present(kept ?? { lot, slot: parked.slot, call: id, since: Date.now(), by: leg.endpoint });
  }

  @Operation({ method: 'POST', path: ':lot/:slot/retrievals', id: 'retrieveCall', summary: 'Take a parked call', description: 'Rings `by`; when it answers, it talks to who waits there.', scope: 'act', status: 202, response: CallRepresentation, problems: ['notFound', 'danglingReference', 'callFailed'] })
  retrieve(@Param({ schema: BySlot }) { lot, slot }: z.infer<typeof BySlot>, @Body({ schema: Retrieval }) { by }: z.infer<typeof Retrieval>, @Caller() caller: Author) {
    const parked = this.#calls.parked().find((one) => one.lot === lot && one.slot === slot);
    const call = parked === undefined ? undefined : this.#calls.call(parked.call);
    if (call === undefined) return refuse('notFound', 'Nobody waits in this slot. GET /api/v1/parked-calls lists who waits where.');
    const own = this.#phones.rings(by, '/by', call.from, slot, { call: call.id, as: { is: 'party' } });
    this.#audit.note(caller, 'retrieve', call.id, { by, lot, slot });
    return presentCall(callOf(this.#calls, own));
  }
}

function present({ since, ...parked }: ParkedCall): z.infer<typeof ParkedCallRepresentation> {
  return { ...parked, since: instant(since) };
}
