/** What `application/simple-message-summary` tells of voice messages (RFC 3842 5.2). */
export interface MessageSummary {
  /** The SIP URI to be called to hear them; absent: not told. */
  readonly account?: string;
  readonly new: number;
  readonly old: number;
  readonly newUrgent: number;
  readonly oldUrgent: number;
}

export function writeMessageSummary({ account, new: fresh, old, newUrgent, oldUrgent }: MessageSummary): string {
  const lines = [`Messages-Waiting: ${fresh > 0 ? 'yes' : 'no'}`];
  // A line break would begin a header of somebody else's making.
  if (account !== undefined) lines.push(`Message-Account: ${account.replace(/[\u0000-\u0020\u007f]/g, '')}`);
  lines.push(`Voice-Message: ${count(fresh)}/${count(old)} (${count(newUrgent)}/${count(oldUrgent)})`);
  return `${lines.join('\r\n')}\r\n`;
}

/** RFC 3842 5.2 has digits, RFC 3842 3.5 a 32-bit number at most. */
function count(messages: number): number {
  return Math.min(Math.max(0, Math.floor(messages)), 4_294_967_295);
}
