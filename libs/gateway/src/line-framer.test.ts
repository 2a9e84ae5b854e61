import { expect, test } from 'vitest';
import { LineFramer } from './line-framer.ts';

test('lines come out whole however the stream was cut', () => {
  const text = 'one\ntwo\n\nthree\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const lines: (string | null)[] = [];
    const framer = new LineFramer(10);
    framer.push(text.slice(0, cut), (line) => lines.push(line));
    framer.push(text.slice(cut), (line) => lines.push(line));
    expect(lines).toEqual(['one', 'two', 'three']);
  }
});

test('a line past the limit is told once, and the next line is read', () => {
  for (const size of [1, 3, 7, 100]) {
    const lines: (string | null)[] = [];
    const framer = new LineFramer(5);
    const text = `${'x'.repeat(40)}\nafter\n`;
    for (let at = 0; at < text.length; at += size) framer.push(text.slice(at, at + size), (line) => lines.push(line));
    expect(lines).toEqual([null, 'after']);
  }
});
