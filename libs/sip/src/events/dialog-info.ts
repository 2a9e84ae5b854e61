import { xmlText } from './xml-text.ts';

/** A party of a dialog, as a watcher sees it (RFC 4235 4.1.6). */
export interface DialogInfoParty {
  /** A SIP URI. */
  readonly identity: string;
  readonly displayName?: string;
  /** Where a request to it goes; absent: not told. */
  readonly target?: string;
  /** It does not render media: it holds (RFC 4235 4.1.6.2, `+sip.rendering`). */
  readonly isHolding?: boolean;
}

/** One dialog of a document (RFC 4235 4.1.2). */
export interface DialogInfoDialog {
  readonly id: string;
  /** Absent: it has none that could be named, e.g. a call of an analog telephone. */
  readonly name?: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly direction: 'initiator' | 'recipient';
  readonly state: 'trying' | 'proceeding' | 'early' | 'confirmed' | 'terminated';
  /** Seconds since it was confirmed; absent: not told. */
  readonly durationS?: number;
  readonly local?: DialogInfoParty;
  readonly remote?: DialogInfoParty;
}

/** A whole document of `application/dialog-info+xml` (RFC 4235 4.1). */
export interface DialogInfo {
  /** The SIP URI that was subscribed to. */
  readonly entity: string;
  /** The first document of a subscription is 0, each further one is one more. */
  readonly version: number;
  readonly dialogs: readonly DialogInfoDialog[];
}

/** Always the full state: a watcher that lost a document is right again with the next. */
export function writeDialogInfo({ entity, version, dialogs }: DialogInfo): string {
  let text = `<?xml version="1.0"?>\r\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="full" entity="${xmlText(entity)}">\r\n`;
  for (const dialog of dialogs) text += writeDialog(dialog);
  return `${text}</dialog-info>\r\n`;
}

function writeDialog({ id, name, direction, state, durationS, local, remote }: DialogInfoDialog): string {
  const named = name === undefined ? '' : ` call-id="${xmlText(name.callId)}" local-tag="${xmlText(name.localTag)}" remote-tag="${xmlText(name.remoteTag)}"`;
  // In the order of the schema (4.4): telephones parse by it.
  return (
    `  <dialog id="${xmlText(id)}"${named} direction="${direction}">\r\n    <state>${state}</state>\r\n` +
    (durationS === undefined ? '' : `    <duration>${Math.max(0, Math.floor(durationS))}</duration>\r\n`) +
    (local === undefined ? '' : writeParty('local', local)) +
    (remote === undefined ? '' : writeParty('remote', remote)) +
    '  </dialog>\r\n'
  );
}

function writeParty(element: 'local' | 'remote', { identity, displayName, target, isHolding }: DialogInfoParty): string {
  const display = displayName === undefined || displayName === '' ? '' : ` display="${xmlText(displayName)}"`;
  const uri = target ?? identity;
  const rendering = isHolding === undefined ? '' : `\r\n        <param pname="+sip.rendering" pval="${isHolding ? 'no' : 'yes'}"/>\r\n      `;
  const targets = target === undefined && isHolding === undefined ? '' : `      <target uri="${xmlText(uri)}"${rendering === '' ? '/>' : `>${rendering}</target>`}\r\n`;
  return `    <${element}>\r\n      <identity${display}>${xmlText(identity)}</identity>\r\n${targets}    </${element}>\r\n`;
}
