export { type Jobs, type JobsLog, type JobsSettings, type Message, type MessageSource, startJobs } from './jobs.ts';
