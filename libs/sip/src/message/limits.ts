/** What a peer may make us look at; beyond it the message is refused. (Parameters of one element: `mostParameters`.) */
export interface MessageLimits {
  readonly messageBytes: number;
  readonly headerCount: number;
  /** One header field with its name and folds. */
  readonly headerBytes: number;
  /** Elements of one comma list; typed lists of several fields (`parseVias`, `parseContacts` …) are held to the default in all. */
  readonly listElements: number;
}

export const defaultLimits: MessageLimits = { messageBytes: 65_535, headerCount: 200, headerBytes: 16_384, listElements: 100 };
