import type { Device, DigestSecrets } from '../device.ts';
import { DigestSecrets as Digests } from '../device.ts';
import type { Kind, RowOf } from '../kinds.ts';
import type { Reading } from './form.ts';
import type { DocumentProblem } from './problem.ts';
import { isSealed, type Sealer } from './sealer.ts';

/** What a document’s reading needs of the world. */
export interface DocumentTools {
  /** A new id of a kind: `ext` → `ext_…`. */
  newId(prefix: string): string;
  /** The instant of the change, ISO 8601. */
  readonly now: string;
  readonly sealer: Sealer;
  /** RFC 7616 3.4.2. */
  digestSecrets(username: string, realm: string, password: string): DigestSecrets;
  /** A random password that a person can type. */
  newPassword(): string;
}

/** A password that was made because a device had none: shown this once. */
export interface MadeSecret {
  readonly kind: 'device';
  readonly id: string;
  readonly key: string;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
}

interface Realms {
  readonly realm: string;
  /** By which the digests of the present configuration were hashed. */
  readonly realmBefore: string;
}

interface Holder {
  readonly id: string;
  readonly key: string;
  readonly pointer: string;
  readonly current: RowOf<Kind> | undefined;
}

/** Opens, takes, keeps and makes the secrets of one document. */
export class SecretsOfDocument {
  readonly #tools: DocumentTools;
  readonly #problems: DocumentProblem[];
  readonly #realms: Realms;
  readonly #made: MadeSecret[] = [];

  constructor(tools: DocumentTools, problems: DocumentProblem[], realms: Realms) {
    this.#tools = tools;
    this.#problems = problems;
    this.#realms = realms;
  }

  get made(): readonly MadeSecret[] {
    return this.#made;
  }

  of(holder: Holder): Pick<Reading, 'secret' | 'digests'> {
    const tell = (code: DocumentProblem['code'], place: string, hint: string) => void this.#problems.push({ code, pointer: holder.pointer + place, hint });
    return {
      secret: (given, context, schema, kept, place) => {
        if (given === undefined && kept === undefined) tell('missing', place, 'There is none yet that could stay: write it.');
        if (given === undefined) return kept ?? '';
        const text = isSealed(given) ? this.#tools.sealer.open(given, context) : given;
        if (text === undefined) tell('sealedElsewhere', place, sealedElsewhere);
        const read = schema.safeParse(text);
        // The message of the schema, never the text.
        if (text !== undefined && !read.success) tell('invalidValue', place, `It must be ${read.error.issues[0]?.message ?? 'of another form'}.`);
        return text ?? '';
      },
      digests: (given, username) => this.#digests(given, username, holder, tell),
    };
  }

  #digests(given: string | undefined, username: string, { id, key, current }: Holder, tell: (code: DocumentProblem['code'], place: string, hint: string) => void): DigestSecrets {
    const { realm, realmBefore } = this.#realms;
    if (given === undefined) {
      const device = current as Device | undefined;
      // The digests have the user name and the realm in them.
      if (device !== undefined && device.username === username && realm === realmBefore) return device.ha1;
      const password = this.#tools.newPassword();
      this.#made.push({ kind: 'device', id, key, username, realm, password });
      return this.#tools.digestSecrets(username, realm, password);
    }
    if (!isSealed(given)) return this.#tools.digestSecrets(username, realm, given);
    const [ofRealm, ofUsername, MD5, sha256] = this.#tools.sealer.open(given, 'device')?.split('\n') ?? [];
    const digests = Digests.safeParse({ MD5, 'SHA-256': sha256 });
    if (!digests.success) tell('sealedElsewhere', '/password', sealedElsewhere);
    else if (ofUsername !== username || ofRealm !== realm) tell('contradiction', '/password', `It was sealed for the user name ${ofUsername} in the realm ${ofRealm}, which are part of the password’s hash. Leave it out for a new one, or write one.`);
    return digests.data ?? none;
  }
}

const sealedElsewhere =
  'It was sealed by another system, or for something else. Export there with a passphrase and give that passphrase with the import; or write the secret plain; or leave it out, and what there is stays.';
const none: DigestSecrets = { MD5: '', 'SHA-256': '' };
