import { z } from 'zod';
import { Destination } from './destination.ts';
import { OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { Language } from './language.ts';
import { ScheduleCondition } from './schedule.ts';

/** What a person may set on a menu. */
export const IvrSettings = z.strictObject({
  key: StableKey,
  number: OwnNumber,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Main menu'] }),
  unless: z
    .array(z.strictObject({ schedule: ScheduleCondition, destination: Destination }).readonly())
    .max(20)
    .readonly()
    .meta({ description: 'Where the call goes in place of the menu; the first that holds decides' }),
  promptId: OpaqueId.nullable().meta({ description: 'What is played; null: it is made of the labels of the choices' }),
  choices: z
    .array(
      z.strictObject({
        digits: z.string().regex(/^[0-9*#]{1,8}$/, 'up to eight digits, * and #'),
        label: z.string().trim().min(1).max(80).meta({ description: 'What it is for', examples: ['Sales'] }),
        destination: Destination,
      }).readonly(),
    )
    .min(1)
    .max(50)
    .readonly(),
  dialsExtensions: z.boolean().meta({ description: 'Internal numbers may be dialled too' }),
  firstDigitMs: z.int().min(1_000).max(60_000).meta({ description: 'Milliseconds that are waited behind the prompt' }),
  interDigitMs: z.int().min(500).max(30_000).meta({ description: 'Milliseconds between two digits, where more may come' }),
  tries: z.int().min(1).max(10).meta({ description: 'How often the menu is played when nothing, or nothing that there is, was chosen' }),
  invalidPromptId: OpaqueId.nullable().meta({ description: 'A prompt in place of the usual “this is not a choice”' }),
  onSilence: Destination.nullable().meta({ description: 'Where the call goes when nothing was chosen; null: it is over' }),
  onInvalid: Destination.nullable().meta({ description: 'Where it goes when nothing that there is was chosen; null: it is over' }),
  language: Language.nullable().meta({ description: 'null: the site’s' }),
});

/** A menu: callers choose where they go. */
export const Ivr = z.strictObject({ id: OpaqueId, ...IvrSettings.shape, ...Versioned.shape });
export type Ivr = Readonly<z.infer<typeof Ivr>>;
