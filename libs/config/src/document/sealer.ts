/**
 * Makes a secret fit to stand in a document, and reads it again. Pure rooms have no cryptography: libs/store has it.
 * Deterministic: the same text in the same context is the same sealed string, so that an export of the same configuration is the same file.
 */
export interface Sealer {
  /** What comes begins with `sealed:`. */
  seal(text: string, context: SecretContext): string;
  /** undefined: sealed with another key, for another context, or damaged. */
  open(sealed: string, context: SecretContext): string | undefined;
}

/**
 * What kind of secret it is. Which object it belongs to is not part of it: whoever gives a trunk another key, or copies it to begin
 * a second one, copies its sealed password along.
 */
export type SecretContext = 'device' | 'trunk' | 'pin' | 'mail' | 'webhook';

/** Seals with the first, opens with whichever can: an import may hold what this system sealed and what a passphrase did. */
export function eitherSealer(first: Sealer, ...others: readonly Sealer[]): Sealer {
  return {
    seal: (text, context) => first.seal(text, context),
    open(sealed, context) {
      for (const sealer of [first, ...others]) {
        const text = sealer.open(sealed, context);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
}

export function isSealed(text: string): boolean {
  return text.startsWith(sealedPrefix);
}

export const sealedPrefix = 'sealed:';
