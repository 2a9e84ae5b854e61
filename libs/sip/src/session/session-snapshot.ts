import type { DialogSnapshot } from '../dialog/dialog.ts';
import type { TransportName } from '../transport/flow.ts';

/** A confirmed session as plain JSON. Times are relative, so that another process's clock can take them up. */
export interface SessionSnapshot {
  readonly version: 1;
  readonly direction: 'in' | 'out';
  readonly dialog: DialogSnapshot;
  readonly hop: { readonly transport: TransportName; readonly address: string; readonly port: number };
  /** Our Contact value. */
  readonly contact: string;
  /** The description we sent last: a refresh by re-INVITE repeats it. */
  readonly localSdp: string | undefined;
  readonly peerAllowsUpdate: boolean;
  readonly sessionTimer: SessionTimerSnapshot | undefined;
}

/** RFC 4028: what was negotiated, and how much of the interval is over. */
export interface SessionTimerSnapshot {
  readonly intervalS: number;
  readonly minimumS: number;
  readonly refresher: 'local' | 'remote';
  readonly elapsedMs: number;
}
