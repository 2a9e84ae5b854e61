import { expect, test } from 'vitest';
import { ringCadencesOf } from '../fxo/regional-settings.ts';
import { regions } from '../regions/regions.ts';
import { quiet, ring, ringTimers, type Ring, type RingInput, type RingNews } from './ring.ts';
import { ringSettings, type RingSettings } from './ring-settings.ts';

const american = ringSettings([[2000, 4000]]);
const british = ringSettings([[400, 200, 400, 2000]]);

/** Ringing as a card sees it, with the timers of the machine. */
class RingBed {
  state: Ring = quiet;
  now = 0;
  readonly news: string[] = [];
  readonly #settings: RingSettings;

  constructor(settings: RingSettings) {
    this.#settings = settings;
  }

  begins(measured: { readonly frequencyHz?: number; readonly volts?: number } = {}): this {
    return this.#put({ type: 'ringBegins', at: this.now, ...measured });
  }

  measured(frequencyHz: number, volts = 60): this {
    return this.#put({ type: 'ringMeasured', at: this.now, frequencyHz, volts });
  }

  ends(): this {
    return this.#put({ type: 'ringEnds', at: this.now });
  }

  wait(ms: number): this {
    const until = this.now + ms;
    for (let [next] = ringTimers(this.state, this.#settings); next !== undefined && next.since + next.ms <= until; [next] = ringTimers(this.state, this.#settings)) {
      this.now = next.since + next.ms;
      this.#put({ type: 'timeout', timer: next.timer });
    }
    this.now = until;
    return this;
  }

  #put(input: RingInput): this {
    const [state, news] = ring(this.state, input, this.#settings);
    this.state = state;
    if (news !== null) this.news.push(words(news));
    return this;
  }
}

function words(news: RingNews): string {
  return 'count' in news ? `ring ${news.count}` : 'text' in news ? `${news.type}: ${news.text}` : news.type;
}

test.each(regions.map((region) => [region.name, region] as const))('%s: a genuine ring is known during the first burst where its frequency is measured, and counted ring by ring', (_name, region) => {
  const cadences = ringCadencesOf(region);
  for (const cadence of cadences) {
    const bed = new RingBed(ringSettings(cadences));
    const frequencyHz = region.ringing?.frequency?.is.hz ?? 25;
    bed.begins().wait(100).measured(frequencyHz).wait(cadence[0]! - 100 - 1);
    expect({ cadence, news: bed.news }).toEqual({ cadence, news: ['ring 1'] });
  }
});

test.each(regions.map((region) => [region.name, region] as const))('%s: without the frequency it is known with the first ring that is long enough, 10 %% longer or shorter', (_name, region) => {
  const cadences = ringCadencesOf(region);
  for (const cadence of cadences) {
    for (const pace of [0.9, 1, 1.1]) {
      const bed = new RingBed(ringSettings(cadences));
      let rang = 0;
      for (let index = 0; rang < 600; index += 2) {
        const on = cadence[index % cadence.length]! * pace;
        bed.begins().wait(on).ends();
        rang = on >= 600 || bed.state.at !== 'quiet' ? rang + on : 0;
        if (rang < 600) bed.wait(cadence[(index + 1) % cadence.length]! * pace);
      }
      expect({ cadence, pace, news: bed.news.filter((news) => news.startsWith('ring')) }).toEqual({ cadence, pace, news: ['ring 1'] });
    }
  }
});

test.each(regions.map((region) => [region.name, region] as const))('%s: the caller is not taken for gone in the pause of a cadence, and is soon after the next ring that does not come', (_name, region) => {
  const cadences = ringCadencesOf(region);
  const settings = ringSettings(cadences);
  for (const cadence of cadences) {
    const bed = new RingBed(settings);
    for (let index = 0; index < 3 * cadence.length; index += 2) {
      bed.begins({ frequencyHz: 25 }).wait(cadence[index % cadence.length]!).ends().wait(cadence[(index + 1) % cadence.length]!);
    }
    expect({ cadence, over: bed.news.filter((news) => news.startsWith('over')) }).toEqual({ cadence, over: [] });
    bed.wait(settings.lossMs);
    expect(bed.news.at(-1)).toMatch(/^over: rang/);
    expect(settings.lossMs).toBeLessThanOrEqual(Math.max(8_000, ...cadence.map((ms) => ms + 2_000), ...cadences.flat().map((ms) => ms + 2_000)));
  }
});

test.each([14.9, 68.1, 3, 400])('%d Hz is no ringing current (15 to 68 Hz)', (frequencyHz) => {
  expect(new RingBed(american).begins({ frequencyHz }).wait(2000).ends().news).toEqual([`ghost: ${Math.round(frequencyHz)} Hz is no ringing current`]);
  expect(new RingBed(american).begins().wait(100).measured(frequencyHz).wait(1900).ends().news).toEqual([`ghost: ${Math.round(frequencyHz)} Hz is no ringing current`]);
});

test.each([15, 16.7, 20, 25, 30, 50, 68])('%d Hz is ringing current', (frequencyHz) => {
  expect(new RingBed(american).begins({ frequencyHz }).wait(400).news).toEqual(['ring 1']);
});

test('induction from the mains is too weak to ring', () => {
  expect(new RingBed(american).begins({ frequencyHz: 50, volts: 12 }).wait(10_000).news).toEqual(['ghost: 12 V are too little to ring']);
});

test('a burst that does not end is no ring where its frequency is not known, and one that is does not ring for ever', () => {
  expect(new RingBed(american).begins().wait(4_000).news).toEqual(['ghost: it did not end in 4000 ms']);
  expect(new RingBed(american).begins({ frequencyHz: 50 }).wait(20_000).news).toEqual(['ring 1', 'over: rang once, then not for 6 s']);
});

test('after noise whose end the card did not tell, the next ring is one', () => {
  expect(new RingBed(american).begins({ frequencyHz: 300 }).wait(2_000).begins({ frequencyHz: 20 }).wait(400).news.at(-1)).toBe('ring 1');
});

test('the bursts of a double ring are one ring, and the pause tells where caller ID may come', () => {
  const bed = new RingBed(british);
  for (let count = 0; count < 2; count++) bed.begins({ frequencyHz: 25 }).wait(400).ends().wait(200).begins({ frequencyHz: 25 }).wait(400).ends().wait(2000);
  expect(bed.news).toEqual(['ring 1', 'pause', 'pause', 'ring 2', 'pause', 'pause']);
});

test('a message-waiting lamp that blinks twice a second is not the beginning of a double ring', () => {
  const bed = new RingBed(british);
  for (let blink = 0; blink < 100; blink++) bed.begins().wait(500).ends().wait(500);
  expect(bed.news.filter((news) => !news.startsWith('ghost'))).toEqual([]);
});

test('a ring pulse of 200 to 300 ms is told apart from ringing and from spikes (ETSI EN 300 659-1)', () => {
  const settings = ringSettings([[1000, 4000]], 'pulse');
  for (const ms of [200, 250, 300]) {
    expect(new RingBed(settings).begins({ frequencyHz: 25 }).wait(ms).ends().news).toEqual(['pulse']);
    expect(new RingBed(settings).begins().wait(ms).ends().news).toEqual(['pulse']);
  }
  expect(new RingBed(settings).begins({ frequencyHz: 25 }).wait(60).ends().news).toEqual(['ghost: 60 ms are no ring']);
});
