import { kindNames, type ObjectDifference, type Plan } from '@tipring/config';
import type { Revision, RevisionSummary } from '@tipring/store';
import { z } from 'zod';
import type { AppliedDocument, KeptPlan } from '../configuration-plans.ts';
import { CallRepresentation, presentCall } from './call-representations.ts';
import { Instant, instant } from './representations.ts';

const Field = z.object({
  path: z.string().meta({ description: 'JSON Pointer into the object as the document has it', examples: ['/limits/total'] }),
  before: z.unknown().optional().meta({ description: 'Absent: it was not there. A secret is `(secret)`' }),
  after: z.unknown().optional(),
  isSecret: z.literal(true).optional(),
});

const DifferenceRepresentation = z
  .object({
    kind: z.enum([...kindNames, 'settings']),
    id: z.string().nullable(),
    key: z.string(),
    displayName: z.string(),
    change: z.enum(['added', 'removed', 'changed']),
    fields: z.array(Field).meta({ description: 'References by key; of what is added all that is not usual, of what is removed nothing' }),
  })
  .meta({ id: 'ObjectDifference', description: 'What is different of one object' });

const WarningRepresentation = z
  .object({
    code: z.string().meta({ examples: ['noWayForEmergencies', 'neverReached'] }),
    pointer: z.string().meta({ description: 'JSON Pointer into the document' }),
    hint: z.string(),
    isNew: z.boolean().meta({ description: 'The change brings it about' }),
  })
  .meta({ id: 'ConfigurationWarning', description: 'Something that is allowed and probably not meant' });

const planned = { changes: z.array(DifferenceRepresentation), warnings: z.array(WarningRepresentation) };

export const PlanRepresentation = z
  .object({
    id: z.string(),
    at: Instant,
    by: z.string(),
    revision: z.int().meta({ description: 'The newest one when it was made. Once there is a newer one, the plan cannot be applied any more' }),
    ...planned,
    callsAffected: z.array(CallRepresentation).meta({ description: 'Calls over something that is changed or removed. They go on' }),
  })
  .meta({ id: 'ConfigurationPlan', description: 'What a document would change; kept for an hour' });

const DocumentCredentials = z
  .array(z.object({ deviceId: z.string(), key: z.string(), username: z.string(), realm: z.string(), password: z.string() }))
  .nullable()
  .meta({ description: 'Passwords that were made for devices that had none. Shown this once' });

const applied = {
  revision: z.int().nullable().meta({ description: 'null: nothing was different' }),
  confirmBy: Instant.nullable().meta({ description: 'Unless it is confirmed by then it goes back by itself; null: it stands' }),
  credentials: DocumentCredentials,
};

export const ApplicationRepresentation = z.object(applied).meta({ id: 'ConfigurationApplication' });
export const ReplacementRepresentation = z.object({ ...applied, ...planned }).meta({ id: 'ConfigurationReplacement' });

export const ApplicationCreation = z
  .strictObject({
    confirmWithinS: z.int().min(10).max(604_800).optional().meta({ description: 'Seconds. It goes back by itself unless it is confirmed within that time' }),
    why: z.string().trim().min(1).max(1_000).optional().meta({ description: 'Kept with the revision' }),
  })
  .default({})
  .meta({ id: 'ConfigurationApplicationCreation' });

const Summary = z.object({
  number: z.int(),
  at: Instant,
  actor: z.string().meta({ description: 'An API key’s id, or `system`' }),
  requestId: z.string().nullable(),
  why: z.string().nullable(),
  restores: z.int().nullable().meta({ description: 'Of a rollback: the revision whose configuration it put back in force; 0: that before the first' }),
  rolledBackBy: z.int().nullable(),
  confirmBy: Instant.nullable(),
  state: z.enum(['applied', 'confirmed', 'rolledBack']).meta({ description: 'applied: in force until `confirmBy`, and then undone unless it was confirmed' }),
  counts: z.object({ added: z.int(), changed: z.int(), removed: z.int() }),
});
export const RevisionSummaryRepresentation = Summary.meta({ id: 'RevisionSummary', description: 'One change of the configuration; also that of a single row is one' });
export const RevisionRepresentation = Summary.extend({ changes: z.array(DifferenceRepresentation) }).meta({ id: 'Revision' });

export function presentPlan({ id, at, by, revision, callsAffected, ...plan }: KeptPlan): z.infer<typeof PlanRepresentation> {
  return { id, at: instant(at), by, revision, ...presentPlanned(plan), callsAffected: callsAffected.map(presentCall) };
}

export function presentPlanned({ objects, warnings }: Plan) {
  return { changes: objects.map(presentDifference), warnings: warnings.map(({ code, pointer, hint, isNew }) => ({ code, pointer, hint, isNew })) };
}

export function presentApplied({ revision, confirmBy, madeSecrets }: AppliedDocument): z.infer<typeof ApplicationRepresentation> {
  return { revision, confirmBy, credentials: madeSecrets.map(({ id, key, username, realm, password }) => ({ deviceId: id, key, username, realm, password })) };
}

export function presentRevisionSummary(revision: RevisionSummary): z.infer<typeof RevisionSummaryRepresentation> {
  const { number, at, actor, requestId, why, restores, rolledBackBy, confirmBy, state, counts } = revision;
  return { number, at, actor, requestId, why, restores, rolledBackBy, confirmBy, state, counts };
}

export function presentRevision(revision: Revision): z.infer<typeof RevisionRepresentation> {
  return { ...presentRevisionSummary(revision), changes: revision.objects.map(presentDifference) };
}

function presentDifference({ fields, ...object }: ObjectDifference): z.infer<typeof DifferenceRepresentation> {
  return { ...object, fields: fields.map((field) => ({ ...field })) };
}
