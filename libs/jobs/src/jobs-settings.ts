export type JobsLog = (level: 'info' | 'warn' | 'error', event: string, details: Readonly<Record<string, unknown>>) => void;

/** A fact of the database from which something must follow. */
export interface Message {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
}

/** Port: where such facts wait. The messages handed to `relay` are gone when it resolves, and stay when it rejects. */
export interface MessageSource {
  relay(limit: number, relay: (messages: readonly Message[]) => Promise<void>): Promise<number>;
}

export interface JobsSettings {
  readonly databaseUrl: string;
  /** Set: jobs are kept in Redis instead of PostgreSQL. */
  readonly redisUrl?: string | undefined;
  readonly outbox: MessageSource;
  /** What follows from a message, by its kind; may be called twice for one. A kind without an entry has no followers. */
  readonly followers: Readonly<Record<string, (message: Message) => Promise<void>>>;
  /** Done every hour; each rejects when it is to be tried again. */
  readonly housekeeping: readonly (() => Promise<void>)[];
  readonly log: JobsLog;
  /** How often the outbox is looked at; default 1000. */
  readonly relayMs?: number;
  /** How long the queue may take to accept a job; default 10,000. */
  readonly patienceMs?: number;
}
