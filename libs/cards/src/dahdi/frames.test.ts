import { expect, test } from 'vitest';
import { FrameReader, FrameWriter } from './frames.ts';

function frames(cut: readonly number[]): { readonly read: string[]; readonly octets: Buffer } {
  const writer = new FrameWriter();
  writer.add(7, 3, Buffer.from('one'));
  writer.addNumbered(9, 65_535, 4_000_000_000, Buffer.from('two'));
  writer.add(1, 0, Buffer.alloc(0));
  let octets = Buffer.alloc(0);
  writer.flush((all) => {
    octets = Buffer.from(all);
    return true;
  });
  const read: string[] = [];
  const reader = new FrameReader((type, channel, payload, at, length) => read.push(`${type} ${channel} ${payload.toString('hex', at, at + length)}`));
  let from = 0;
  for (const to of [...cut, octets.length]) {
    expect(reader.take(octets.subarray(from, to), to - from)).toBe(true);
    from = to;
  }
  return { read, octets };
}

test('frames are read as they were written, wherever they are cut', () => {
  const { read: whole, octets } = frames([]);
  expect(whole).toEqual(['7 3 6f6e65', '9 65535 00286bee74776f', '1 0 ']);
  for (let cut = 1; cut < octets.length; cut++) expect(frames([cut]).read).toEqual(whole);
});

test('a length that no frame has is refused', () => {
  const reader = new FrameReader(() => {});
  expect(reader.take(Buffer.alloc(8, 0xff), 8)).toBe(false);
});

test('what was not taken at once is not written over', () => {
  const writer = new FrameWriter();
  let kept: Buffer = Buffer.alloc(0);
  writer.add(1, 1, Buffer.from('first'));
  writer.flush((octets) => {
    kept = octets;
    return false;
  });
  writer.add(1, 1, Buffer.from('other'));
  expect(kept.toString('latin1', 8)).toBe('first');
});
