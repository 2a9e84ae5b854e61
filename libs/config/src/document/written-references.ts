import type { Kind } from '../kinds.ts';
import { step } from './problem.ts';

/** A key that stands in an object, and where. */
export interface WrittenReference {
  readonly kind: Kind;
  readonly key: string;
  /** Behind the object’s own pointer. */
  readonly pointer: string;
}

/**
 * What an object refers to whose fields are not sound, so that what dangles is told together with the rest. Goes by the names of fields: in all of a
 * document a name refers to one kind.
 */
export function writtenReferences(of: Kind | 'settings', value: unknown): readonly WrittenReference[] {
  const found: WrittenReference[] = [];
  const refer = (kind: Kind, key: unknown, pointer: string) => {
    if (typeof key === 'string') found.push({ kind, key, pointer });
  };
  const walk = (within: unknown, pointer: string, depth: number): void => {
    // Nothing refers from deeper; a value may contain itself.
    if (typeof within !== 'object' || within === null || depth > deepest) return;
    for (const [name, field] of Object.entries(within)) {
      const place = pointer + step(name);
      const kind = byName.get(name);
      if (kind !== undefined && typeof field === 'string') refer(kind, field, place);
      else if (Array.isArray(field) && name === 'lines' && of === 'lineGroup') field.forEach((key, at) => refer('line', key, place + step(at)));
      else if (Array.isArray(field) && name === 'callers' && of === 'outboundRoute') field.forEach((key, at) => refer('extension', key, place + step(at)));
      else if (Array.isArray(field) && listsOfExtensions.has(name)) field.forEach((key, at) => refer('extension', key, place + step(at)));
      else if (name !== 'overrides' && name !== 'featureCodes') walk(field, place, depth + 1);
    }
  };
  walk(value, '', 0);
  return found;
}

const byName: ReadonlyMap<string, Kind> = new Map([
  ['extension', 'extension'], ['trunk', 'trunk'], ['lineGroup', 'lineGroup'], ['line', 'line'], ['pinSet', 'pinSet'], ['permission', 'permission'], ['location', 'emergencyLocation'],
  ['open', 'schedule'], ['closed', 'schedule'],
  ['ringGroup', 'ringGroup'], ['queue', 'queue'], ['voicemail', 'voicemailBox'], ['ivr', 'ivr'], ['conference', 'conference'], ['parkingLot', 'parkingLot'], ['paging', 'pagingZone'], ['announcement', 'prompt'], ['directory', 'directory'],
  ['voicemailBox', 'voicemailBox'], ['musicClass', 'musicClass'], ['greeting', 'prompt'], ['prompt', 'prompt'], ['invalidPrompt', 'prompt'],
]);
const listsOfExtensions: ReadonlySet<string> = new Set(['extensions', 'supervises']);
/** `/followMe/steps/3/target/extension` */
const deepest = 4;
