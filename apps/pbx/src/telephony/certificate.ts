import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, selfSigned } from '@tipring/sip';

/** tls/cert.pem and tls/key.pem of the data folder; made, self-signed, when there are none. Put your own there. */
export function certificate(dataFolder: string, names: readonly string[]): Certificate {
  const folder = join(dataFolder, 'tls');
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  if (!existsSync(paths.cert) || !existsSync(paths.key)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const made = selfSigned({ names, days: 3650, now: new Date() });
    writeFileSync(paths.key, made.key, { mode: 0o600 });
    writeFileSync(paths.cert, made.cert);
  }
  return { cert: readFileSync(paths.cert, 'utf8'), key: readFileSync(paths.key, 'utf8') };
}
