import { Dsp } from '../dsp.ts';
import { readDspModule } from '../node.ts';

let module: ReturnType<typeof readDspModule> | undefined;

/** A fresh instance with room for a test. */
export function testDsp(memoryBytes: number = 16 * 2 ** 20): Dsp {
  module ??= readDspModule();
  return new Dsp(module, { memoryBytes });
}
