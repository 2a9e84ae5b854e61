import type { ConfigurationChange, ObjectDifference } from '@tipring/config';
import { EntitySchema } from 'typeorm';
import type { RevisionState, RevisionSummary } from '../revision.ts';

export interface RevisionRow {
  number: number;
  id: string;
  at: Date;
  actor: string;
  requestId: string | null;
  why: string | null;
  restores: number | null;
  rolledBackBy: number | null;
  confirmBy: Date | null;
  state: RevisionState;
  counts: RevisionSummary['counts'];
  objects: readonly ObjectDifference[];
  changes: readonly ConfigurationChange[];
}

export const revisionSchema = new EntitySchema<RevisionRow>({
  name: 'configurationRevision',
  tableName: 'configuration_revisions',
  columns: {
    number: { type: 'integer', primary: true, primaryKeyConstraintName: 'configuration_revisions_pk' },
    id: { type: 'text' },
    at: { type: 'timestamptz', precision: 3 },
    actor: { type: 'text' },
    requestId: { type: 'text', name: 'request_id', nullable: true },
    why: { type: 'text', nullable: true },
    restores: { type: 'integer', nullable: true },
    rolledBackBy: { type: 'integer', name: 'rolled_back_by', nullable: true },
    confirmBy: { type: 'timestamptz', precision: 3, name: 'confirm_by', nullable: true },
    state: { type: 'text' },
    counts: { type: 'jsonb' },
    // Long and seldom wanted: read on their own.
    objects: { type: 'jsonb', select: false },
    changes: { type: 'jsonb', select: false },
  },
  uniques: [{ name: 'configuration_revisions_id_unique', columns: ['id'] }],
});
