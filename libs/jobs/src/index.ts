export { type Jobs, startJobs } from './jobs.ts';
export type { JobsLog, JobsSettings, Message, MessageSource } from './jobs-settings.ts';
