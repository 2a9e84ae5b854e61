import { expect, test } from 'vitest';
import { displayText, portableLatin1, wireText } from './latin1.ts';

test('every byte is one character there and back', () => {
  const all = Uint8Array.from({ length: 10_000 }, (_, index) => index & 0xff);
  const text = portableLatin1.decode(all, 0, all.length);
  expect(text).toBe(Buffer.from(all).toString('latin1'));
  expect(portableLatin1.encode(text, 3)).toEqual(Uint8Array.from([...all, 0, 0, 0]));
});

test('people read UTF-8, the wire carries its bytes', () => {
  expect(displayText(wireText('Jiří 電'))).toBe('Jiří 電');
  expect(displayText('caf\xe9')).toBe('caf\xe9');
  expect(wireText('plain')).toBe('plain');
});
