export { GivenUp } from './given-up.ts';
export { type Jobs, startJobs } from './jobs.ts';
export type { JobsLog, JobsSettings, Later, Message, MessageSource, Task } from './jobs-settings.ts';
export { type Mail, type MailServerSettings, sendMail } from './mail/mailer.ts';
export { type MailedMessage, voicemailMail, type VoicemailMailSettings } from './mail/voicemail-mail.ts';
export { type PostedWebhook, postWebhook } from './webhooks/post-webhook.ts';
export { signedHeaders } from './webhooks/signature.ts';
