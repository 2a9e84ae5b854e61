/** An element as a strict reader sees it; text is that of its own, trimmed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** Reads what XML 1.0 takes of elements, attributes and references; throws at anything that is not well formed. */
export function readXml(document: string): XmlElement {
  // XML 1.0 2.2
  for (const character of document) {
    const code = character.codePointAt(0) ?? 0;
    if ((code < 0x20 && code !== 9 && code !== 10 && code !== 13) || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) throw new Error(`character ${code}`);
  }
  const body = /^<\?xml version="1\.0"(?: encoding="UTF-8")?\?>\s*/.exec(document);
  if (body === null) throw new Error('no declaration');
  const reader = { text: document, at: body[0].length };
  const root = readElement(reader);
  if (document.slice(reader.at).trim() !== '') throw new Error('more than one root');
  return root;
}

function readElement(reader: { readonly text: string; at: number }): XmlElement {
  const tag = matchHere(/<([A-Za-z_][\w:.-]*)((?:\s+[A-Za-z_][\w:.-]*="[^<"]*")*)\s*(\/?)>/y, reader);
  const [, name = '', list = '', empty] = tag;
  const attributes: Record<string, string> = {};
  for (const [, key = '', value = ''] of list.matchAll(/\s+([A-Za-z_][\w:.-]*)="([^<"]*)"/g)) {
    if (key in attributes) throw new Error(`two attributes ${key}`);
    attributes[key] = plain(value);
  }
  const children: XmlElement[] = [];
  let text = '';
  if (empty === '/') return { name, attributes, children, text };
  for (;;) {
    text += plain(matchHere(/[^<]*/y, reader)[0]);
    if (reader.text.startsWith('</', reader.at)) break;
    children.push(readElement(reader));
  }
  const [, end] = matchHere(/<\/([A-Za-z_][\w:.-]*)\s*>/y, reader);
  if (end !== name) throw new Error(`${end ?? ''} ends ${name}`);
  return { name, attributes, children, text: text.trim() };
}

function matchHere(pattern: RegExp, reader: { readonly text: string; at: number }): RegExpExecArray {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found === null) throw new Error(`not well formed: ${reader.text.slice(reader.at, reader.at + 40)}`);
  reader.at = pattern.lastIndex;
  return found;
}

function plain(text: string): string {
  return text.replace(/&([^;]*);?/g, (all, name: string) => {
    const character = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name];
    if (character === undefined) throw new Error(`reference ${all}`);
    return character;
  });
}
