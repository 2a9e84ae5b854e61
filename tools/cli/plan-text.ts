import type { Paint } from './text.ts';

export interface Difference {
  readonly kind: string;
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly fields: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown; readonly isSecret?: true }[];
}

export interface PlanAnswer {
  readonly id: string;
  readonly revision: number;
  readonly changes: readonly Difference[];
  readonly warnings: readonly { readonly pointer: string; readonly hint: string; readonly isNew: boolean }[];
  readonly callsAffected: readonly { readonly id: string; readonly from: { readonly number: string }; readonly to: string }[];
}

/** A plan as people read it: + what comes, - what goes, ~ what changes. */
export function planText({ changes, warnings, callsAffected }: PlanAnswer, paint: Paint): string {
  const lines = changes.flatMap((change) => differenceLines(change, paint));
  if (changes.length === 0) lines.push('Nothing would change.');
  else lines.push('', countText(changes));
  const [fresh, old] = [warnings.filter(({ isNew }) => isNew), warnings.filter(({ isNew }) => !isNew)];
  for (const { pointer, hint } of fresh) lines.push(`${paint('yellow', 'Warning')}${pointer === '' ? '' : ` ${pointer}`}: ${hint}`);
  if (old.length > 0) lines.push(paint('dim', `${old.length} warning${old.length === 1 ? '' : 's'} of what is there already (--json shows them).`));
  if (callsAffected.length > 0) lines.push(`${callsAffected.length} call${callsAffected.length === 1 ? ' goes' : 's go'} on over what changes: ${callsAffected.slice(0, 5).map(({ from, to }) => `${from.number} → ${to}`).join(', ')}${callsAffected.length > 5 ? ' …' : ''}`);
  return `${lines.join('\n')}\n`;
}

export function differenceLines({ kind, key, change, fields }: Difference, paint: Paint): string[] {
  const [sign, colour] = ({ added: ['+', 'green'], removed: ['-', 'red'], changed: ['~', 'yellow'] } as const)[change];
  const name = kind === 'settings' ? 'settings' : `${wordsOf(kind)} ${key}`;
  return [paint(colour, `${sign} ${name}`), ...fields.map(({ path, before, after, isSecret }) => `    ${path.slice(1).replaceAll('/', '.')}: ${isSecret === true ? '(secret)' : change === 'added' ? said(after) : `${said(before)} → ${said(after)}`}`)];
}

function countText(changes: readonly Difference[]): string {
  const count = (of: Difference['change']) => changes.filter(({ change }) => change === of).length;
  return `${count('added')} to add, ${count('changed')} to change, ${count('removed')} to remove.`;
}

function said(value: unknown): string {
  return value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
}

function wordsOf(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
