import { buildSnapshot, type Extension, type Kind, kinds, emptyRows, firstSettings, saidOf, type Snapshot, type VoicemailBox } from '@tipring/config';
import { ApplicationBed, localOf } from './application-bed.ts';
import type { Changed, ExtensionPatch, OfficeChanges } from './office-changes.ts';
import { FakeMessages } from './voicemail/fake-messages.ts';
import { Mailboxes } from './voicemail/mailboxes.ts';

type Said = Readonly<Record<string, unknown>>;

/** A configuration of what is said, the rest as it usually is; for tests. */
export function officeOf(rows: { readonly [Of in Kind]?: readonly Said[] }): Snapshot {
  const made = { version: 1, createdAt: '2026-11-23T09:00:00Z', updatedAt: '2026-11-23T09:00:00Z' };
  const all: Record<string, unknown> = { ...emptyRows(firstSettings('bed', made.createdAt)) };
  for (const [kind, said] of Object.entries(rows) as [Kind, readonly Said[]][]) all[kinds[kind].rows] = said.map(({ ha1, ...one }) => ({ id: idOf(String(one['key'])), ...saidOf(kind).parse(one), ...(ha1 === undefined ? {} : { ha1 }), ...made }));
  const built = buildSnapshot(all as unknown as Parameters<typeof buildSnapshot>[0]);
  if (!built.ok) throw new Error(JSON.stringify(built));
  return built.value;
}

/** Of a row, by its key. */
export function idOf(key: string): string {
  return `row_${key.replaceAll('-', '').padEnd(20, '0')}`;
}

/** Applications in an office whose configuration people change by telephone; for tests. */
export class OfficeBed extends ApplicationBed implements OfficeChanges {
  readonly messages = new FakeMessages(this.players.files);
  readonly mailboxes: Mailboxes;
  /** What the next change comes to. */
  changed: Changed = { ok: true };
  snapshot: Snapshot;
  #rows: { readonly [Of in Kind]?: readonly Said[] };

  constructor(rows: { readonly [Of in Kind]?: readonly Said[] } = usualOffice) {
    super();
    this.#rows = rows;
    this.snapshot = madeOnce.get(rows) ?? officeOf(rows);
    madeOnce.set(rows, this.snapshot);
    const clock = { now: () => this.surroundings.clock.now(), local: localOf };
    this.mailboxes = new Mailboxes({ snapshot: () => this.snapshot, messages: this.messages, changes: this, clock });
  }

  changeExtension(id: string, patch: ExtensionPatch, done: (changed: Changed) => void): void {
    this.#change('extension', id, patch, done);
  }

  changeVoicemailBox(id: string, patch: Partial<Pick<VoicemailBox, 'pin'>>, done: (changed: Changed) => void): void {
    this.#change('voicemailBox', id, patch, done);
  }

  extension(number: string): Extension {
    return [...this.snapshot.extensions.values()].find((one) => one.number === number)!;
  }

  /** The database takes a moment. */
  #change(kind: 'extension' | 'voicemailBox', id: string, patch: Said, done: (changed: Changed) => void): void {
    this.timers.start(5, () => {
      if (this.changed.ok) {
        this.#rows = { ...this.#rows, [kind]: (this.#rows[kind] ?? []).map((row) => (idOf(String(row['key'])) === id ? { ...row, ...patch } : row)) };
        this.snapshot = officeOf(this.#rows);
      }
      done(this.changed);
    });
  }
}

/** Most tests change nothing of it. */
const madeOnce = new WeakMap<object, Snapshot>();

export const usualOffice = {
  voicemailBox: [
    { key: 'ann', displayName: 'Ann', pin: '2580', number: '8105' },
    { key: 'bob', displayName: 'Bob', pin: null, operator: { type: 'extension', id: idOf('desk') } },
  ],
  extension: [
    { key: 'anna', number: '105', displayName: 'Ann Arbor', voicemailBoxId: idOf('ann') },
    { key: 'bert', number: '106', displayName: 'Bob Müller', voicemailBoxId: idOf('bob') },
    { key: 'desk', number: '100', displayName: 'Front Desk' },
  ],
} as const satisfies { readonly [Of in Kind]?: readonly Said[] };
