/** How a seized line is held, and what it sees on the hook. */
export interface DcTermination {
  /** The most that may flow; the rest of the feed is burnt at our end. Absent: whatever the line feeds (up to some 100 mA). */
  readonly currentLimitMa?: number;
  /** The least at which the line still counts as seized. */
  readonly leastCurrentMa: number;
  /** Between tip and ring at 20 mA: low where long lines leave little. */
  readonly voltage: number;
  /** The longest that the current may take to fall on hanging up. Slow: spark quenching (Australia). */
  readonly onHookMs: number;
  /** Between tip and ring while ringing comes in: `high` is no load to speak of, `loaded` that of a bell, where exchanges test for it. */
  readonly ringer: 'high' | 'loaded';
  /** Ringing below it is none. Vrms. */
  readonly ringThresholdVrms: number;
}
