import { expect, test } from 'vitest';
import { portableLatin1 } from '../../message/latin1.ts';
import { bufferLatin1 } from './buffer-latin1.ts';

test('both latin1 codecs give the same text and bytes', () => {
  const bytes = Uint8Array.from({ length: 9000 }, (_, index) => (index * 7) & 0xff);
  const text = bufferLatin1.decode(bytes, 3, 8990);
  expect(text).toBe(portableLatin1.decode(bytes, 3, 8990));
  const encoded = bufferLatin1.encode(text, 5);
  expect(encoded.length).toBe(text.length + 5);
  expect(Buffer.compare(encoded.subarray(0, text.length), portableLatin1.encode(text, 0))).toBe(0);
});
