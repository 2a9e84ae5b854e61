import type pg from 'pg';
import type { GreetingKind, VoicemailMessage } from './voicemail-message.ts';

/** Each change makes it one higher: whatever is read or saved twice, the highest holds. */
interface Revised {
  readonly revision: number;
}

/** As it is written: with those that are gone. */
export type KeptMessage = VoicemailMessage & Revised & { readonly isRemoved: boolean };

/** `file` null: the usual one. */
export interface KeptGreeting extends Revised {
  readonly box: string;
  readonly kind: GreetingKind;
  readonly file: string | null;
}

/** Undefined: there is none, or it was removed. */
export async function loadMessage(pool: pg.Pool, id: string): Promise<VoicemailMessage | undefined> {
  return (await pool.query<KeptMessage>(`${selectMessages} WHERE id = $1 AND NOT is_removed`, [id])).rows[0];
}

export async function loadMessages(pool: pg.Pool): Promise<{ readonly messages: readonly KeptMessage[]; readonly greetings: readonly KeptGreeting[] }> {
  const [messages, greetings] = await Promise.all([pool.query<KeptMessage>(selectMessages), pool.query<KeptGreeting>(selectGreetings)]);
  return { messages: messages.rows, greetings: greetings.rows };
}

/** `payloads`: JSON of either; a greeting has a kind. */
export async function saveMessages(pool: pg.Pool, payloads: readonly string[]): Promise<void> {
  const isGreeting = (payload: string): boolean => 'kind' in (JSON.parse(payload) as object);
  const [greetings, messages] = [payloads.filter(isGreeting), payloads.filter((payload) => !isGreeting(payload))];
  if (messages.length > 0) await pool.query({ name: 'voicemail-messages', text: upsertMessages, values: [`[${messages.join(',')}]`] });
  if (greetings.length > 0) await pool.query({ name: 'voicemail-greetings', text: upsertGreetings, values: [`[${greetings.join(',')}]`] });
}

const selectMessages = `SELECT id, box_id AS box, file, caller AS "from", (extract(epoch FROM received_at) * 1000)::float8 AS at, duration_ms AS ms, is_urgent AS "isUrgent", is_heard AS "isHeard",
    forwarded_by AS "forwardedBy", (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt", is_removed AS "isRemoved", revision
  FROM voicemail_messages`;

const selectGreetings = 'SELECT box_id AS box, kind, file, revision FROM voicemail_greetings';

/** Of several states of one message the newest; that somebody may get mail of it is told in the same transaction. */
const upsertMessages = `WITH given AS (
    SELECT DISTINCT ON (id) * FROM jsonb_to_recordset($1::jsonb) AS message(id text, box text, file text, "from" jsonb, at float8, ms integer, "isUrgent" boolean, "isHeard" boolean, "forwardedBy" text, "changedAt" float8, "isRemoved" boolean, revision integer)
    ORDER BY id, revision DESC),
  written AS (
    INSERT INTO voicemail_messages AS standing (id, box_id, file, caller, received_at, duration_ms, is_urgent, is_heard, forwarded_by, changed_at, is_removed, revision)
    SELECT id, box, file, "from", to_timestamp(at / 1000), ms, "isUrgent", "isHeard", "forwardedBy", to_timestamp("changedAt" / 1000), "isRemoved", revision FROM given
    ON CONFLICT (id) DO UPDATE SET is_heard = excluded.is_heard, changed_at = excluded.changed_at, is_removed = excluded.is_removed, revision = excluded.revision WHERE standing.revision < excluded.revision
    RETURNING id, box_id, is_removed, xmax = 0 AS is_first)
  INSERT INTO outbox (kind, payload, created_at) SELECT 'voicemailMessage', jsonb_build_object('id', id, 'box', box_id), now() FROM written WHERE is_first AND NOT is_removed`;

const upsertGreetings = `INSERT INTO voicemail_greetings AS standing (box_id, kind, file, revision)
    SELECT DISTINCT ON (box, kind) box, kind, file, revision FROM jsonb_to_recordset($1::jsonb) AS greeting(box text, kind text, file text, revision integer) ORDER BY box, kind, revision DESC
  ON CONFLICT (box_id, kind) DO UPDATE SET file = excluded.file, revision = excluded.revision WHERE standing.revision < excluded.revision`;
