/** Which counts of a nonce were seen: the highest, and a bitmap of it and the 31 below (bit 0 = the highest). */
export interface ReplayWindow {
  highest: number;
  seen: number;
}

/** True, and noted, when this count was not seen before. Datagrams overtake each other, so lower counts may come later. */
export function admit(window: ReplayWindow, nc: number): boolean {
  if (nc > window.highest) {
    const ahead = nc - window.highest;
    window.seen = ahead >= WINDOW ? 1 : (window.seen << ahead) | 1;
    window.highest = nc;
    return true;
  }
  const behind = window.highest - nc;
  if (behind >= WINDOW) return false;
  const bit = 1 << behind;
  if ((window.seen & bit) !== 0) return false;
  window.seen |= bit;
  return true;
}

/** Admits nothing any more: nc has eight hexadecimal digits (RFC 7616 3.4). */
export const SPENT: ReplayWindow = { highest: 0xffff_ffff, seen: -1 };

const WINDOW = 32;
