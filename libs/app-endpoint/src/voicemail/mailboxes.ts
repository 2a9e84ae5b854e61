import type { CalendarDay } from '@tipring/prompts';
import type { Snapshot, VoicemailBox } from '@tipring/config';
import type { Party } from '@tipring/telephony';
import type { OfficeChanges } from '../office-changes.ts';
import { targetOf } from '../target-of.ts';
import type { LocalTime, WallClock } from '../wall-clock.ts';
import type { GreetingKind, Mailbox } from './mailbox.ts';
import type { Message, MessageStore, NewMessage } from './message-store.ts';
import { PinGuard } from './pin-guard.ts';

/** What the applications of mailboxes ask and tell. */
export type VoicemailAsk =
  | { readonly ask: 'find'; readonly number: string }
  | { readonly ask: 'hasRoom'; readonly box: string }
  | { readonly ask: 'list'; readonly box: string }
  | { readonly ask: 'checkPin'; readonly box: string; readonly pin: string }
  | { readonly ask: 'changePin'; readonly box: string; readonly pin: string }
  /** Is there such a mailbox, a copy is put there. */
  | { readonly ask: 'forward'; readonly id: string; readonly to: string; readonly by: Party }
  | { readonly ask: 'begin'; readonly message: NewMessage }
  | { readonly ask: 'finish'; readonly id: string; readonly ms: number | null; readonly shortestMs: number; readonly isUrgent: boolean }
  | { readonly ask: 'discard'; readonly id: string }
  | { readonly ask: 'mark'; readonly id: string; readonly is: 'heard' | 'new' }
  | { readonly ask: 'remove'; readonly id: string }
  | { readonly ask: 'keepGreeting'; readonly box: string; readonly kind: GreetingKind; readonly file: string | null }
  | { readonly ask: 'discardFile'; readonly file: string };

export type VoicemailAnswer =
  | { readonly to: 'find'; readonly box: Mailbox | null }
  | { readonly to: 'hasRoom'; readonly hasRoom: boolean }
  | { readonly to: 'list'; readonly messages: readonly DatedMessage[] | null; readonly today: CalendarDay }
  | { readonly to: 'checkPin'; readonly isRight: boolean }
  | { readonly to: 'changePin'; readonly is: 'changed' | 'refused' | 'failed' }
  | { readonly to: 'forward'; readonly isDone: boolean };

/** `local`: when it came, on the wall of the site. */
export type DatedMessage = Message & { readonly local: LocalTime };

export interface MailboxesPorts {
  readonly snapshot: () => Snapshot;
  readonly messages: MessageStore;
  readonly changes: OfficeChanges;
  readonly clock: WallClock;
}

/** The mailboxes of the configuration with what is in them. */
export class Mailboxes {
  readonly clock: WallClock;
  readonly #ports: MailboxesPorts;
  readonly #pins: PinGuard;

  constructor(ports: MailboxesPorts) {
    this.clock = ports.clock;
    this.#ports = ports;
    this.#pins = new PinGuard(() => ports.clock.now());
  }

  /** By its id. */
  mailbox(id: string): Mailbox | undefined {
    const box = this.#ports.snapshot().voicemailBoxes.get(id);
    return box === undefined ? undefined : this.#mailboxOf(box);
  }

  /** By the number of an extension that has it, or its own. */
  find(number: string): Mailbox | undefined {
    const snapshot = this.#ports.snapshot();
    for (const extension of snapshot.extensions.values()) {
      if (extension.number === number) return extension.voicemailBoxId === null ? undefined : this.mailbox(extension.voicemailBoxId);
    }
    for (const box of snapshot.voicemailBoxes.values()) if (box.number === number) return this.#mailboxOf(box);
    return undefined;
  }

  /** What is only told has no answer. */
  ask(ask: VoicemailAsk, answer: (answer: VoicemailAnswer) => void): void {
    const { messages } = this.#ports;
    switch (ask.ask) {
      case 'find':
        return answer({ to: 'find', box: this.find(ask.number) ?? null });
      case 'hasRoom': {
        const most = this.#ports.snapshot().voicemailBoxes.get(ask.box)?.mostMessages ?? 0;
        // Better one message too many than one lost because nobody could count.
        return messages.count(ask.box, (count) => answer({ to: 'hasRoom', hasRoom: count === null || count < most }));
      }
      case 'list':
        return messages.list(ask.box, (all) => answer({ to: 'list', messages: all?.map((message) => this.#dated(message)) ?? null, today: this.clock.local(this.clock.now()) }));
      case 'checkPin':
        return answer({ to: 'checkPin', isRight: this.#pins.isRight(ask.box, ask.pin, this.#ports.snapshot().voicemailBoxes.get(ask.box)?.pin ?? null) });
      case 'changePin':
        if (isGuessed(ask.pin)) return answer({ to: 'changePin', is: 'refused' });
        return this.#ports.changes.changeVoicemailBox(ask.box, { pin: ask.pin }, ({ ok }) => answer({ to: 'changePin', is: ok ? 'changed' : 'failed' }));
      case 'forward': {
        const box = this.find(ask.to);
        if (box !== undefined) messages.forward(ask.id, box.id, ask.by);
        return answer({ to: 'forward', isDone: box !== undefined });
      }
      case 'begin':
        return messages.begin(ask.message);
      case 'finish':
        return messages.finish(ask.id, { ms: ask.ms, shortestMs: ask.shortestMs, isUrgent: ask.isUrgent });
      case 'discard':
        return messages.discard(ask.id);
      case 'mark':
        return messages.mark(ask.id, ask.is);
      case 'remove':
        return messages.remove(ask.id);
      case 'keepGreeting':
        return messages.keepGreeting(ask.box, ask.kind, ask.file);
      case 'discardFile':
        return messages.discardFile(ask.file);
    }
  }

  #mailboxOf({ id, number, greetingId, pin, longestMs, shortestMs, silenceMs, saysWhen, operator, language }: VoicemailBox): Mailbox {
    const owner = [...this.#ports.snapshot().extensions.values()].find(({ voicemailBoxId }) => voicemailBoxId === id);
    return {
      id, longestMs, shortestMs, silenceMs, saysWhen, language,
      number: owner?.number ?? number,
      greetings: this.#ports.messages.greetings(id),
      prompt: greetingId,
      hasPin: pin !== null,
      operator: operator === null ? null : targetOf(operator),
    };
  }

  #dated(message: Message): DatedMessage {
    return { ...message, local: this.clock.local(message.at) };
  }
}

/** Too short, one digit over and over, or a row of them. */
function isGuessed(pin: string): boolean {
  if (!/^[0-9]{4,12}$/.test(pin)) return true;
  const steps = new Set([...pin].slice(1).map((digit, index) => (Number(digit) - Number(pin[index]) + 10) % 10));
  return steps.size === 1 && [0, 1, 9].includes([...steps][0] ?? 0);
}
