import { is, uriHeaderPart } from './characters.ts';
import { parseNameAddress } from './name-address.ts';
import { findParameter, formatParameter, skipParameters } from './parameters.ts';
import { parseUri, unescapeUser, uriParameter, uriScheme } from './uri.ts';
import { parseReplaces, skipCallId } from './values.ts';

/** Which dialog an INVITE is to take the place of (RFC 3891 6.1): tags as the one who gets the INVITE sees them. */
export interface Replaces {
  readonly callId: string;
  /** Of the one who gets the INVITE. */
  readonly toTag: string;
  /** Of the other end of the dialog. */
  readonly fromTag: string;
  /** Only while it is not answered. */
  readonly earlyOnly: boolean;
}

/** Whom a REFER wants called. */
export interface ReferTarget {
  /** Without what its `?` says. */
  readonly uri: string;
  /** INVITE unless the URI says another one (RFC 3261 19.1.1). */
  readonly method: string;
  /** The call is to take the place of this dialog (RFC 5589 7): attended transfer. */
  readonly replaces: Replaces | undefined;
}

/** Refer-To (RFC 3515 2.1). Undefined when malformed, and where its Replaces is. A URI with `?` should be in brackets (RFC 3261 20); from some phones it is not. */
export function parseReferTo(text: string): ReferTarget | undefined {
  const written = (parseNameAddress(text) ?? (text.includes('<') ? undefined : parseNameAddress(`<${text}>`)))?.uri;
  if (written === undefined) return undefined;
  const scheme = uriScheme(written);
  if (scheme !== 'sip' && scheme !== 'sips') return scheme === undefined ? undefined : { uri: written, method: 'INVITE', replaces: undefined };
  const parsed = parseUri(written);
  if (parsed === undefined) return undefined;
  const question = written.indexOf('?', parsed.user === undefined ? 0 : written.indexOf('@'));
  const uri = question < 0 ? written : written.slice(0, question);
  const method = uriParameter(parsed, 'method') ?? 'INVITE';
  const wanted = parsed.headers.filter(([name]) => unescapeUser(name).toLowerCase() === 'replaces');
  const [only] = wanted;
  if (only === undefined) return { uri, method, replaces: undefined };
  const replaces = wanted.length === 1 ? parseReplaces(unescapeUser(only[1])) : undefined;
  return replaces && { uri, method, replaces };
}

/** A Refer-To value; `uri` without `?`. */
export function formatReferTo(uri: string, replaces?: Omit<Replaces, 'earlyOnly'> & { readonly earlyOnly?: boolean }): string {
  return replaces === undefined ? `<${uri}>` : `<${uri}?Replaces=${escapeHeader(formatReplaces(replaces))}>`;
}

/** A Replaces value. */
export function formatReplaces({ callId, toTag, fromTag, earlyOnly }: Omit<Replaces, 'earlyOnly'> & { readonly earlyOnly?: boolean }): string {
  return `${callId}${formatParameter('to-tag', toTag)}${formatParameter('from-tag', fromTag)}${earlyOnly === true ? ';early-only' : ''}`;
}

/** Target-Dialog (RFC 4538 7): tags as the sender of the request sees them. Undefined when malformed. */
export function parseTargetDialog(text: string): { readonly callId: string; readonly localTag: string; readonly remoteTag: string } | undefined {
  const end = skipCallId(text);
  if (end < 0 || skipParameters(text, end) !== text.length) return undefined;
  const localTag = findParameter(text, end, text.length, 'local-tag');
  const remoteTag = findParameter(text, end, text.length, 'remote-tag');
  return !localTag || !remoteTag ? undefined : { callId: text.slice(0, end), localTag, remoteTag };
}

/** The status line of a message/sipfrag body (RFC 3420, RFC 3515 2.4.5); undefined when it does not begin with one. */
export function parseSipfrag(text: string): { readonly status: number; readonly reason: string } | undefined {
  const line = /^SIP\/2\.0 ([1-6]\d\d) ?([^\r\n]{0,256})(?:\r?\n|$)/i.exec(text);
  return line === null ? undefined : { status: Number(line[1]), reason: line[2] ?? '' };
}

/** A message/sipfrag body that is a status line. */
export function formatSipfrag(status: number, reason: string): string {
  return `SIP/2.0 ${String(status)} ${reason}\r\n`;
}

/** RFC 3261 25.1 hvalue. */
function escapeHeader(value: string): string {
  let text = '';
  for (const character of value) {
    const code = character.charCodeAt(0);
    // What may stand there unescaped by the grammar, but that many readers take for a separator, is escaped too.
    text += is(code, uriHeaderPart) && !'[]/?:+$'.includes(character) ? character : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
