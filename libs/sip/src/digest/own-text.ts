import { portableLatin1 } from '../message/latin1.ts';

/**
 * The same wire text in memory of its own. A piece cut from a message keeps the whole message alive for as long as it
 * lives (V8's slices point into their parent), which what is kept for hours must not do.
 */
export function ownText(text: string): string {
  // Shorter ones are copied when they are cut.
  return text.length < 13 ? text : portableLatin1.decode(portableLatin1.encode(text, 0), 0, text.length);
}
