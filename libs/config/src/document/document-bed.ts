import { emptyRows } from '../rows.ts';
import { firstSettings } from '../settings.ts';
import { buildSnapshot, type Snapshot } from '../snapshot.ts';
import { type Imported, rowsFrom } from './reading.ts';
import type { Sealer } from './sealer.ts';
import type { DocumentTools } from './secrets.ts';

/** Keeps no secret, but each context and system apart; the real ones are in libs/store. */
export function openSealer(system = 'here'): Sealer {
  return {
    seal: (text, context) => `sealed:${system}:${context}:${encodeURIComponent(text)}`,
    open(sealed, context) {
      if (!sealed.startsWith(`sealed:${system}:${context}:`)) return undefined;
      try {
        return decodeURIComponent(sealed.split(':').slice(3).join(':'));
      } catch {
        return undefined; // Damaged.
      }
    },
  };
}

/** Ids and passwords that count up; a digest that can be told by what it is of. */
export function tools(sealer: Sealer = openSealer()): DocumentTools {
  let made = 0;
  return {
    newId: (prefix) => `${prefix}_${String((made += 1)).padStart(26, '0')}`,
    now: '2026-11-23T12:00:00.000Z',
    sealer,
    digestSecrets(username, realm, password) {
      let hash = 0;
      for (const character of `${username}:${realm}:${password}`) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
      const digits = hash.toString(16).padStart(8, '0');
      return { MD5: digits.repeat(4), 'SHA-256': digits.repeat(8) };
    },
    newPassword: () => `made-${(made += 1)}`,
  };
}

/** Nothing but settings. */
export function emptySystem(realm = 'tipring'): Snapshot {
  const built = buildSnapshot(emptyRows(firstSettings(realm, '2026-11-22T18:00:00.000Z')));
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.value;
}

/** What must be right. */
export function imported(document: unknown, current: Snapshot = emptySystem(), given: DocumentTools = tools()): Imported {
  const read = rowsFrom(document, current, given);
  if (!read.ok) throw new Error(`${JSON.stringify(read.problems, null, 1)}\n${JSON.stringify(document, null, 1)}`);
  return read.value;
}
