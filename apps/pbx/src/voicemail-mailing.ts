import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobsLog, type Message, type Later, sendMail, type Task, voicemailMail } from '@tipring/jobs';
import type { VoicemailMessage } from '@tipring/store';
import type { LateOffice } from './late-office.ts';

export interface VoicemailMailingPorts {
  readonly office: () => LateOffice;
  /** The folder of sounds. */
  readonly sounds: string;
  /** Undefined: it is gone. */
  readonly find: (id: string) => Promise<VoicemailMessage | undefined>;
  /** It was mailed, and its box keeps none that was. */
  readonly delivered: (id: string) => void;
  readonly log: JobsLog;
}

/** A new message of which somebody wants mail: told by the outbox, sent in its own time. */
export async function mailLater({ payload }: Message, later: Later, office: LateOffice): Promise<void> {
  const { id, box } = payload as { readonly id: string; readonly box: string };
  if (office.mail !== null && office.mailedBoxes[box] !== undefined) await later(voicemailMailTask, id, { id });
}

export const voicemailMailTask = 'voicemailMail';

/** Mail as the configuration is when it is sent, for half a day: servers are away at night. */
export function voicemailMailing({ office, sounds, find, delivered, log }: VoicemailMailingPorts): Task {
  async function run(data: unknown): Promise<void> {
    const { id } = data as { readonly id: string };
    const message = await find(id);
    const { mail, mailedBoxes, timeZone } = office();
    const box = message === undefined ? undefined : mailedBoxes[message.box];
    if (message === undefined || box === undefined || mail === null) return;
    const attachment = box.attaches ? await attachable(join(sounds, message.file)) : 'notWanted';
    const { refused } = await sendMail(voicemailMail(message, { to: box.to, box: box.name, language: box.language, timeZone, domain: mail.from.split('@')[1] ?? 'localhost', attachment }), mail);
    if (refused.length > 0) log('warn', 'mailRefused', { message: id, refused });
    // What it says is not delivered by a mail that says only that there is one.
    if (box.deletes && typeof attachment !== 'string') delivered(id);
  }
  return {
    attempts: 20,
    waitMs: (attempts) => Math.min(10_000 * 2 ** (attempts - 1), 3_600_000),
    async run(data, { isLast }) {
      try {
        await run(data);
      } catch (error) {
        if (isLast) log('error', 'mailGivenUp', { ...(data as object), reason: String(error) });
        throw error;
      }
    },
  };
}

async function attachable(path: string): Promise<{ readonly path: string } | 'tooLong' | 'gone'> {
  try {
    return (await stat(path)).size > LARGEST_ATTACHMENT ? 'tooLong' : { path };
  } catch {
    return 'gone';
  }
}

/** Of many servers the limit is 20 MB, and a mail is a third longer than what is in it. */
const LARGEST_ATTACHMENT = 14 << 20;
