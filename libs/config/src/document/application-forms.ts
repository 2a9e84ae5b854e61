import { z } from 'zod';
import { ConferenceSettings } from '../conference.ts';
import { DirectorySettings } from '../directory.ts';
import { IvrSettings } from '../ivr.ts';
import { ParkingLotSettings } from '../parking-lot.ts';
import { usual } from '../usual.ts';
import { AccessPin, VoicemailBoxSettings } from '../voicemail-box.ts';
import { DisplayName, type Form, nameOf, type Reading, WrittenSecret, type Writing } from './form.ts';
import { leavingOut } from './leaving-out.ts';
import { conditionOf, destinationOf, keyOf, mayDestinationOf, MayWrittenDestination, writtenCondition, WrittenCondition, writtenDestination, WrittenDestination } from './references.ts';

/* Voicemail boxes, menus, conferences, parking lots and directories. */

const WrittenPin = WrittenSecret.unwrap().nullable().optional().meta({ description: 'As it was exported (`sealed:…`), or plain: a new one; null: none; left out: it stays what it is' });

function writtenPin(pin: string | null, to: Writing): string | null {
  return pin === null ? null : to.secret(pin, 'pin');
}

function pinOf(written: string | null | undefined, kept: string | null | undefined, place: string, from: Reading): string | null {
  if (written === undefined) return kept ?? null;
  return written && from.secret(written, 'pin', AccessPin, undefined, place);
}

const MayPrompt = keyOf('a prompt').nullable().default(null);
const MayMusic = keyOf('a class of music').nullable().default(null);

const { number: boxNumber, longestMs, shortestMs, silenceMs, mostMessages, keepDays, saysWhen, mail, language } = VoicemailBoxSettings.shape;
const { mail: usualMail, ...usualBox } = usual.voicemailBox;
const { to, ...how } = mail.unwrap().unwrap().shape;
const WrittenVoicemailBox = z.strictObject({
  ...leavingOut({ number: boxNumber }, { number: null }),
  displayName: DisplayName,
  pin: WrittenPin,
  greeting: MayPrompt,
  operator: MayWrittenDestination,
  ...leavingOut({ longestMs, shortestMs, silenceMs, mostMessages, keepDays, saysWhen }, { ...usualBox, keepDays: null }),
  mail: z.strictObject({ to, ...leavingOut(how, usualMail) }).readonly().nullable().default(null).meta({ description: 'Who gets mail of new messages' }),
  ...leavingOut({ language }, { language: null }),
});

export const voicemailBoxForm: Form<'voicemailBox', typeof WrittenVoicemailBox> = {
  schema: WrittenVoicemailBox,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ number, displayName, pin, greetingId, operator, longestMs, shortestMs, silenceMs, mostMessages, keepDays, saysWhen, mail, language }, to) => ({
    number, displayName, pin: writtenPin(pin, to), greeting: greetingId && to.key('prompt', greetingId), operator: operator && writtenDestination(operator, to),
    longestMs, shortestMs, silenceMs, mostMessages, keepDays, saysWhen, mail, language,
  }),
  read: ({ displayName, pin, greeting, operator, ...rest }, from) => ({
    ...rest,
    displayName: displayName ?? nameOf(from.key),
    pin: pinOf(pin, from.current?.pin, '/pin', from as unknown as Reading),
    greetingId: greeting && from.id('prompt', greeting, '/greeting'),
    operator: mayDestinationOf(operator, '/operator', from),
  }),
};

const menu = IvrSettings.shape;
const { digits, label } = menu.choices.unwrap().element.unwrap().shape;
const { dialsExtensions, firstDigitMs, interDigitMs, tries } = menu;
const { unless: _unless, ...usualMenu } = usual.ivr;
const WrittenIvr = z.strictObject({
  ...leavingOut({ number: menu.number }, { number: null }),
  displayName: DisplayName,
  unless: z
    .array(z.strictObject({ schedule: WrittenCondition, destination: WrittenDestination }).readonly())
    .max(20)
    .readonly()
    .default([])
    .meta({ description: 'Where the call goes in place of the menu; the first that holds decides' }),
  prompt: MayPrompt.meta({ description: 'What is played; null: it is made of the labels of the choices' }),
  choices: z.array(z.strictObject({ digits, label, destination: WrittenDestination }).readonly()).min(1).max(50).readonly(),
  ...leavingOut({ dialsExtensions, firstDigitMs, interDigitMs, tries }, usualMenu),
  invalidPrompt: MayPrompt.meta({ description: 'In place of the usual “this is not a choice”' }),
  onSilence: MayWrittenDestination,
  onInvalid: MayWrittenDestination,
  ...leavingOut({ language: menu.language }, { language: null }),
});

