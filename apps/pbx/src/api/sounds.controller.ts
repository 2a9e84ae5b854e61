import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Body, Controller, Inject, Param, Query, Res } from '@nestjs/common';
import { type Snapshot, SoundFile } from '@tipring/config';
import { readWav, wavBeginning } from '@tipring/gateway';
import { AuditLog, type Author, LiveConfiguration, newId } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { SOUNDS_CHANGED, SOUNDS_FOLDER } from './ports.ts';
import { refuse } from './problem.ts';
import { Instant } from './representations.ts';

const Upload = SoundFile.refine((file) => file.startsWith('uploads/'), 'below uploads/: the rest is the system’s own');
const ByFile = z.object({ file: Upload });
const SoundRepresentation = z
  .object({ file: z.string().meta({ description: 'As the configuration names it', examples: ['uploads/hold/guitar.wav'] }), octets: z.int(), durationMs: z.int(), modifiedAt: Instant })
  .meta({ id: 'Sound', description: 'A recording of one’s own: a prompt, music, or in place of one of the spoken set' });
const Wav = z.instanceof(Uint8Array).meta({ id: 'Wav', description: 'WAV: 16-bit PCM at 8, 16 or 48 kHz, A-law or µ-law at 8 kHz; 32 MiB at most' });
const Cursor = z.tuple([z.string()]);

/** Recordings of one's own, in the folder of sounds. `uploads/LANGUAGE/ID.wav` is heard in place of that clip of the spoken set. */
@Controller('api/v1/sounds')
export class SoundsController {
  readonly #configuration: LiveConfiguration;
  readonly #audit: AuditLog;
  readonly #folder: string;
  readonly #changed: () => void;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(AuditLog) audit: AuditLog, @Inject(SOUNDS_FOLDER) folder: string, @Inject(SOUNDS_CHANGED) changed: () => void) {
    this.#configuration = configuration;
    this.#audit = audit;
    this.#folder = folder;
    this.#changed = changed;
  }

  @Operation({ method: 'GET', path: '', id: 'listSounds', summary: 'Recordings of one’s own, by name', scope: 'read', status: 200, response: pageOf('Sound', SoundRepresentation), problems: ['invalidCursor'] })
  async list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const found = await readdir(join(this.#folder, 'uploads'), { recursive: true }).catch(() => []);
    const files = found.map((name) => `uploads/${name}`).filter((file) => Upload.safeParse(file).success && (after === undefined || file > after)).sort();
    const sounds = (await Promise.all(files.slice(0, query.limit + 1).map((file) => this.#look(file)))).filter((sound) => sound !== undefined);
    return page(sounds, query.limit, ({ file }) => [file], (sound) => sound);
  }

  @Operation({ method: 'GET', path: ':file', id: 'getSound', summary: 'One recording', description: 'Slashes in the name are written as %2F.', scope: 'read', status: 200, mediaType: 'audio/wav', problems: ['notFound'] })
  async get(@Param({ schema: ByFile }) { file }: z.infer<typeof ByFile>, @Res() reply: FastifyReply): Promise<void> {
    const sound = (await this.#look(file)) ?? missing();
    await reply.header('content-type', 'audio/wav').header('content-length', sound.octets).send(createReadStream(join(this.#folder, file)));
  }

  @Operation({
    method: 'PUT', path: ':file', id: 'putSound', summary: 'Upload a recording', description: 'In place of what was there. Heard from the next time on that it is played. Slashes in the name are written as %2F.',
    scope: 'write', status: 200, response: SoundRepresentation, bodyTypes: ['audio/wav'], problems: ['notAWav', 'payloadTooLarge', 'unsupportedMediaType'],
  })
  async put(@Param({ schema: ByFile }) { file }: z.infer<typeof ByFile>, @Body({ schema: Wav }) body: Uint8Array, @Caller() caller: Author) {
    const audio = readWav(body.subarray(0, wavBeginning), body.length);
    if (typeof audio === 'string') return refuse('notAWav', `${audio[0]?.toUpperCase()}${audio.slice(1)}. Send WAV: 16-bit PCM, A-law or µ-law.`);
    const rates = audio.encoding === 'pcm16' ? [8_000, 16_000, 48_000] : [8_000];
    if (!rates.includes(audio.rateHz)) return refuse('notAWav', `Its rate is ${audio.rateHz} Hz. Send 16-bit PCM at 8, 16 or 48 kHz, A-law or µ-law at 8 kHz.`);
    const path = join(this.#folder, file);
    // Whoever plays the former one goes on with it.
    const draft = join(dirname(path), `.${newId('snd')}`);
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(draft, body, { mode: 0o600 });
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
    this.#changed();
    await this.#audit.record(caller, 'upload', `sound:${file}`, null, { octets: body.length });
    return (await this.#look(file)) ?? missing();
  }

  @Operation({ method: 'DELETE', path: ':file', id: 'deleteSound', summary: 'Delete a recording', description: 'One that the configuration names stays. Slashes in the name are written as %2F.', scope: 'write', status: 204, problems: ['notFound', 'inUse'] })
  async remove(@Param({ schema: ByFile }) { file }: z.infer<typeof ByFile>, @Caller() caller: Author): Promise<void> {
    if ((await this.#look(file)) === undefined) missing();
    const users = usersOf(file, this.#configuration.snapshot);
    if (users.length > 0) refuse('inUse', `These play it: ${users.join(', ')}. Let them play another one first.`);
    await rm(join(this.#folder, file), { force: true });
    this.#changed();
    await this.#audit.record(caller, 'delete', `sound:${file}`, {}, null);
  }

  /** Undefined: it is not there. One that is no WAV any more has no length. */
  async #look(file: string): Promise<z.infer<typeof SoundRepresentation> | undefined> {
    const path = join(this.#folder, file);
    const known = await stat(path).catch(() => undefined);
    if (known?.isFile() !== true) return undefined;
    const handle = await open(path).catch(() => undefined);
    if (handle === undefined) return undefined;
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(wavBeginning), 0, wavBeginning, 0);
      const audio = readWav(buffer.subarray(0, bytesRead), known.size);
      const durationMs = typeof audio === 'string' ? 0 : Math.round((1000 * audio.dataOctets) / (audio.rateHz * audio.channels * (audio.encoding === 'pcm16' ? 2 : 1)));
      return { file, octets: known.size, durationMs, modifiedAt: known.mtime.toISOString() };
    } finally {
      await handle.close();
    }
  }
}

function missing(): never {
  return refuse('notFound', 'There is no such recording. GET /api/v1/sounds lists them.');
}

function usersOf(file: string, { musicClasses, prompts }: Snapshot): readonly string[] {
  const music = [...musicClasses.values()].filter(({ files }) => files.includes(file)).map(({ key }) => `music class ${key}`);
  const said = [...prompts.values()].filter(({ spoken }) => Object.values(spoken).some((one) => one !== undefined && 'file' in one && one.file === file)).map(({ key }) => `prompt ${key}`);
  return [...music, ...said];
}
