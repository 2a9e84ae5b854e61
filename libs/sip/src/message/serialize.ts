import { HeaderBlock, newLine } from './header-block.ts';
import { valueOf } from './head.ts';
import type { Line } from './head.ts';
import { ids } from './header-names.ts';
import { encodeLatin1 } from './latin1.ts';
import type { SipMessage } from './message.ts';

/** The bytes to send. Untouched header lines go out as they came in; Content-Length is always right. */
export function serialize(message: SipMessage): Uint8Array {
  const { headers, body } = message;
  let text = message.kind === 'request' ? `${message.method} ${message.uri} SIP/2.0\r\n` : `SIP/2.0 ${String(message.status)} ${message.reason}\r\n`;
  let measured = false;
  for (const line of headers instanceof HeaderBlock ? headers.wire : linesOf(message)) {
    if (line.id === ids.contentLength) {
      if (measured) continue;
      measured = true;
      if (Number(valueOf(line)) !== body.length) {
        text += `Content-Length: ${String(body.length)}\r\n`;
        continue;
      }
    }
    text += line.source === undefined ? `${line.name ?? ''}: ${line.value ?? ''}\r\n` : `${line.source.slice(line.start, line.end)}\r\n`;
  }
  text += measured ? '\r\n' : `Content-Length: ${String(body.length)}\r\n\r\n`;
  const bytes = encodeLatin1(text, body.length);
  bytes.set(body, text.length);
  return bytes;
}

function linesOf(message: SipMessage): Line[] {
  return [...message.headers].map(([name, value]) => newLine(name, value));
}
