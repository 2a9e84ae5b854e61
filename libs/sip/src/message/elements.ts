import { skipQuoted } from './characters.ts';

/**
 * End of the element that starts at `at`: the place of the next comma that is neither quoted nor within `<>`
 * (RFC 3261 7.3.1), or the end of the text. A quote that never closes takes the rest.
 */
export function elementEnd(text: string, at: number): number {
  let bracketed = false;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22 && !bracketed) {
      at = skipQuoted(text, at);
      if (at < 0) return text.length;
      continue;
    }
    if (code === 0x3c) bracketed = true;
    else if (code === 0x3e) bracketed = false;
    else if (code === 0x2c && !bracketed) return at;
    at += 1;
  }
  return text.length;
}

/** Appends the elements of a comma list to `into`. Empty elements are kept: a typed value then says that they are malformed. */
export function splitElements(text: string, into: string[]): void {
  for (let at = 0; ; ) {
    const end = elementEnd(text, at);
    into.push(text.slice(at, end).trim());
    if (end >= text.length) return;
    at = end + 1;
  }
}
