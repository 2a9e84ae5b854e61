import { existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composedMusic } from '../music/compose.mjs';
import { buildPrompts, missingLanguages, promptsFolder } from '../prompts/build.mjs';
import { say, step } from './progress.mjs';

/**
 * Lets `SOUNDS/prompts` lead to the spoken set of these sources, and makes what of it is missing behind everything else: a PBX is not kept waiting for
 * its voice. Until a language is there, what is said in it is left out. Never rejects.
 * @param {string} sounds the gateway's folder of sounds
 * @returns {{ stop(): Promise<void>, kill(): void }}
 */
export function promptSet(sounds) {
  const ended = new AbortController();
  mkdirSync(promptsFolder(), { recursive: true });
  mkdirSync(sounds, { recursive: true, mode: 0o700 });
  const draft = join(sounds, `.prompts.${process.pid}`);
  symlinkSync(promptsFolder(), draft);
  renameSync(draft, join(sounds, 'prompts'));
  placeMusic(sounds);
  const done =
    missingLanguages().length === 0
      ? Promise.resolve()
      : step('Recording the spoken prompts, behind', () => buildPrompts({ signal: ended.signal, isLast: true }).then(() => {})).catch((error) => {
          if (!ended.signal.aborted) say(`  There are not all prompts: ${error.message} What has none is not said.`);
        });
  return {
    stop() {
      ended.abort();
      return done;
    },
    kill: () => ended.abort(),
  };
}

/** The same for tests, which wait for it. */
export async function builtPrompts() {
  if (missingLanguages().length > 0) await step('Recording the spoken prompts', () => buildPrompts());
}

/** What those hear who wait, until somebody has music of his own. @param {string} sounds */
function placeMusic(sounds) {
  const file = join(sounds, 'music/tipring.wav');
  if (existsSync(file)) return;
  mkdirSync(join(sounds, 'music'), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, composedMusic());
  renameSync(draft, file);
}
