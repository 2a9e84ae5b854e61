/**
 * How wire bytes become text and back, one character a byte. TextDecoder('latin1') is windows-1252 (wrong for
 * 0x80–0x9f), so the portable codec is a loop; Node's Buffer is several times faster, and the node transport injects it
 * with `useLatin1`, because this room may not import node:*.
 */
export interface Latin1 {
  decode(bytes: Uint8Array, start: number, end: number): string;
  /** A new array holding the text's bytes with `room` unwritten bytes after them (for a body). */
  encode(text: string, room: number): Uint8Array;
}
export declare const portableLatin1: Latin1;
export declare function useLatin1(codec: Latin1): void;
/** Decodes UTF-8 held in latin1 text, for a person to read. Text that is not UTF-8 is returned as it is. */
export declare function displayText(wire: string): string;
/** The inverse of `displayText`: any text as UTF-8 bytes held in latin1, as header values are. */
export declare function wireText(display: string): string;
