import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Phrases } from '@tipring/app-endpoint';
import type { Snapshot } from '@tipring/config';
import { languageOf, languages, type Piece, type Said, spoken } from '@tipring/prompts';

/** What is played in this office: the spoken set, its own recordings in its place, the prompts of its configuration, and music. */
export class OfficeSounds implements Phrases {
  readonly #folder: string;
  readonly #snapshot: () => Snapshot;
  /** Asked for with every sentence, and seldom changed: `forget` after an upload. */
  readonly #uploaded = new Map<string, boolean>();

  /** @param folder the gateway's folder of sounds */
  constructor(folder: string, snapshot: () => Snapshot) {
    this.#folder = folder;
    this.#snapshot = snapshot;
  }

  pieces(language: string, said: readonly Said[]): readonly Piece[] {
    const own = languageOf(language) ?? this.#snapshot().settings.voice.language;
    return spoken(said, { language: own, isUploaded: (file) => this.#isUploaded(file), promptFile: (prompt) => this.#promptFile(prompt, own) });
  }

  /** What those hear who wait; null: the site's class, and where there is none what comes with the system. */
  music(classId: string | null): readonly Piece[] {
    const { musicClasses, settings } = this.#snapshot();
    const music = musicClasses.get(classId ?? '') ?? musicClasses.get(settings.voice.musicClassId ?? '');
    if (music === undefined) return [{ file: 'music/tipring.wav' }];
    const files = music.order === 'shuffled' ? shuffled(music.files) : music.files;
    return files.map((file) => ({ file }));
  }

  /** Files have come or gone. */
  forget(): void {
    this.#uploaded.clear();
  }

  #isUploaded(file: string): boolean {
    let known = this.#uploaded.get(file);
    if (known === undefined) this.#uploaded.set(file, (known = existsSync(join(this.#folder, file))));
    return known;
  }

  /** Who is to hear it in a language that it is not in hears the first that there is. */
  #promptFile(id: string, language: (typeof languages)[number]): string | undefined {
    const spokenIn = this.#snapshot().prompts.get(id)?.spoken;
    for (const one of [language, ...languages]) {
      const said = spokenIn?.[one];
      if (said !== undefined) return 'file' in said ? said.file : spokenTextFile(one, said.text);
    }
    return undefined;
  }
}

/** Where the system's own voice says a text of the configuration. */
export function spokenTextFile(language: string, text: string): string {
  return `texts/${language}/${createHash('sha256').update(text).digest('hex').slice(0, 32)}.wav`;
}

function shuffled(files: readonly string[]): readonly string[] {
  const order = [...files];
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}
