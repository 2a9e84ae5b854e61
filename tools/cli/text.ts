export type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

/** Paints, or leaves as it is. */
export type Paint = (colour: Colour, text: string) => string;

export function paintFor(hasColour: boolean): Paint {
  return (colour, text) => (hasColour && text !== '' ? `\x1b[${codes[colour]}m${text}\x1b[0m` : text);
}

/** Columns side by side, the last one as long as it likes. Nothing: says so. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint, none: string): string {
  if (rows.length === 0) return `${none}\n`;
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd();
  return [paint('dim', line(head)), ...rows.map((row) => paintState(line(row), row, paint))].join('\n') + '\n';
}

/** What is not as it should be is seen at once. */
function paintState(line: string, row: readonly string[], paint: Paint): string {
  const state = row.find((cell) => bad.has(cell) || poor.has(cell));
  return state === undefined ? line : line.replace(new RegExp(`\\b${state}\\b`), paint(bad.has(state) ? 'red' : 'yellow', state));
}

/** `5m`, `90s`, `1h`, `120`: seconds. undefined: not a duration. */
export function secondsOf(text: string): number | undefined {
  const read = /^(\d{1,6})(s|m|h|d)?$/.exec(text);
  return read === null ? undefined : Number(read[1]) * { s: 1, m: 60, h: 3_600, d: 86_400 }[(read[2] ?? 's') as 's' | 'm' | 'h' | 'd'];
}

/** By the clock of this machine: `2026-11-23 14:03:07`. */
export function localTime(instant: string | null): string {
  if (instant === null) return '';
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** How long ago: `12 s`, `3 min`, `5 h`, `2 d`. */
export function ago(instant: string | null, now: number): string {
  if (instant === null) return '';
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1_000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

const codes: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };
const bad: ReadonlySet<string> = new Set(['down', 'absent', 'refused']);
const poor: ReadonlySet<string> = new Set(['degraded', 'disabled', 'unanswered', 'inUseElsewhere']);
