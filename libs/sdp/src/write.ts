import type { Attribute, Connection, SessionDescription } from './description.ts';

/** The text of a description in RFC 8866's order, CRLF after every line. The same model gives the same bytes. */
export function writeSdp(description: SessionDescription): string {
  const { origin } = description;
  let text = `v=0\r\no=${origin.username} ${origin.sessionId} ${origin.version} IN ${writeConnection(origin.address)}\r\ns=${description.name}\r\n`;
  text += informationLines(description.information, BEFORE_CONNECTION);
  if (description.connection !== undefined) text += `c=IN ${writeConnection(description.connection)}\r\n`;
  text += informationLines(description.information, 'b');
  for (const line of description.timing) text += `${line}\r\n`;
  text += informationLines(description.information, 'k');
  text += attributeLines(description.attributes);
  for (const media of description.media) {
    text += `m=${media.kind} ${media.port}`;
    if (media.portCount !== undefined) text += `/${media.portCount}`;
    text += ` ${media.protocol}`;
    for (const format of media.formats) text += ` ${format}`;
    text += '\r\n';
    text += informationLines(media.information, BEFORE_CONNECTION);
    if (media.connection !== undefined) text += `c=IN ${writeConnection(media.connection)}\r\n`;
    text += informationLines(media.information, 'bk');
    text += attributeLines(media.attributes);
  }
  return text;
}

function writeConnection(connection: Connection): string {
  return `${connection.family} ${connection.address}${connection.suffix ?? ''}`;
}

function informationLines(lines: readonly string[], letters: string): string {
  let text = '';
  for (const line of lines) if (letters.includes(line.charAt(0))) text += `${line}\r\n`;
  return text;
}

function attributeLines(attributes: readonly Attribute[]): string {
  let text = '';
  for (const attribute of attributes) text += attribute.value === undefined ? `a=${attribute.name}\r\n` : `a=${attribute.name}:${attribute.value}\r\n`;
  return text;
}

/** RFC 8866 5: i=, u=, e=, p= stand before c=. */
const BEFORE_CONNECTION = 'iuep';
