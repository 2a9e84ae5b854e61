import type { Flow, Hop } from '../transport/flow.ts';
import type { SessionTimerSettings } from './session.ts';

export interface SessionSettings {
  /** User-Agent and Server value. */
  readonly product: string;
  /** Methods outside a dialog that go to `onRequest`, e.g. REGISTER, SUBSCRIBE, MESSAGE. */
  readonly methods: readonly string[];
  /** In-dialog methods that become a `request` event, e.g. REFER, NOTIFY. */
  readonly dialogMethods: readonly string[];
  /** RFC 4028; our side's wish and lower bound, unless a session says otherwise. */
  readonly sessionTimer: SessionTimerSettings;
  /** 100 Trying is sent only when nothing else was answered by then; RFC 3261 17.2.1 allows 200. Absent: at once. */
  readonly tryingAfterMs?: number;
  /** Further option tags to announce in Supported and to take in Require, e.g. path, replaces. */
  readonly extensions?: readonly string[];
  /** Where an in-dialog request goes when not back on the dialog's flow: given the next URI (first Route or remote target). The default is the flow. */
  readonly nextHop?: (uri: string, flow: Flow | undefined) => Hop | undefined;
}
