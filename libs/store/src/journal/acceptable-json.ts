/**
 * JSON that PostgreSQL's jsonb takes: no U+0000 and no lone surrogate (a caller's display name may hold either, and one
 * such record must not hold up the others). They become U+FFFD.
 */
export function acceptableJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON.stringify writes lone surrogates, and only those, as \ud….
  if (!json.includes('\\u0000') && !json.includes('\\ud')) return json;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part));
}

/** SQLSTATE classes 22 (data exception) and 23 (constraint): the row itself is the reason. Anything else is the database's trouble. */
export function isDataException(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code.startsWith('22') || error.code.startsWith('23');
}
