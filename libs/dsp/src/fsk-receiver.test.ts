import { expect, test } from 'vitest';
import { CallerIdAssembler } from './caller-id/assembler.ts';
import { FskReceiver, type FskCharacter, type FskModem, type FskSymbol } from './fsk-receiver.ts';
import { bell202, fskSignal, v23, type FskSignal } from './testing/fsk-signal.ts';
import { addSamples, aLawRoundTrip, gaussianNoise, muLawRoundTrip, readWave, seededRandom, silence, sine, speechPrompts, testDsp } from './test-support.ts';

const modems: readonly (readonly [FskModem, { readonly markHz: number; readonly spaceHz: number }])[] = [['bell-202', bell202], ['v23', v23]];
const random = seededRandom(202);

function listen(modem: FskModem, signal: ArrayLike<number>): readonly FskSymbol[] {
  const dsp = testDsp();
  const receiver = new FskReceiver(dsp, modem);
  const audio = dsp.rows(1, 160);
  const symbols: FskSymbol[] = [];
  const before = 800;
  for (let at = -before; at < signal.length + 1_600; at += 160) {
    for (let n = 0; n < 160; n++) audio.row(0)[n] = Math.max(-32_768, Math.min(32_767, Math.round(signal[at + n] ?? 0)));
    receiver.process(audio, 0);
    for (let symbol = receiver.take(); symbol !== undefined; symbol = receiver.take()) symbols.push(symbol);
  }
  return symbols;
}

/** The characters after the mark that precedes the message, as hexadecimal; what noise makes of the end is left out. */
function heard(symbols: readonly FskSymbol[], length: number, atLeastMarkBits = 40): string {
  const characters = symbols.filter((symbol): symbol is FskCharacter => symbol.type === 'character' || symbol.type === 'broken');
  const first = characters.findIndex((symbol) => symbol.markBits >= atLeastMarkBits);
  return first < 0 ? 'nothing' : characters.slice(first, first + length).map(({ type, value }) => (type === 'broken' ? '!' : value.toString(16).padStart(2, '0'))).join('');
}

function randomMessage(): Uint8Array {
  return Uint8Array.from({ length: 24 }, () => Math.floor(random() * 256));
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** How many of `runs` random messages come out whole. */
function whole(runs: number, modem: FskModem, make: (message: Uint8Array) => ArrayLike<number>): number {
  let right = 0;
  for (let run = 0; run < runs; run++) {
    const message = randomMessage();
    if (heard(listen(modem, make(message)), message.length) === hexadecimal(message)) right++;
  }
  return right;
}

function withNoise(signal: ArrayLike<number>, levelDbm0: number): Float64Array {
  return addSamples(signal, gaussianNoise(levelDbm0, signal.length, random));
}

for (const [modem, tones] of modems) {
  const standard = { ...tones, levelDbm0: -13.5 } satisfies FskSignal;

  test(`${modem}: a message with its seizure and its mark, and when the carrier came and went`, () => {
    const message = Uint8Array.from([0x80, 0x03, 0x00, 0xff, 0x55, 0x29]);
    const symbols = listen(modem, fskSignal(message, standard));
    expect(heard(symbols, 99)).toBe('800300ff5529');
    expect(symbols[0]).toMatchObject({ type: 'carrier' });
    expect(symbols.at(-1)).toMatchObject({ type: 'carrier-lost' });
    const first = symbols.find((symbol) => symbol.type === 'character' && symbol.markBits > 40);
    // 300 bits of seizure and 180 of mark before it, 800 samples of silence before those.
    expect(first?.at).toBeCloseTo(800 + (480 * 8_000) / 1_200, -1);
    expect(first?.type === 'character' && first.markBits).toBeCloseTo(180, -1);
    expect(symbols.filter((symbol) => symbol.type === 'broken')).toEqual([]);
  });

  test(`${modem}: 12 dB of signal-to-noise ratio, white noise from 0 to 4 kHz`, () => {
    expect(whole(20, modem, (message) => withNoise(fskSignal(message, standard), -25.5))).toBe(20);
  });

  test(`${modem}: -36 dBm0 through A-law and µ-law (EN 300 659-1, TIA-777)`, () => {
    const weak = { ...standard, levelDbm0: -36 };
    expect(whole(10, modem, (message) => aLawRoundTrip(fskSignal(message, weak)))).toBe(10);
    expect(whole(10, modem, (message) => muLawRoundTrip(fskSignal(message, weak)))).toBe(10);
  });

  test(`${modem}: 1 % of bit clock, 4 % of frequency and 6 dB of twist at 20 dB SNR`, () => {
    for (const bitsPerSecond of [1_188, 1_212]) {
      for (const off of [0.96, 1.04]) {
        for (const twistDb of [-6, 6]) {
          const signal = { ...standard, markHz: tones.markHz * off, spaceHz: tones.spaceHz * off, bitsPerSecond, twistDb };
          expect([bitsPerSecond, off, twistDb, whole(3, modem, (message) => withNoise(fskSignal(message, signal), -33.5))]).toEqual([bitsPerSecond, off, twistDb, 3]);
        }
      }
    }
  });

  test(`${modem}: off-hook, after 80 bits of mark and no seizure; mark between characters`, () => {
    const offHook = { ...standard, seizureBits: 0, markBits: 80 };
    expect(whole(5, modem, (message) => withNoise(fskSignal(message, offHook), -28))).toBe(5);
    expect(whole(5, modem, (message) => withNoise(fskSignal(message, { ...offHook, betweenBits: 10 }), -28))).toBe(5);
  });

  test(`${modem}: full-scale noise and a constant leave nothing behind`, () => {
    const message = randomMessage();
    const loud = Float64Array.from({ length: 4_000 }, (_, n) => (n < 2_000 ? (random() < 0.5 ? -32_768 : 32_767) : 32_767));
    const symbols = listen(modem, Float64Array.of(...loud, ...silence(800), ...fskSignal(message, standard)));
    expect(heard(symbols.slice(symbols.findLastIndex(({ type }) => type === 'carrier')), message.length)).toBe(hexadecimal(message));
  });

  test(`${modem}: mains hum at 20 dB below the signal does not matter`, () => {
    expect(whole(3, modem, (message) => {
      const signal = fskSignal(message, standard);
      return addSamples(signal, sine(50, -33, signal.length), sine(150, -38, signal.length));
    })).toBe(3);
  });
}

test('speech makes no message', { timeout: 60_000 }, ({ skip }) => {
  const prompts = speechPrompts();
  if (prompts.length === 0) return skip('needs asterisk-core-sounds-en-wav');
  const dsp = testDsp();
  const receivers = modems.map(([modem]) => ({ receiver: new FskReceiver(dsp, modem), assembler: new CallerIdAssembler(), symbols: 0, results: 0 }));
  const audio = dsp.rows(1, 160);
  // Every tenth prompt: 13 minutes. All of them make none either.
  for (const path of prompts.filter((_, index) => index % 10 === 0)) {
    const { samples } = readWave(path);
    for (let at = 0; at + 160 <= samples.length; at += 160) {
      audio.row(0).set(samples.subarray(at, at + 160));
      for (const its of receivers) {
        if (!its.receiver.process(audio, 0)) continue;
        for (let symbol = its.receiver.take(); symbol !== undefined; symbol = its.receiver.take()) {
          its.symbols++;
          if (its.assembler.push(symbol)?.ok === true) its.results++;
        }
      }
    }
  }
  expect(receivers.map(({ results }) => results)).toEqual([0, 0]);
  // It does hear something.
  expect(Math.min(...receivers.map(({ symbols }) => symbols))).toBeGreaterThan(100);
});
