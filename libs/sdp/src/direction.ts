import type { Attribute, Direction, MediaDescription, SessionDescription } from './description.ts';

/** The m-line's own direction, else the session's, else sendrecv (RFC 8866 6.7). The last one written counts. */
export function directionOf(description: SessionDescription, media: MediaDescription): Direction {
  return written(media.attributes) ?? written(description.attributes) ?? 'sendrecv';
}

/** The same stream as the other end sees it (RFC 3264 6.1). */
export function reverse(direction: Direction): Direction {
  return direction === 'sendonly' ? 'recvonly' : direction === 'recvonly' ? 'sendonly' : direction;
}

/** What both permit, seen from the same end. */
export function narrow(a: Direction, b: Direction): Direction {
  return direct(sends(a) && sends(b), listens(a) && listens(b));
}

/** The direction with its listening taken away. */
export function deaf(direction: Direction): Direction {
  return direct(sends(direction), false);
}

export function listens(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

function direct(sending: boolean, listening: boolean): Direction {
  return sending ? (listening ? 'sendrecv' : 'sendonly') : listening ? 'recvonly' : 'inactive';
}

function written(attributes: readonly Attribute[]): Direction | undefined {
  for (let i = attributes.length - 1; i >= 0; i -= 1) {
    const attribute = attributes[i];
    if (attribute === undefined || attribute.value !== undefined) continue;
    switch (attribute.name) {
      case 'sendrecv': case 'sendonly': case 'recvonly': case 'inactive':
        return attribute.name;
      default:
    }
  }
  return undefined;
}
