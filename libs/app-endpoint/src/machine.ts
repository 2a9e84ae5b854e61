// Applications as they are, for tools that draw them; calls are made through ApplicationEndpoint.
export type { Effect, Input, Started, Step } from './application.ts';
export { ivr, type Ivr } from './ivr.ts';
export { beginDeposit, type Deposit, deposit } from './voicemail/deposit.ts';
export type { Mailbox } from './voicemail/mailbox.ts';
export type { VoicemailAnswer } from './voicemail/mailboxes.ts';
