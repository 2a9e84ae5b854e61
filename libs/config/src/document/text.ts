import { type Document, isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml';
import type { Result } from '../result.ts';
import type { ConfigurationDocument } from './forms.ts';
import type { DocumentProblem } from './problem.ts';

/** Reads JSON or YAML 1.2 (of which JSON is a part). A key twice is refused; never throws. */
export function documentFromText(text: string): Result<unknown, DocumentProblem> {
  try {
    const lineCounter = new LineCounter();
    // The parser compares every key with all before it: of ten thousand that takes seconds.
    const read = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, stringKeys: true, prettyErrors: true, lineCounter });
    const errors = read.errors.length > 0 ? read.errors : keysTwice(read, lineCounter);
    if (errors.length > 0) return { ok: false, problems: errors.map(({ message }) => ({ code: 'syntax', pointer: '', hint: message.split('\n')[0]?.replace(/:$/, '.') ?? message })) };
    // An alias may stand for much: a small text must not become a large value (“billion laughs”).
    return { ok: true, value: read.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { ok: false, problems: [{ code: 'syntax', pointer: '', hint: `It cannot be read: ${error instanceof Error ? error.message : String(error)}` }] };
  }
}

function keysTwice(read: Document.Parsed, lineCounter: LineCounter): { readonly message: string }[] {
  const twice: { readonly message: string }[] = [];
  visit(read, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const { line, col } = lineCounter.linePos(key.range?.[0] ?? 0);
          twice.push({ message: `Map keys must be unique at line ${line}, column ${col}` });
        }
        seen.add(key.value);
      }
    },
  });
  return twice;
}

/** As people read it: YAML, without anchors and folded lines. The same document is the same text. */
export function documentToYaml(document: ConfigurationDocument): string {
  return stringify(document, { version: '1.2', schema: 'core', aliasDuplicateObjects: false, lineWidth: 0, indent: 2 });
}

/** Indented JSON with a line feed at its end. */
export function documentToJson(document: ConfigurationDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
