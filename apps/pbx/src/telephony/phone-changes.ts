import type { Changed, ExtensionPatch, OfficeChanges } from '@tipring/app-endpoint';
import { type ConfigurationRows, rowsOf, type Snapshot, type VoicemailBox } from '@tipring/config';
import type { Author, LiveConfiguration } from '@tipring/store';

/** The configuration, changed by telephone: the same path as every change, with the extension as its author. */
export class PhoneChanges implements OfficeChanges {
  readonly #configuration: Pick<LiveConfiguration, 'change' | 'snapshot'>;
  readonly #now: () => Date;

  constructor(configuration: Pick<LiveConfiguration, 'change' | 'snapshot'>, now: () => Date) {
    this.#configuration = configuration;
    this.#now = now;
  }

  changeExtension(id: string, patch: ExtensionPatch, done: (changed: Changed) => void): void {
    this.#change('extensions', id, patch, `phone:${this.#configuration.snapshot.extensions.get(id)?.number ?? id}`, done);
  }

  changeVoicemailBox(id: string, patch: Partial<Pick<VoicemailBox, 'pin'>>, done: (changed: Changed) => void): void {
    this.#change('voicemailBoxes', id, patch, `phone:${this.#configuration.snapshot.voicemailBoxes.get(id)?.key ?? id}`, done);
  }

  #change(rows: 'extensions' | 'voicemailBoxes', id: string, patch: object, actor: string, done: (changed: Changed) => void): void {
    const author: Author = { actor, requestId: null };
    const edit = (now: Snapshot) => ({ ok: true as const, value: patched(now, rows, id, patch, this.#now()) });
    if (!this.#configuration.snapshot[rows].has(id)) return done({ ok: false, why: 'notFound', text: `there is no ${id}` });
    this.#configuration.change(edit, author).then(
      (outcome) => done(outcome.ok ? { ok: true } : { ok: false, why: 'invalid', text: outcome.problems[0]?.hint ?? 'it is refused' }),
      (error: unknown) => done({ ok: false, why: 'failed', text: String(error) }),
    );
  }
}

function patched(now: Snapshot, name: 'extensions' | 'voicemailBoxes', id: string, patch: object, at: Date): ConfigurationRows {
  const rows = rowsOf(now);
  const changed = (rows[name] as readonly { readonly id: string; readonly version: number }[]).map((row) => (row.id === id ? { ...row, ...patch, version: row.version + 1, updatedAt: at.toISOString() } : row));
  return { ...rows, [name]: changed };
}
