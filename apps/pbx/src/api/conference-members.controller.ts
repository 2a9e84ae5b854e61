import { Body, Controller, Inject, Param, Query } from '@nestjs/common';
import type { ConferenceView } from '@tipring/app-endpoint';
import { type Author, LiveConfiguration } from '@tipring/store';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { CallAudit } from './call-audit.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { CONFERENCES, type LiveConferences } from './ports.ts';
import { refuse } from './problem.ts';
import { Instant, instant } from './representations.ts';

const ById = z.object({ id: z.string().min(1).max(80) });
const ByLeg = ById.extend({ leg: z.string().min(1).max(120).meta({ description: 'Its leg when it came, as the list has it' }) });
const MemberRepresentation = z
  .object({
    leg: z.string(), number: z.string(), name: z.string().nullable(), role: z.enum(['participant', 'moderator']), isMuted: z.boolean(), since: Instant,
    isWaiting: z.boolean().meta({ description: 'For a moderator, with music' }),
  })
  .meta({ id: 'ConferenceMember', description: 'One who is in a conference' });
const MemberChange = z.strictObject({ isMuted: z.boolean() }).meta({ id: 'ConferenceMemberChange' });
const RecordingState = z.strictObject({ isRecorded: z.boolean() }).meta({ id: 'ConferenceRecording', description: 'All members hear when it begins and ends' });
const Cursor = z.tuple([z.string()]);

/** Who is in a conference now, and what can be done with them. */
@Controller('api/v1/conferences')
export class ConferenceMembersController {
  readonly #conferences: LiveConferences;
  readonly #configuration: LiveConfiguration;
  readonly #audit: CallAudit;

  constructor(@Inject(CONFERENCES) conferences: LiveConferences, @Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(CallAudit) audit: CallAudit) {
    this.#conferences = conferences;
    this.#configuration = configuration;
    this.#audit = audit;
  }

  @Operation({ method: 'GET', path: ':id/members', id: 'listConferenceMembers', summary: 'Who is in the conference', scope: 'read', status: 200, response: pageOf('ConferenceMember', MemberRepresentation), problems: ['notFound', 'invalidCursor'] })
  list(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: PageQuery }) { limit, after }: z.infer<typeof PageQuery>) {
    const [from] = cursor(after, Cursor) ?? [''];
    const members = [...(this.#view(id)?.members ?? [])].sort((a, b) => (a.leg < b.leg ? -1 : 1)).filter(({ leg }) => leg > from);
    return page(members, limit, ({ leg }) => [leg], presentMember);
  }

  @Operation({ method: 'PATCH', path: ':id/members/:leg', id: 'muteConferenceMember', summary: 'Mute a member, or let it be heard again', description: 'It is told so, out of the room.', scope: 'act', status: 200, response: MemberRepresentation, problems: ['notFound'] })
  mute(@Param({ schema: ByLeg }) { id, leg }: z.infer<typeof ByLeg>, @Body({ schema: MemberChange }) { isMuted }: z.infer<typeof MemberChange>, @Caller() caller: Author): z.infer<typeof MemberRepresentation> {
    this.#member(id, leg);
    this.#conferences.mute(id, leg, isMuted);
    this.#audit.note(caller, isMuted ? 'muteMember' : 'unmuteMember', callOf(leg), { conference: id, leg });
    return presentMember(this.#member(id, leg));
  }

  @Operation({ method: 'DELETE', path: ':id/members/:leg', id: 'removeConferenceMember', summary: 'Remove a member', description: 'It is told so, and its call ends.', scope: 'act', status: 204, problems: ['notFound'] })
  remove(@Param({ schema: ByLeg }) { id, leg }: z.infer<typeof ByLeg>, @Caller() caller: Author): void {
    this.#member(id, leg);
    this.#conferences.remove(id, leg);
    this.#audit.note(caller, 'removeMember', callOf(leg), { conference: id, leg });
  }

  @Operation({ method: 'GET', path: ':id/recording', id: 'getConferenceRecording', summary: 'Whether the conference is recorded', scope: 'read', status: 200, response: RecordingState, problems: ['notFound'] })
  recording(@Param({ schema: ById }) { id }: z.infer<typeof ById>): z.infer<typeof RecordingState> {
    return { isRecorded: this.#view(id)?.isRecorded ?? false };
  }

  @Operation({ method: 'PUT', path: ':id/recording', id: 'recordConference', summary: 'Begin or end the recording', scope: 'act', status: 200, response: RecordingState, problems: ['notFound', 'wrongState'] })
  record(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: RecordingState }) { isRecorded }: z.infer<typeof RecordingState>, @Caller() caller: Author): z.infer<typeof RecordingState> {
    const [first] = this.#view(id)?.members ?? [];
    if (first === undefined) return refuse('wrongState', 'Nobody is in this conference.');
    this.#conferences.record(id, isRecorded ? 'started' : 'stopped');
    this.#audit.note(caller, isRecorded ? 'recordConference' : 'endConferenceRecording', callOf(first.leg), { conference: id });
    return { isRecorded };
  }

  /** Undefined: nobody is in it. */
  #view(id: string): ConferenceView | undefined {
    if (!this.#configuration.snapshot.conferences.has(id)) refuse('notFound', 'There is no conference with this id. GET /api/v1/conferences lists them.');
    return this.#conferences.views().find(({ conference }) => conference === id);
  }

  #member(id: string, leg: string): ConferenceView['members'][number] {
    return this.#view(id)?.members.find((member) => member.leg === leg) ?? refuse('notFound', `Nobody in this conference is ${leg}. GET /api/v1/conferences/${encodeURIComponent(id)}/members lists who is.`);
  }
}

/** In which its leg came. */
function callOf(leg: string): string {
  return leg.slice(0, Math.max(0, leg.lastIndexOf('.')));
}

function presentMember({ leg, party, role, isMuted, isWaiting, since }: ConferenceView['members'][number]): z.infer<typeof MemberRepresentation> {
  return { leg, number: party.number, name: party.name ?? null, role, isMuted, isWaiting, since: instant(since) };
}
