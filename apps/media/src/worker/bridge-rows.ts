import { type AudioRows, type Dsp, Resamplers } from '@tipring/dsp';
import type { Rate } from './bridge-seat.ts';

export type RowsAtEachRate = Readonly<Record<Rate, AudioRows>>;

/** The audio of a worker's bridges, a row a channel: what each says and what each is given, at both rates, and the ways between these. */
export class BridgeRows {
  readonly spoken: RowsAtEachRate;
  readonly given: RowsAtEachRate;
  readonly #inward: { readonly up: Resamplers; readonly down: Resamplers };
  readonly #outward: { readonly up: Resamplers; readonly down: Resamplers };

  /** `rows`: `channels`, rounded up to whole groups. */
  constructor(dsp: Dsp, channels: number, rows: number) {
    const atEachRate = (): RowsAtEachRate => ({ 8_000: dsp.rows(rows, 160), 16_000: dsp.rows(rows, 320) });
    const bothWays = (): { up: Resamplers; down: Resamplers } => ({ up: new Resamplers(dsp, { channels, from: 8_000, to: 16_000 }), down: new Resamplers(dsp, { channels, from: 16_000, to: 8_000 }) });
    this.spoken = atEachRate();
    this.given = atEachRate();
    this.#inward = bothWays();
    this.#outward = bothWays();
  }

  /** Towards where it is mixed: the channel's row of one rate into that of the other. */
  convertInward(channel: number, rows: RowsAtEachRate, from: Rate): void {
    convert(this.#inward, channel, rows, from);
  }

  /** And from there. */
  convertOutward(channel: number, rows: RowsAtEachRate, from: Rate): void {
    convert(this.#outward, channel, rows, from);
  }

  /** Nothing of what went before is heard. */
  resetConversion(channel: number): void {
    this.#inward.up.reset(channel);
    this.#inward.down.reset(channel);
    this.#outward.up.reset(channel);
    this.#outward.down.reset(channel);
  }
}

function convert(ways: { readonly up: Resamplers; readonly down: Resamplers }, channel: number, rows: RowsAtEachRate, from: Rate): void {
  if (from === 8_000) ways.up.process(channel, rows[8_000], channel, rows[16_000], channel);
  else ways.down.process(channel, rows[16_000], channel, rows[8_000], channel);
}
