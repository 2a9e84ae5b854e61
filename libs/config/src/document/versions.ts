import type { Result } from '../result.ts';
import { documentVersion } from './forms.ts';
import type { DocumentProblem } from './problem.ts';

/** What makes of a document of version n one of version n + 1, at place n − 1. Old exports are read for ever. */
const steps: readonly ((document: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)[] = [];

/** The document as this version would have written it; its objects are still to be checked. */
export function upToDate(document: unknown): Result<Readonly<Record<string, unknown>>, DocumentProblem> {
  if (!isPlainObject(document)) return refused('invalidValue', '', 'A configuration is an object: version, settings, and of each kind a map by key.');
  const version = document['version'];
  if (version === undefined) return refused('missing', '/version', `Write version: ${documentVersion} at the beginning.`);
  if (!Number.isInteger(version) || Number(version) < 1) return refused('unknownVersion', '/version', `Write version: ${documentVersion}.`);
  if (Number(version) > documentVersion) return refused('unknownVersion', '/version', `This is of a later version of Tipring (${String(version)}); here documents up to ${documentVersion} are read.`);
  return { ok: true, value: steps.slice(Number(version) - 1).reduce((older, step) => step(older), document) };
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(code: DocumentProblem['code'], pointer: string, hint: string): Result<never, DocumentProblem> {
  return { ok: false, problems: [{ code, pointer, hint }] };
}
