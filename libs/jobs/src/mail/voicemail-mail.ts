import type { Mail } from './mailer.ts';

export interface MailedMessage {
  readonly id: string;
  readonly from: { readonly number: string; readonly name?: string | undefined; readonly anonymous?: boolean | undefined };
  /** Ms since the epoch. */
  readonly at: number;
  readonly ms: number;
  readonly isUrgent: boolean;
  readonly forwardedBy: string | null;
}

export interface VoicemailMailSettings {
  readonly to: readonly string[];
  readonly box: string;
  readonly language: string;
  readonly timeZone: string;
  /** For Message-ID: the domain that mail comes from. */
  readonly domain: string;
  /** The recording: a path, or why it is not there. */
  readonly attachment: { readonly path: string } | 'notWanted' | 'tooLong' | 'gone';
}

/** What somebody gets of a new message. Sent twice, it has the same Message-ID: a mail program shows one. */
export function voicemailMail(message: MailedMessage, { to, box, language, timeZone, domain, attachment }: VoicemailMailSettings): Mail {
  const words = texts[language.toLowerCase().split('-')[0] ?? ''] ?? texts['en']!;
  const who = callerOf(message, words.unknown);
  const length = lengthOf(message.ms);
  const at = new Date(message.at);
  const lines = [
    words.heading(box),
    '',
    `${words.from}: ${who}`,
    `${words.received}: ${new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(at)}`,
    `${words.length}: ${length}`,
    ...(message.isUrgent ? [words.urgent] : []),
    ...(message.forwardedBy === null ? [] : [`${words.forwardedBy}: ${message.forwardedBy}`]),
    ...(typeof attachment === 'string' && attachment !== 'notWanted' ? ['', words[attachment]] : []),
  ];
  return {
    to: [...to],
    subject: `${message.isUrgent ? `${words.urgent} ` : ''}${words.subject(who, length)}`,
    date: at,
    text: `${lines.join('\n')}\n`,
    messageId: `<${message.id}@${domain}>`,
    priority: message.isUrgent ? 'high' : 'normal',
    // RFC 3834: no out-of-office replies to it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(typeof attachment === 'string' ? {} : { attachments: [{ path: attachment.path, filename: `${at.toISOString().slice(0, 19).replaceAll(':', '-')}.wav`, contentType: 'audio/wav' }] }),
  };
}

/** What a caller says of himself is shown on one line. */
function callerOf({ from: { number, name, anonymous } }: MailedMessage, unknown: string): string {
  const shown = anonymous === true ? '' : [name, number].filter((part) => part !== undefined && part !== '').join(', ');
  const line = shown.replaceAll(/\p{C}+/gu, ' ').trim().slice(0, 100);
  return line === '' ? unknown : line;
}

function lengthOf(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

interface Words {
  readonly subject: (who: string, length: string) => string;
  readonly heading: (box: string) => string;
  readonly from: string;
  readonly received: string;
  readonly length: string;
  readonly urgent: string;
  readonly forwardedBy: string;
  readonly unknown: string;
  readonly tooLong: string;
  readonly gone: string;
}

const texts: Readonly<Record<string, Words>> = {
  en: {
    subject: (who, length) => `Voice message from ${who} (${length})`, heading: (box) => `New voice message for ${box}`, from: 'From', received: 'Received', length: 'Length', urgent: 'Urgent!',
    forwardedBy: 'Forwarded by', unknown: 'an unknown caller', tooLong: 'The recording is too long to be attached.', gone: 'The recording is not there any more.',
  },
  de: {
    subject: (who, length) => `Sprachnachricht von ${who} (${length})`, heading: (box) => `Neue Sprachnachricht für ${box}`, from: 'Von', received: 'Empfangen', length: 'Länge', urgent: 'Dringend!',
    forwardedBy: 'Weitergeleitet von', unknown: 'einem unbekannten Anrufer', tooLong: 'Die Aufnahme ist zu lang, um angehängt zu werden.', gone: 'Die Aufnahme ist nicht mehr da.',
  },
  fr: {
    subject: (who, length) => `Message vocal de ${who} (${length})`, heading: (box) => `Nouveau message vocal pour ${box}`, from: 'De', received: 'Reçu', length: 'Durée', urgent: 'Urgent !',
    forwardedBy: 'Transféré par', unknown: 'un appelant inconnu', tooLong: "L'enregistrement est trop long pour être joint.", gone: "L'enregistrement n'est plus là.",
  },
  es: {
    subject: (who, length) => `Mensaje de voz de ${who} (${length})`, heading: (box) => `Nuevo mensaje de voz para ${box}`, from: 'De', received: 'Recibido', length: 'Duración', urgent: '¡Urgente!',
    forwardedBy: 'Reenviado por', unknown: 'un número desconocido', tooLong: 'La grabación es demasiado larga para adjuntarla.', gone: 'La grabación ya no está.',
  },
};
