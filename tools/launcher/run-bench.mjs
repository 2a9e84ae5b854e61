import { join } from 'node:path';
import { runBench } from '../bench/run.ts';
import { dspModule } from './dsp-module.mjs';
import { nativeAddon } from './native-addon.mjs';
import { root } from './places.mjs';
import { Refusal } from './progress.mjs';
import { buildPrograms } from './typescript-build.mjs';

/** The second half of `npm run bench`: what is measured is what runs in service, the compiled programs. */
process.on('disconnect', () => process.exit(1)); // whoever started us was killed; what a bench starts ends by its own channel

try {
  const argv = process.argv.slice(2);
  if (argv.length > 0) {
    const [compiled, dsp] = await Promise.all([buildPrograms(), dspModule()]);
    if (!compiled) throw new Refusal('The sources do not compile; see above.');
    process.env['TIPRING_DSP'] = dsp;
    process.env['TIPRING_SIP_NATIVE'] = await nativeAddon('sip');
  }
  process.exitCode = await runBench(join(root, 'tools/bench'), argv);
} catch (error) {
  process.stderr.write(`${error instanceof Refusal ? error.message : /** @type {Error} */ (error).stack}\n`);
  process.exitCode = 1;
}
if (process.connected) process.disconnect();
