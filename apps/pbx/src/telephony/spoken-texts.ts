import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '@tipring/config';
import { spokenTextFile } from './office-sounds.ts';

export interface SpokenTextsSettings {
  /** The gateway's folder of sounds. */
  readonly folder: string;
  /** Command that speaks: LANGUAGE and FILE are added, the text is on its standard input. Empty: nothing does. */
  readonly speaker: readonly string[];
  readonly log: (event: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Prompts that were written, not recorded: what of them has not been spoken yet is, one text after the other, at the lowest priority. Until then nothing is said in their place. */
export class SpokenTexts {
  readonly #settings: SpokenTextsSettings;
  #waiting = new Map<string, { readonly language: string; readonly text: string }>();
  #speaking: ChildProcess | undefined;
  #isClosed = false;
  #idle: Promise<void> = Promise.resolve();

  constructor(settings: SpokenTextsSettings) {
    this.#settings = settings;
  }

  /** As it is configured now. */
  follow({ prompts }: Snapshot): void {
    const wanted = new Map<string, { readonly language: string; readonly text: string }>();
    for (const { spoken } of prompts.values()) {
      for (const [language, said] of Object.entries(spoken)) {
        if (said === undefined || !('text' in said)) continue;
        const file = spokenTextFile(language, said.text);
        if (!existsSync(join(this.#settings.folder, file))) wanted.set(file, { language, text: said.text });
      }
    }
    this.#waiting = wanted;
    if (wanted.size === 0 || this.#isClosed) return;
    if (this.#settings.speaker.length === 0) return this.#settings.log('textsNotSpoken', { texts: wanted.size, hint: 'There is no synthesiser here. Upload recordings (PUT /api/v1/sounds/…) and name them in the prompts.' });
    if (this.#speaking === undefined) this.#idle = this.#speakAll();
  }

  /** When all has been spoken that can be. */
  idle(): Promise<void> {
    return this.#idle;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.clear();
    this.#speaking?.kill();
    await this.#idle;
  }

  async #speakAll(): Promise<void> {
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      const [file, { language, text }] = next;
      this.#waiting.delete(file);
      const code = await this.#speak(language, join(this.#settings.folder, file), text);
      if (code !== 0 && !this.#isClosed) this.#settings.log('textNotSpoken', { language, text: text.slice(0, 80), code, hint: 'It is tried again with the next change of a prompt, and at the next start.' });
    }
  }

  /** @returns its exit code, null: it was ended or could not be started */
  async #speak(language: string, path: string, text: string): Promise<number | null> {
    const [program = '', ...given] = this.#settings.speaker;
    const child = spawn(program, [...given, language, path], { stdio: ['pipe', 'ignore', 'ignore'] });
    this.#speaking = child;
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      return code;
    } catch {
      return null;
    } finally {
      this.#speaking = undefined;
    }
  }
}
