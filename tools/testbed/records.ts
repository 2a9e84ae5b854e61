import type { RunningPbx } from './pbx.ts';

/** What benches and tests read of a call record. */
export interface RecordView {
  readonly id: string;
  readonly startedAt: string;
  readonly from: { readonly number: string; readonly name?: string };
  readonly to: string;
  readonly cause: string;
  readonly recovered: boolean;
  readonly answeredAt: string | null;
  readonly evidence: { readonly kind: string; readonly text: string };
  /** In their order. */
  readonly attempts: readonly { readonly cause: string; readonly evidence: { readonly text: string }; readonly answeredAt: string | null }[];
  readonly segments: readonly { readonly is: string; readonly legs: readonly string[]; readonly recordings: readonly { readonly file: string; readonly ms: number }[] }[];
  readonly legs: readonly {
    readonly role: 'caller' | 'called';
    readonly reference: string;
    readonly cause: string | null;
    readonly evidence: { readonly kind: string; readonly text: string } | null;
    readonly quality: { readonly packetsReceived: number; readonly packetsSent: number; readonly packetsLost: number } | null;
  }[];
}

/** Every record through the REST API, page by page. */
export async function allRecords(pbx: RunningPbx, since?: Date): Promise<RecordView[]> {
  const records: RecordView[] = [];
  const from = since === undefined ? '' : `&since=${encodeURIComponent(since.toISOString())}`;
  for (let after = ''; ; ) {
    const { items, next } = await pbx.api<{ items: RecordView[]; next: string | null }>('GET', `/call-records?limit=500${from}${after}`);
    records.push(...items);
    if (next === null) return records;
    after = `&after=${next}`;
  }
}

/** Records by the Call-ID of the caller's leg. */
export function byCaller(records: readonly RecordView[]): ReadonlyMap<string, readonly RecordView[]> {
  const found = new Map<string, RecordView[]>();
  for (const record of records) {
    const reference = record.legs.find((leg) => leg.role === 'caller')?.reference ?? '';
    const same = found.get(reference);
    if (same === undefined) found.set(reference, [record]);
    else same.push(record);
  }
  return found;
}

/** Waits until each of these Call-IDs has its record, as far as that happens in time; resolves with all records by Call-ID. */
export async function recordsOf(pbx: RunningPbx, callIds: readonly string[], timeoutMs = 20_000): Promise<ReadonlyMap<string, readonly RecordView[]>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    // PostgreSQL may just be coming back.
    const found = await allRecords(pbx).then(byCaller, () => undefined);
    if (found !== undefined && (callIds.every((id) => found.has(id)) || performance.now() > end)) return found;
    if (performance.now() > end + 10_000) throw new Error('the call records cannot be read');
    await new Promise((resume) => setTimeout(resume, 250));
  }
}
