import {
  callsAffected, type ConfigurationRows, documentOf, type DocumentProblem, documentToJson, documentToYaml, eitherSealer, type Imported, type MadeSecret, type Plan, planOf,
  type Result, rowsFrom, type Sealer, type Snapshot,
} from '@tipring/config';
import { type Applied, type ApplyOptions, type Author, type ChangeFailure, type KeySealer, type LiveConfiguration, newId, passphraseOpener, passphraseSealer, type RevisionLog } from '@tipring/store';
import type { CallControl, CallView } from '@tipring/telephony';
import { digestSecrets, newPassword } from './credentials.ts';
import { readDocument } from './document-reader.ts';

/** A change that was looked at and can be made. */
export interface KeptPlan extends Plan {
  readonly id: string;
  /** Ms since the epoch. */
  readonly at: number;
  readonly by: string;
  /** The newest revision when it was made; 0: there was none. */
  readonly revision: number;
  readonly callsAffected: readonly CallView[];
}

interface WholePlan extends KeptPlan {
  readonly base: Snapshot;
  readonly rows: ConfigurationRows;
  readonly madeSecrets: readonly MadeSecret[];
}

interface Given {
  readonly document: unknown;
  readonly sealer: Sealer;
}

/** The configuration is no longer the one that was planned from. */
export interface StalePlan {
  readonly code: 'stalePlan';
  readonly pointer: '';
  readonly hint: string;
}

export interface AppliedDocument extends Applied {
  /** Passwords that were made; not to be had again. */
  readonly madeSecrets: readonly MadeSecret[];
}

export interface ConfigurationPlansPorts {
  readonly configuration: LiveConfiguration;
  readonly revisions: Pick<RevisionLog, 'latest'>;
  readonly sealer: KeySealer;
  readonly calls: Pick<CallControl, 'calls'>;
  /** Of a country. */
  readonly emergencyNumbers: (country: string) => readonly string[];
  /** Ms since the epoch. */
  readonly wallClock: () => number;
}

/** Documents that come and go: read, planned, applied, written. Of plans the last fifty are kept, in memory, for an hour. */
export class ConfigurationPlans {
  readonly #ports: ConfigurationPlansPorts;
  readonly #plans = new Map<string, WholePlan>();

  constructor(ports: ConfigurationPlansPorts) {
    this.#ports = ports;
  }

  /** What the document would change. Rejects when the database cannot be reached. */
  async plan(document: unknown, passphrase: string | undefined, author: Author): Promise<Result<KeptPlan, DocumentProblem>> {
    const { configuration, revisions, wallClock } = this.#ports;
    const given = await this.#given(document, passphrase);
    if (!given.ok) return given;
    const revision = (await revisions.latest({ limit: 1 }))[0]?.number ?? 0;
    const base = configuration.snapshot;
    const read = this.#read(given.value, base);
    if (!read.ok) return read;
    const { rows, madeSecrets } = read.value;
    const plan: WholePlan = { id: newId('pln'), at: wallClock(), by: author.actor, revision, base, rows, madeSecrets, ...this.#look(base, read.value.snapshot) };
    this.#forget();
    this.#plans.set(plan.id, plan);
    return { ok: true, value: plan };
  }

  find(id: string): KeptPlan | undefined {
    this.#forget();
    return this.#plans.get(id);
  }

  /** undefined: no such plan (any more). One that was applied is applied once. */
  async apply(id: string, author: Author, options: ApplyOptions): Promise<Result<AppliedDocument, ChangeFailure | StalePlan> | undefined> {
    this.#forget();
    const plan = this.#plans.get(id);
    if (plan === undefined) return undefined;
    const { configuration } = this.#ports;
    const outcome = await configuration.apply<StalePlan>((now) => (now === plan.base ? { ok: true, value: plan.rows } : { ok: false, problems: [stale] }), author, options);
    if (!outcome.ok) return outcome;
    this.#plans.delete(id);
    return { ok: true, value: { ...outcome.value, madeSecrets: plan.madeSecrets } };
  }

  /** Plan and application in one: what the document says holds, whatever held before. */
  async replace(document: unknown, passphrase: string | undefined, author: Author, options: ApplyOptions): Promise<Result<AppliedDocument & Plan, ChangeFailure | DocumentProblem>> {
    const given = await this.#given(document, passphrase);
    if (!given.ok) return given;
    let made: readonly MadeSecret[] = [];
    let plan: Plan = { objects: [], warnings: [] };
    const outcome = await this.#ports.configuration.apply<DocumentProblem>((now) => {
      const read = this.#read(given.value, now);
      if (!read.ok) return read;
      made = read.value.madeSecrets;
      plan = this.#look(now, read.value.snapshot);
      return { ok: true, value: read.value.rows };
    }, author, options);
    return outcome.ok ? { ok: true, value: { ...outcome.value, ...plan, madeSecrets: made } } : outcome;
  }

  /** Secrets sealed by this system’s key, or by the passphrase: then any system can open them that is told it. */
  async written(as: 'yaml' | 'json', passphrase: string | undefined): Promise<string> {
    const { configuration, sealer } = this.#ports;
    const document = documentOf(configuration.snapshot, passphrase === undefined ? sealer : await passphraseSealer(passphrase, sealer.salt));
    return as === 'yaml' ? documentToYaml(document) : documentToJson(document);
  }

  #look(base: Snapshot, after: Snapshot): Plan & { readonly callsAffected: readonly CallView[] } {
    const { calls, emergencyNumbers, wallClock } = this.#ports;
    const plan = planOf(base, after, { now: new Date(wallClock()).toISOString(), emergencyNumbers });
    return { ...plan, callsAffected: callsAffected(plan.objects, calls.calls()) };
  }

  /** The document as a value, and who opens what is sealed in it. */
  async #given(document: unknown, passphrase: string | undefined): Promise<Result<Given, DocumentProblem>> {
    const read = typeof document === 'string' ? await readDocument(document) : ({ ok: true, value: document } as const);
    return read.ok ? { ok: true, value: { document: read.value, sealer: await this.#opener(document, passphrase) } } : read;
  }

  #read({ document, sealer }: Given, now: Snapshot): Result<Imported, DocumentProblem> {
    return rowsFrom(document, now, { newId, now: new Date(this.#ports.wallClock()).toISOString(), sealer, digestSecrets, newPassword });
  }

  async #opener(document: unknown, passphrase: string | undefined): Promise<Sealer> {
    const { sealer } = this.#ports;
    if (passphrase === undefined) return sealer;
    return eitherSealer(sealer, await passphraseOpener(passphrase, typeof document === 'string' ? document : JSON.stringify(document)));
  }

  #forget(): void {
    const oldest = this.#ports.wallClock() - KEPT_MS;
    for (const [id, { at }] of this.#plans) if (at < oldest || this.#plans.size > KEPT) this.#plans.delete(id);
  }
}

const stale: StalePlan = { code: 'stalePlan', pointer: '', hint: 'Somebody changed the configuration since. Plan again, look at what is different now, and apply that.' };
const KEPT = 50;
const KEPT_MS = 3_600_000;
