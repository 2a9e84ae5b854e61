import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyFrom } from './key-file.ts';
import { KeySealer } from './key-sealer.ts';
import { passphraseOpener, passphraseSealer } from './passphrase-sealer.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const texts = ['', 'x', '1234', 'fifteen letters', 'sixteen letters!', 'päss wörd 🔑', '\u0080', 'ends in zeros\0\0', 'x'.repeat(1_000)];

describe('a sealed secret', () => {
  const sealer = new KeySealer(key(1), 'export');

  test.each(texts)('opens to what it was: %j', (text) => {
    expect(sealer.open(sealer.seal(text, 'trunk'), 'trunk')).toBe(text);
  });

  test('is the same each time, and another for another text, context, key or purpose', () => {
    const sealed = [sealer, new KeySealer(key(2), 'export'), new KeySealer(key(1), 'rest')].flatMap((one) => (['trunk', 'pin'] as const).flatMap((context) => [one.seal('1234', context), one.seal('1235', context)]));
    expect(new Set(sealed).size).toBe(12);
    // The nonce too: it must not be met twice under one key.
    expect(new Set(sealed.map((one) => one.slice(9, 25))).size).toBe(12);
    expect(new KeySealer(key(1), 'export').seal('1234', 'trunk')).toBe(sealed[0]);
  });

  test('does not open for another context, key or purpose, nor when a bit of it is changed', () => {
    const sealed = sealer.seal('1234', 'pin');
    expect([sealer.open(sealed, 'trunk'), new KeySealer(key(2), 'export').open(sealed, 'pin'), new KeySealer(key(1), 'rest').open(sealed, 'pin')]).toEqual([undefined, undefined, undefined]);
    const bytes = Buffer.from(sealed.slice(9), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(sealer.open(`sealed:1:${bytes.toString('base64url')}`, 'pin')).toBeUndefined();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
  });

  test.each(['', 'sealed:', 'sealed:1:', 'sealed:1:AAAA', 'sealed:2:AAAA', `sealed:1:${'A'.repeat(38)}`, 'sealed:1:💥', '1234'])('%j is none', (text) => {
    expect(sealer.open(text, 'pin')).toBeUndefined();
  });

  test('does not show how long a PIN is', () => {
    expect(sealer.seal('1234', 'pin').length).toBe(sealer.seal('123456789012', 'pin').length);
  });
});

describe('a passphrase', () => {
  test('opens on any system what it sealed on one, and nothing else does', async () => {
    const { salt } = new KeySealer(key(1), 'export');
    const sealed = (await passphraseSealer('correct horse', salt)).seal('hunter2', 'trunk');
    expect((await passphraseSealer('correct horse', salt)).seal('hunter2', 'trunk')).toBe(sealed);
    const text = `password: ${sealed}\n`;
    expect((await passphraseOpener('correct horse', text)).open(sealed, 'trunk')).toBe('hunter2');
    expect((await passphraseOpener('another', text)).open(sealed, 'trunk')).toBeUndefined();
    expect((await passphraseOpener('correct horse', text)).open(sealed, 'pin')).toBeUndefined();
    expect((await passphraseOpener('correct horse', '')).open(sealed, 'trunk')).toBeUndefined();
    expect(new KeySealer(key(1), 'export').open(sealed, 'trunk')).toBeUndefined();
  });

  test('is tried with four salts at most: a text of thousands of them costs no more', async () => {
    const salts = ['A', 'B', 'C', 'D', 'E'].map((letter) => letter.repeat(22));
    const last = (await passphraseSealer('p', salts[4]!)).seal('x', 'pin');
    const opener = await passphraseOpener('p', [...salts.slice(0, 4).map((salt) => `sealed:p1:${salt}:AA`), last].join('\n'));
    expect(opener.open(last, 'pin')).toBeUndefined();
  });
});

describe('the key file', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tipring-key-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made once, also by several at once, and readable by its owner alone', async () => {
    const path = join(folder, 'data', 'secrets.key');
    const keys = await Promise.all([keyFrom(path), keyFrom(path), keyFrom(path)].map(async (one) => (await one).toString('hex')));
    expect(new Set(keys).size).toBe(1);
    expect((await keyFrom(path)).toString('hex')).toBe(keys[0]);
    expect([statSync(path).mode & 0o777, readFileSync(path, 'utf8').length]).toEqual([0o600, 44]);
  });

  test('that is something else is not overwritten', async () => {
    const path = join(folder, 'secrets.key');
    writeFileSync(path, 'my shopping list');
    await expect(keyFrom(path)).rejects.toThrow('put the file back');
    expect(readFileSync(path, 'utf8')).toBe('my shopping list');
  });
});
