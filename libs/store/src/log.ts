/** Where this library says what an operator should know. `event` is stable, `details` plain JSON. */
export type StoreLog = (level: 'info' | 'warn' | 'error', event: string, details: Readonly<Record<string, unknown>>) => void;
