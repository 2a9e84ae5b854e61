/**
 * The same text in memory of its own. A piece cut from a message keeps the whole message alive for as long as it lives
 * (V8 slices point into their parent), which a registration of hours must not do.
 */
export function ownText(text: string): string {
  // Joined text is a tree of its parts until a character of it is read; reading makes it one flat string.
  const joined = `${text}\n`;
  joined.charCodeAt(0);
  // A slice of that flat copy: its parent is one character longer, and nobody else's.
  return joined.slice(0, -1);
}
