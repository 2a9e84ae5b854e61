/** Text as content or attribute value of an XML 1.0 document (2.2, 2.4): what may not stand there at all is left out. */
export function xmlText(text: string): string {
  return text.replace(unfit, (found) => entities[found] ?? '');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\t': ' ', '\n': ' ', '\r': ' ' };
// Control characters, halves of surrogate pairs and the two non-characters are in no XML document, not even as references.
const unfit = /[&<>"'\u0000-\u001f\u007f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
