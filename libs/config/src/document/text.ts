import { parseDocument, stringify } from 'yaml';
import type { Result } from '../result.ts';
import type { ConfigurationDocument } from './forms.ts';
import type { DocumentProblem } from './problem.ts';

/** Reads JSON or YAML 1.2 (of which JSON is a part). A key twice is refused; never throws. */
export function documentFromText(text: string): Result<unknown, DocumentProblem> {
  try {
    const read = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, stringKeys: true, prettyErrors: true });
    const { errors } = read;
    if (errors.length > 0) return { ok: false, problems: errors.map(({ message }) => ({ code: 'syntax', pointer: '', hint: message.split('\n')[0]?.replace(/:$/, '.') ?? message })) };
    // An alias may stand for much: a small text must not become a large value (“billion laughs”).
    return { ok: true, value: read.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { ok: false, problems: [{ code: 'syntax', pointer: '', hint: `It cannot be read: ${error instanceof Error ? error.message : String(error)}` }] };
  }
}

/** As people read it: YAML, without anchors and folded lines. The same document is the same text. */
export function documentToYaml(document: ConfigurationDocument): string {
  return stringify(document, { version: '1.2', schema: 'core', aliasDuplicateObjects: false, lineWidth: 0, indent: 2 });
}

/** Indented JSON with a line feed at its end. */
export function documentToJson(document: ConfigurationDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
