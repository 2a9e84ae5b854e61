/** What a peer may make us look at; beyond it the message is refused. */
export interface MessageLimits {
  readonly messageBytes: number;
  readonly headerCount: number;
  /** One header field, unfolded. */
  readonly headerBytes: number;
  readonly listElements: number;
  readonly parameters: number;
}
export const defaultLimits: MessageLimits = { messageBytes: 65_535, headerCount: 200, headerBytes: 16_384, listElements: 100, parameters: 64 };
