import type { RunningPbx } from '../../testbed/pbx.ts';
import { allRecords, type RecordView } from '../../testbed/records.ts';
import { waitFor } from '../wait-for.ts';

/** The record of a call whose legs are named so (Call-ID, or card/port), begun at `since` or later; once it is written. */
export function recordOf(pbx: RunningPbx, references: readonly string[], since: Date): Promise<RecordView> {
  // Our clock and the controller's are the same, but not what they are read for.
  const earliest = since.getTime() - 500;
  return waitFor(`the record of ${references.join(' and ')}`, async () => {
    // PostgreSQL may just be coming back.
    const records = await allRecords(pbx, new Date(earliest)).catch(() => []);
    return records.find(({ startedAt, legs }) => Date.parse(startedAt) >= earliest && references.every((reference) => legs.some((leg) => leg.reference === reference)));
  });
}
