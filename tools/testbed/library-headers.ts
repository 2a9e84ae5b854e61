import { existsSync } from 'node:fs';

const headers = { spandsp: 'spandsp.h', speexdsp: 'speex/speex_preprocess.h' } as const;

/** Whether programs can be compiled against a library of the distribution (`lib…-dev`): its header is where Debian puts it. */
export function isInstalled(library: keyof typeof headers): boolean {
  const multiarch = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return ['/usr/include', `/usr/include/${multiarch}`].some((folder) => existsSync(`${folder}/${headers[library]}`));
}
