/** Lines for people: progress with elapsed time, paragraphs, tables. */

const begun = performance.now();
const width = 100;

/** Replaces the line before on a terminal, and is a line of its own in a log. */
export function printProgress(text: string): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${seconds} s  ${text}`);
  else process.stdout.write(`${seconds} s  ${text}\n`);
}

export function endProgress(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}

export function printParagraph(text: string): void {
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > width) {
      process.stdout.write(`${line}\n`);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  process.stdout.write(`${line}\n`);
}

export function formatTable(rows: readonly (readonly (string | number)[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  const lines = rows.map((row) =>
    widths
      .map((space, column) => {
        const cell = row[column] ?? '';
        // A column is numeric when everything under its heading is.
        const numeric = rows.slice(1).every((other) => typeof (other[column] ?? 0) === 'number');
        return numeric ? String(cell).padStart(space) : String(cell).padEnd(space);
      })
      .join('   ')
      .trimEnd(),
  );
  if (lines.length > 1) lines.splice(1, 0, widths.map((space) => '─'.repeat(space)).join('───'));
  return lines.join('\n');
}
