/** What an overload guard needs to know before parsing. */
export interface Peek {
  readonly kind: 'request' | 'response' | 'keepalive' | 'garbage';
  /** '' unless a request. */
  readonly method: string;
  /** 0 unless a response. */
  readonly status: number;
  /** To has a tag: within a dialog. */
  readonly inDialog: boolean;
  /** Authorization or Proxy-Authorization is there. */
  readonly hasCredentials: boolean;
}
/** Looks only at the start line and header names. Never throws. */
export declare function peek(bytes: Uint8Array): Peek;
