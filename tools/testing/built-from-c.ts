import { cardAgent } from '../launcher/card-agent.mjs';
import { nativeAddon } from '../launcher/native-addon.mjs';
import { buildDsp } from '../dsp/build.mjs';

/** vitest's global set-up: what is built from C as its sources are now, for the tests and the programs they start. */
export async function setup(): Promise<void> {
  process.env['TIPRING_SIP_NATIVE'] ??= await nativeAddon('sip');
  process.env['TIPRING_CARD_AGENT_LOOP'] ??= await cardAgent('loop');
  process.env['TIPRING_DSP'] = await buildDsp('dsp');
}