export const ivrForm: Form<'ivr', typeof WrittenIvr> = {
  schema: WrittenIvr,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ number, displayName, unless, promptId, choices, dialsExtensions, firstDigitMs, interDigitMs, tries, invalidPromptId, onSilence, onInvalid, language }, to) => ({
    number, displayName,
    unless: unless.map(({ schedule, destination }) => ({ schedule: writtenCondition(schedule, to), destination: writtenDestination(destination, to) })),
    prompt: promptId && to.key('prompt', promptId),
    choices: choices.map(({ digits, label, destination }) => ({ digits, label, destination: writtenDestination(destination, to) })),
    dialsExtensions, firstDigitMs, interDigitMs, tries,
    invalidPrompt: invalidPromptId && to.key('prompt', invalidPromptId),
    onSilence: onSilence && writtenDestination(onSilence, to),
    onInvalid: onInvalid && writtenDestination(onInvalid, to),
    language,
  }),
  read: ({ displayName, unless, prompt, choices, invalidPrompt, onSilence, onInvalid, ...rest }, from) => ({
    ...rest,
    displayName: displayName ?? nameOf(from.key),
    unless: unless.map(({ schedule, destination }, at) => ({ schedule: conditionOf(schedule, `/unless/${at}/schedule`, from), destination: destinationOf(destination, `/unless/${at}/destination`, from) })),
    promptId: prompt && from.id('prompt', prompt, '/prompt'),
    choices: choices.map(({ destination, ...choice }, at) => ({ ...choice, destination: destinationOf(destination, `/choices/${at}/destination`, from) })),
    invalidPromptId: invalidPrompt && from.id('prompt', invalidPrompt, '/invalidPrompt'),
    onSilence: mayDestinationOf(onSilence, '/onSilence', from),
    onInvalid: mayDestinationOf(onInvalid, '/onInvalid', from),
  }),
};

const { key: _key1, displayName: _name1, number: roomNumber, pin: _pin, moderatorPin: _moderatorPin, musicClassId: _music1, language: spoken, ...room } = ConferenceSettings.shape;
const WrittenConference = z.strictObject({
  ...leavingOut({ number: roomNumber }, { number: null }),
  displayName: DisplayName,
  pin: WrittenPin,
  moderatorPin: WrittenPin,
  ...leavingOut(room, usual.conference),
  musicClass: MayMusic,
  ...leavingOut({ language: spoken }, { language: null }),
});

export const conferenceForm: Form<'conference', typeof WrittenConference> = {
  schema: WrittenConference,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ id: _id, key: _key, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, pin, moderatorPin, musicClassId, ...rest }, to) => ({
    ...rest, pin: writtenPin(pin, to), moderatorPin: writtenPin(moderatorPin, to), musicClass: musicClassId && to.key('musicClass', musicClassId),
  }),
  read: ({ displayName, pin, moderatorPin, musicClass, ...rest }, from) => ({
    ...rest,
    displayName: displayName ?? nameOf(from.key),
    pin: pinOf(pin, from.current?.pin, '/pin', from as unknown as Reading),
    moderatorPin: pinOf(moderatorPin, from.current?.moderatorPin, '/moderatorPin', from as unknown as Reading),
    musicClassId: musicClass && from.id('musicClass', musicClass, '/musicClass'),
  }),
};

const { number: lotNumber, slots, timeoutMs } = ParkingLotSettings.shape;
const WrittenParkingLot = z.strictObject({
  ...leavingOut({ number: lotNumber }, { number: null }),
  displayName: DisplayName,
  slots,
  ...leavingOut({ timeoutMs }, usual.parkingLot),
  otherwise: MayWrittenDestination,
  musicClass: MayMusic,
});

export const parkingLotForm: Form<'parkingLot', typeof WrittenParkingLot> = {
  schema: WrittenParkingLot,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ number, displayName, slots, timeoutMs, otherwise, musicClassId }, to) => ({
    number, displayName, slots, timeoutMs, otherwise: otherwise && writtenDestination(otherwise, to), musicClass: musicClassId && to.key('musicClass', musicClassId),
  }),
  read: ({ displayName, otherwise, musicClass, ...rest }, from) => ({
    ...rest,
    displayName: displayName ?? nameOf(from.key),
    otherwise: mayDestinationOf(otherwise, '/otherwise', from),
    musicClassId: musicClass && from.id('musicClass', musicClass, '/musicClass'),
  }),
};

const { number: directoryNumber, by, language: directoryLanguage } = DirectorySettings.shape;
const WrittenDirectory = z.strictObject({
  ...leavingOut({ number: directoryNumber }, { number: null }),
  displayName: DisplayName,
  extensions: z.array(keyOf('an extension')).max(10_000).readonly().nullable().default(null).meta({ description: 'Who can be found; null: everybody' }),
  ...leavingOut({ by, language: directoryLanguage }, { ...usual.directory, language: null }),
});

export const directoryForm: Form<'directory', typeof WrittenDirectory> = {
  schema: WrittenDirectory,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ number, displayName, extensions, by, language }, to) => ({ number, displayName, extensions: extensions && extensions.map((id) => to.key('extension', id)), by, language }),
  read: ({ displayName, extensions, ...rest }, from) => ({
    ...rest, displayName: displayName ?? nameOf(from.key), extensions: extensions && extensions.map((key, at) => from.id('extension', key, `/extensions/${at}`)),
  }),
};
