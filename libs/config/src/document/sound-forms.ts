import { z } from 'zod';
import { MusicClassSettings } from '../music-class.ts';
import { PagingZoneSettings } from '../paging-zone.ts';
import { PromptSettings } from '../prompt.ts';
import { usual } from '../usual.ts';
import { DisplayName, type Form, nameOf } from './form.ts';
import { leavingOut } from './leaving-out.ts';
import { keyOf } from './references.ts';

/* Music, prompts and paging zones. */

const { files, order } = MusicClassSettings.shape;
const WrittenMusicClass = z.strictObject({ displayName: DisplayName, files, ...leavingOut({ order }, usual.musicClass) });

export const musicClassForm: Form<'musicClass', typeof WrittenMusicClass> = {
  schema: WrittenMusicClass,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ displayName, files, order }) => ({ displayName, files, order }),
  read: ({ displayName, ...rest }, { key }) => ({ displayName: displayName ?? nameOf(key), ...rest }),
};

const WrittenPrompt = z.strictObject({ displayName: DisplayName, spoken: PromptSettings.shape.spoken });

export const promptForm: Form<'prompt', typeof WrittenPrompt> = {
  schema: WrittenPrompt,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ displayName, spoken }) => ({ displayName, spoken }),
  read: ({ displayName, ...rest }, { key }) => ({ displayName: displayName ?? nameOf(key), ...rest }),
};

const zone = PagingZoneSettings.shape;
const { preTone, priority, interruptsCalls, longestMs } = zone;
const { multicast: usualMulticast, extensions: _extensions, ...usualZone } = usual.pagingZone;
const WrittenPagingZone = z.strictObject({
  ...leavingOut({ number: zone.number }, { number: null }),
  displayName: DisplayName,
  extensions: z.array(keyOf('an extension')).max(200).readonly().default([]).meta({ description: 'Their telephones answer by themselves; paging amplifiers are stations of one' }),
  multicast: z
    .array(z.strictObject(leavingOut(zone.multicast.unwrap().element.unwrap().shape, usualMulticast)).readonly())
    .max(16)
    .readonly()
    .default([])
    .meta({ description: 'RTP is sent there, for telephones and loudspeakers that listen' }),
  ...leavingOut({ preTone }, { preTone: usualZone.preTone }),
  prompt: keyOf('a prompt').nullable().default(null).meta({ description: 'A prompt behind the tone' }),
  ...leavingOut({ priority, interruptsCalls, longestMs }, { priority: usualZone.priority, interruptsCalls: usualZone.interruptsCalls, longestMs: usualZone.longestMs }),
});

export const pagingZoneForm: Form<'pagingZone', typeof WrittenPagingZone> = {
  schema: WrittenPagingZone,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ number, displayName, extensions, multicast, preTone, promptId, priority, interruptsCalls, longestMs }, to) => ({
    number, displayName, extensions: extensions.map((id) => to.key('extension', id)), multicast, preTone, prompt: promptId && to.key('prompt', promptId), priority, interruptsCalls, longestMs,
  }),
  read: ({ displayName, extensions, prompt, ...rest }, from) => ({
    ...rest,
    displayName: displayName ?? nameOf(from.key),
    extensions: extensions.map((key, at) => from.id('extension', key, `/extensions/${at}`)),
    promptId: prompt && from.id('prompt', prompt, '/prompt'),
  }),
};
