import type { PresenceState, PresenceView, WatchedDialog } from '@tipring/presence';
import { type DialogInfoDialog, type DialogInfoParty, escapeUser, type EventPackage, writeDialogInfo, writeMessageSummary, writePresence } from '@tipring/sip';
import type { Party } from '@tipring/telephony';
import { legName } from '../replaced-leg.ts';
import { type Told, toldOf } from './told.ts';

/** What a document is made of. */
export interface DocumentParts {
  /** As the watcher named it. */
  readonly uri: string;
  readonly domain: string;
  /** Undefined: it is not there any more. */
  readonly view: PresenceView | undefined;
  readonly version: number;
  readonly last: Told | null;
  /** Ms since the epoch. */
  readonly now: number;
}

/** An event package of ours, and how its state is written. */
export interface WrittenPackage extends EventPackage {
  write(parts: DocumentParts, told: Told): string;
}

export function documentOf(written: WrittenPackage, parts: DocumentParts): { readonly body: string; readonly told: Told } {
  const told = toldOf(parts.view, parts.last);
  return { body: written.write(parts, told), told };
}

/** RFC 4235: the lamp of an extension, a line, a parking slot … */
export const dialogPackage: WrittenPackage = {
  name: 'dialog',
  contentType: 'application/dialog-info+xml',
  defaultS: 3600,
  write({ uri, domain, view, version, now }, told) {
    const dialogs: DialogInfoDialog[] = [...(view?.dialogs ?? [])].sort((a, b) => telling[a.state] - telling[b.state]).map((dialog) => written(dialog, uri, domain, now));
    for (const { id, state } of told.dialogs) if (state === 'terminated') dialogs.push({ id, direction: 'recipient', state });
    // Without any dialog an idle state would be an empty list, at which many telephones leave the lamp as it is.
    if (dialogs.length === 0) dialogs.push({ id: 'idle', direction: 'recipient', state: 'terminated' });
    return writeDialogInfo({ entity: uri, version, dialogs });
  },
};

/** RFC 3842. */
export const messagePackage: WrittenPackage = {
  name: 'message-summary',
  contentType: 'application/simple-message-summary',
  defaultS: 3600,
  write({ domain, view }, { messages }) {
    const number = view?.entity.number ?? undefined;
    return writeMessageSummary({ ...(messages ?? nothing), ...(number === undefined ? {} : { account: `sip:${escapeUser(number)}@${domain}` }) });
  },
};

/** RFC 3856. */
export const presencePackage: WrittenPackage = {
  name: 'presence',
  contentType: 'application/pidf+xml',
  defaultS: 3600,
  write({ uri, view }, { state, isReachable }) {
    const isSilent = state === 'idle' && view?.entity.isDoNotDisturb === true;
    return writePresence(
      {
        entity: uri, tuple: 'tipring', basic: isReachable ? 'open' : 'closed', contact: uri,
        note: !isReachable ? (view?.reachability.text ?? 'not there any more') : isSilent ? 'Do not disturb' : notes[state],
        ...(state !== 'idle' && state !== 'ringing' ? { activity: 'on-the-phone' as const } : isSilent ? { activity: 'busy' as const } : {}),
        ...(view === undefined ? {} : { at: view.since }),
      },
      (ms) => new Date(ms).toISOString(),
    );
  },
};

/**
 * The name of a dialog by which a telephone picks it up: it sends an INVITE whose Replaces has this Call-ID (`replacedLeg`). The leg is meant, of
 * whatever kind it is; tags are there because the grammar wants them.
 */
function dialogName(leg: string, domain: string): NonNullable<DialogInfoDialog['name']> {
  return { callId: legName(leg, domain), localTag: 'watched', remoteTag: 'office' };
}

function written({ id, call, leg, direction, state, remote, since }: WatchedDialog, uri: string, domain: string, now: number): DialogInfoDialog {
  const isUp = state === 'confirmed' || state === 'held';
  return {
    id,
    ...(leg === null ? {} : { name: dialogName(leg, domain) }),
    direction,
    state: state === 'held' ? 'confirmed' : state,
    ...(isUp ? { durationS: (now - since) / 1000 } : {}),
    local: { identity: uri, target: uri, ...(isUp ? { isHolding: state === 'held' } : {}) },
    ...(call === null ? {} : { remote: partyOf(remote, domain) }),
  };
}

function partyOf({ number, name, anonymous }: Party, domain: string): DialogInfoParty {
  if (anonymous === true || number === '') return { identity: 'sip:anonymous@anonymous.invalid', displayName: 'Anonymous' };
  const uri = `sip:${escapeUser(number)}@${domain}`;
  return { identity: uri, target: uri, ...(name === undefined ? {} : { displayName: name }) };
}

/** What the lamp shows comes first: some telephones read no further. */
const telling: Readonly<Record<WatchedDialog['state'], number>> = { confirmed: 0, early: 1, held: 2, trying: 3 };
const notes: Readonly<Record<PresenceState, string>> = { idle: 'Ready', calling: 'On the phone', ringing: 'Ringing', inUse: 'On the phone', held: 'On hold' };
const nothing = { new: 0, old: 0, newUrgent: 0, oldUrgent: 0 };
