import type { Snapshot } from '@tipring/config';
import type { MailServerSettings } from '@tipring/jobs';

/** Of the configuration what late work needs, as plain data: secrets are open in it, and the thread has no key. */
export interface LateOffice {
  readonly timeZone: string;
  /** null: no mail is sent. */
  readonly mail: MailServerSettings | null;
  /** By id; those whose owners get no mail are not among them. */
  readonly mailedBoxes: Readonly<Record<string, MailedBox>>;
  /** null: for ever. */
  readonly recordingsKeepDays: number | null;
  /** Those that are enabled. */
  readonly webhooks: readonly ToldWebhook[];
}

export interface ToldWebhook {
  readonly id: string;
  readonly key: string;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
  /** Ms since the epoch: what was before is none of its business. */
  readonly since: number;
}

export interface MailedBox {
  readonly name: string;
  readonly language: string;
  readonly to: readonly string[];
  readonly attaches: boolean;
  /** What was mailed is taken out of the box. */
  readonly deletes: boolean;
}

export function lateOffice({ settings, voicemailBoxes, webhooks }: Snapshot): LateOffice {
  const mailed = [...voicemailBoxes.values()].flatMap(({ id, displayName, language, mail }): [string, MailedBox][] =>
    mail === null ? [] : [[id, { name: displayName, language: language ?? settings.voice.language, ...mail }]],
  );
  const told = [...webhooks.values()].flatMap(({ id, key, url, secret, events, isEnabled, createdAt }) => (isEnabled ? [{ id, key, url, secret, events, since: Date.parse(createdAt) }] : []));
  return { timeZone: settings.site.timeZone, mail: settings.mail, mailedBoxes: Object.fromEntries(mailed), recordingsKeepDays: settings.recording.keepDays, webhooks: told };
}

/** For the event log: what the webhooks of this configuration want, as LIKE has it. */
export function wantedEvents({ webhooks }: Snapshot): readonly string[] {
  return [...new Set([...webhooks.values()].flatMap(({ isEnabled, events }) => (isEnabled ? events.map((pattern) => pattern.replace('*', '%')) : [])))];
}
