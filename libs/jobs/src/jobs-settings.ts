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

/** What takes its time, or fails for reasons outside: each is done on its own, and none keeps another waiting. May be done twice. */
export interface Task {
  /** Rejects when it is to be tried again; with `GivenUp` when that would be in vain. `isLast`: it will not be. */
  readonly run: (data: unknown, attempt: { readonly isLast: boolean }) => Promise<void>;
  readonly attempts: number;
  /** How long to wait after so many attempts. */
  readonly waitMs: (attempts: number) => number;
}

/** Puts a task off; what has the key of one that is still known is that one. */
export type Later = (task: string, key: string, data: unknown) => Promise<void>;

export interface JobsSettings {
  readonly databaseUrl: string;
  /** Set: jobs are kept in Redis instead of PostgreSQL. */
  readonly redisUrl?: string | undefined;
  readonly outbox: MessageSource;
  /** What follows from a message, by its kind; may be called twice for one. A kind without an entry has no followers. */
  readonly followers: Readonly<Record<string, (message: Message, later: Later) => Promise<void>>>;
  /** By name. */
  readonly tasks?: Readonly<Record<string, Task>>;
  /** Done every hour; each rejects when it is to be tried again. */
  readonly housekeeping: readonly (() => Promise<void>)[];
  readonly log: JobsLog;
  /** How often the outbox is looked at; default 1000. */
  readonly relayMs?: number;
  /** How long the queue may take to accept a job; default 10,000. */
  readonly patienceMs?: number;
}
