import { type Directory as DirectoryRow, type Feature, featureArguments, type Ivr as IvrRow, numberOf, type Snapshot } from '@tipring/config';
import type { Said } from '@tipring/prompts';
import type { Endpoint, EndpointId } from '@tipring/telephony';
import { announcement } from './announcement.ts';
import type { Application } from './application.ts';
import { ApplicationEndpoint } from './application-endpoint.ts';
import type { ApplicationSurroundings } from './application-ports.ts';
import { dialledFor } from './directory/dial-pad.ts';
import { directory, type DirectoryEntry } from './directory/directory.ts';
import { echoTest } from './echo-test.ts';
import { feature } from './features/feature.ts';
import type { FeatureCaller } from './features/feature-caller.ts';
import { OfficeDesk } from './features/office-desk.ts';
import { wakeUpCall } from './features/wake-up.ts';
import type { WakeUps } from './features/wake-ups.ts';
import { ivr } from './ivr.ts';
import { milliwatt } from './milliwatt.ts';
import { parking } from './parking.ts';
import { speakingClock } from './speaking-clock.ts';
import { targetOf } from './target-of.ts';
import type { Mailboxes } from './voicemail/mailboxes.ts';
import type { MessageStore } from './voicemail/message-store.ts';
import { anyMailbox, ownMailbox, takesMessages } from './voicemail/voicemail.ts';

export type OfficeApplicationsPorts = FeatureCaller['ports'] & {
  readonly mailboxes: Mailboxes;
  readonly messages: MessageStore;
  readonly wakeUps: Pick<WakeUps, 'snooze'>;
};

/**
 * Everything that plays, listens and does what it is told in an office, by the names that routing gives: a row's id, `application:echoTest`,
 * `feature:forwardAlways:105`. What is not here (queues, conferences, paging) is of who makes these endpoints.
 */
export class OfficeApplications {
  readonly #ports: OfficeApplicationsPorts;
  readonly #surroundings: ApplicationSurroundings;
  readonly #desk: OfficeDesk;

  constructor(ports: OfficeApplicationsPorts, surroundings: ApplicationSurroundings) {
    this.#ports = ports;
    this.#surroundings = surroundings;
    this.#desk = new OfficeDesk(ports);
  }

  /** Made anew for each call: as it is configured now. Undefined: it is no application of these. */
  find(id: EndpointId): Endpoint | undefined {
    const [kind, name = '', argument = ''] = id.split(':');
    if (kind === 'application') return this.#test(id, name);
    if (kind === 'feature') return Object.hasOwn(featureArguments, name) ? this.#feature(id, name as Feature, argument) : undefined;
    const { mailboxes } = this.#ports;
    const snapshot = this.#ports.snapshot();
    const menu = snapshot.ivrs.get(id);
    if (menu !== undefined) return this.#endpoint(id, ivr(menuOf(menu, snapshot)), menu.language);
    const people = snapshot.directories.get(id);
    if (people !== undefined) return this.#endpoint(id, directory({ entries: this.#entriesOf(people, snapshot) }), people.language);
    const box = mailboxes.mailbox(id);
    if (box !== undefined) return this.#endpoint(id, takesMessages(box, mailboxes), box.language);
    if (snapshot.parkingLots.has(id)) return this.#endpoint(id, parking(id, this.#ports));
    if (snapshot.prompts.has(id)) return this.#endpoint(id, announcement({ said: [{ prompt: id }], times: 1, then: null }));
    return undefined;
  }

  #test(id: EndpointId, name: string): Endpoint | undefined {
    switch (name) {
      case 'echoTest':
        return this.#endpoint(id, echoTest({ mostMs: longestTestMs }));
      case 'milliwatt':
        return this.#endpoint(id, milliwatt({ mostMs: longestTestMs }));
      case 'speakingClock':
        return this.#endpoint(id, speakingClock({ local: (at) => this.#surroundings.clock.local(at), times: 18 }));
      case 'wakeUp':
        return this.#endpoint(id, wakeUpCall({ local: (at) => this.#surroundings.clock.local(at), snooze: this.#ports.wakeUps.snooze }));
      default:
        return undefined;
    }
  }

  #feature(id: EndpointId, name: Feature, argument: string): Endpoint {
    const { mailboxes } = this.#ports;
    if (name === 'voicemail') return this.#endpoint(id, ownMailbox(mailboxes));
    if (name === 'voicemailOf') return this.#endpoint(id, anyMailbox(argument, mailboxes));
    return this.#endpoint(id, feature(name, argument, this.#desk));
  }

  #entriesOf({ extensions, by }: DirectoryRow, snapshot: Snapshot): readonly DirectoryEntry[] {
    const listed = extensions === null ? [...snapshot.extensions.values()] : extensions.flatMap((id) => snapshot.extensions.get(id) ?? []);
    return listed.map(({ number, displayName, voicemailBoxId }) => {
      const words = displayName.split(/[\s-]+/).filter((word) => word !== '');
      const searched = by === 'either' ? words : by === 'firstName' ? words.slice(0, 1) : words.slice(-1);
      const nameFile = voicemailBoxId === null ? null : this.#ports.messages.greetings(voicemailBoxId).name;
      return { number, name: displayName, nameFile, dialled: searched.flatMap(dialledFor) };
    });
  }

  /** In the language of who calls, if he is one of ours; else of what is called, else of the site. */
  #endpoint<State, Ask, Answer>(id: EndpointId, application: Application<State, Ask, Answer>, language: string | null = null): Endpoint {
    const spoken = (number: string): string => {
      const { extensionByNumber, settings } = this.#ports.snapshot();
      return extensionByNumber(number)?.language ?? language ?? settings.voice.language;
    };
    return new ApplicationEndpoint(id, application, ({ number }) => spoken(number), this.#surroundings);
  }
}

function menuOf({ promptId, choices, dialsExtensions, firstDigitMs, interDigitMs, tries, invalidPromptId, onSilence, onInvalid }: IvrRow, snapshot: Snapshot): Parameters<typeof ivr>[0] {
  return {
    said: promptId === null ? choices.flatMap((choice) => offered(choice, snapshot)) : [{ prompt: promptId }],
    invalid: [invalidPromptId === null ? { phrase: 'common.invalid' } : { prompt: invalidPromptId }],
    choices: new Map(choices.map(({ digits, destination }) => [digits, targetOf(destination)])),
    numbers: dialsExtensions ? snapshot.numbers : [],
    firstDigitMs, interDigitMs, tries,
    onSilence: onSilence === null ? null : targetOf(onSilence),
    onInvalid: onInvalid === null ? null : targetOf(onInvalid),
  };
}

/** Where nobody recorded a menu: what is dialled, and the number it leads to, or the label letter by letter. */
function offered({ digits, label, destination }: IvrRow['choices'][number], snapshot: Snapshot): readonly Said[] {
  const number = numberOf(destination, snapshot);
  return [{ phrase: 'directory.press' }, { digits }, { phrase: 'directory.for' }, ...(number === null ? [{ spelled: label } as const] : [{ phrase: 'directory.extension' } as const, { digits: number } as const]), { silenceMs: 300 }];
}

/** Who forgets to hang up does not keep a line. */
const longestTestMs = 600_000;
