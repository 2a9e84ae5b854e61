import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a recording that a full disk has no room for fails, and leaves no file open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-recording-'));
  const program = `
    import { readdirSync } from 'node:fs';
    import { readDspModule } from '@tipring/dsp/node';
    import { playerMemory, PlayerSlot } from '${import.meta.dirname}/player-slot.ts';
    import { Recording } from '${import.meta.dirname}/recording.ts';
    import { SoundTools } from '${import.meta.dirname}/sound-tools.ts';
    const slot = { number: 0, memory: new PlayerSlot(playerMemory(1), 0) };
    const tools = new SoundTools(readDspModule(), 1);
    const open = () => readdirSync('/proc/self/fd').length;
    const record = () => new Recording({ number: 1, file: 'a.wav', maxMs: 1000, silenceMs: null, isAppended: false }, slot, tools, '${folder}').end('stopped').how;
    const before = open();
    const ends = Array.from({ length: 5 }, record);
    const left = open() - before;
    process.stdout.write(JSON.stringify({ ends, left }));`;
  // No file may grow at all: it can be made, and nothing be written to it.
  const { stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath, '--conditions=@tipring/source', '--input-type=module-typescript', '-e', program], { encoding: 'utf8', cwd: import.meta.dirname });
  rmSync(folder, { recursive: true });
  expect([stderr, JSON.parse(stdout)]).toEqual(['', { ends: Array.from({ length: 5 }, () => 'failed'), left: 0 }]);
});
