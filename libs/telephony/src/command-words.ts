import type { LegCommand, Sound } from './leg.ts';
import type { MediaProfile } from './media.ts';

/** What a leg was told, as the story has it; null: whoever does it tells of it. */
export function wordsFor(command: LegCommand): string | null {
  switch (command.type) {
    case 'alert':
      return 'told: it rings';
    case 'progress':
      return `given early media: ${inUse(command.media)}`;
    case 'answer':
      return `told: answered, ${inUse(command.media)}`;
    case 'sendDigit':
      return `given digit ${command.digit}`;
    case 'sound':
      return command.sound === null ? 'given no tone any more' : `given a tone: ${soundWords[command.sound]}`;
    case 'held':
    case 'resumed':
    case 'silent':
    case 'heard':
    case 'digitPassed':
      return null;
    case 'restoreMedia':
      return 'told to make its media again';
    case 'transfer':
      return `told of its transfer: ${command.is}`;
    case 'moved':
      return `goes over to ${command.context}`;
    case 'party':
      return `told whom it talks to: ${command.party.number}`;
    case 'release':
      return `told to release: ${command.cause}`;
  }
}

export function inUse(media: MediaProfile): string {
  return media.codecs[0]?.name ?? 'no codec';
}

const soundWords: Readonly<Record<Sound, string>> = { preempted: 'the call is taken away', askPin: 'a PIN is to be dialled', refused: 'that was not taken' };
