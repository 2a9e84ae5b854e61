/**
 * How wire bytes become text and back, one character a byte. TextDecoder('latin1') is windows-1252 (wrong for
 * 0x80–0x9f), so the portable codec goes by character codes; Node's Buffer is several times faster, and the node
 * transport injects it with `useLatin1`, because this room may not import node:*.
 */
export interface Latin1 {
  decode(bytes: Uint8Array, start: number, end: number): string;
  /** A new array holding the text's bytes with `room` unwritten bytes after them (for a body). */
  encode(text: string, room: number): Uint8Array;
}

export const portableLatin1: Latin1 = {
  decode(bytes, start, end) {
    let text = '';
    // Arguments are passed on the stack: a chunk bounds it.
    for (let at = start; at < end; at += 4096) text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(at + 4096, end)) as unknown as number[]);
    return text;
  },
  encode(text, room) {
    const bytes = new Uint8Array(text.length + room);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
    return bytes;
  },
};

let codec: Latin1 = portableLatin1;

/** Replaces the codec for the whole process; both give the same bytes. */
export function useLatin1(faster: Latin1): void {
  codec = faster;
}

export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  return codec.decode(bytes, start, end);
}

export function encodeLatin1(text: string, room: number): Uint8Array {
  return codec.encode(text, room);
}

const utf8Reader = new TextDecoder('utf-8', { fatal: true });
const utf8Writer = new TextEncoder();
const beyondAscii = /[^\0-\x7f]/;
const beyondLatin1 = /[^\0-\xff]/;

/** Decodes UTF-8 held in latin1 text, for a person to read. Text that is not UTF-8 is returned as it is. */
export function displayText(wire: string): string {
  if (!beyondAscii.test(wire) || beyondLatin1.test(wire)) return wire;
  try {
    return utf8Reader.decode(portableLatin1.encode(wire, 0));
  } catch {
    return wire;
  }
}

/** The inverse of `displayText`: any text as UTF-8 bytes held in latin1, as header values are. */
export function wireText(display: string): string {
  if (!beyondAscii.test(display)) return display;
  const bytes = utf8Writer.encode(display);
  return portableLatin1.decode(bytes, 0, bytes.length);
}

export function encodeUtf8(text: string): Uint8Array {
  return utf8Writer.encode(text);
}
