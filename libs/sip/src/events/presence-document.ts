import { xmlText } from './xml-text.ts';

/** What somebody is doing, in the words of RFC 4480 3.2. */
export type Activity = 'on-the-phone' | 'busy' | 'away';

/** A document of `application/pidf+xml` (RFC 3863) with one tuple; what the person does is told as RFC 4479 and RFC 4480 have it. */
export interface PresenceDocument {
  /** The `pres:` or `sip:` URI that was subscribed to. */
  readonly entity: string;
  /** An XML NCName, unique in the document. */
  readonly tuple: string;
  /** `closed`: nobody could be reached there. */
  readonly basic: 'open' | 'closed';
  readonly contact?: string;
  readonly note?: string;
  readonly activity?: Activity;
  /** Ms since the epoch; when it became so. */
  readonly at?: number;
}

/** `instant` writes milliseconds since the epoch as RFC 3339 has it. */
export function writePresence({ entity, tuple, basic, contact, note, activity, at }: PresenceDocument, instant: (ms: number) => string): string {
  const about = xmlText(entity);
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
    `<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="${about}">\r\n` +
    `  <tuple id="${xmlText(tuple)}">\r\n    <status><basic>${basic}</basic></status>\r\n` +
    (contact === undefined ? '' : `    <contact priority="1.0">${xmlText(contact)}</contact>\r\n`) +
    (note === undefined || note === '' ? '' : `    <note xml:lang="en">${xmlText(note)}</note>\r\n`) +
    (at === undefined ? '' : `    <timestamp>${instant(at)}</timestamp>\r\n`) +
    '  </tuple>\r\n' +
    // RFC 4479 4: beside the tuples, for it is the person and not the telephone that is busy.
    (activity === undefined ? '' : `  <dm:person id="p-${xmlText(tuple)}"><rpid:activities><rpid:${activity}/></rpid:activities></dm:person>\r\n`) +
    '</presence>\r\n'
  );
}
