import type { DestinationClass, Tariff } from '@tipring/config';

/** What a call costs there, of the tariff's currency. */
export interface Price {
  readonly currency: string;
  readonly perMinute: number;
  readonly perCall: number;
  readonly incrementS: number;
}

/** Rates by the first digits of the number. */
export class RateTable {
  readonly #currency: string;
  readonly #rates: ReadonlyMap<string, Price>;
  readonly #longest: number;

  constructor({ currency, rates }: Tariff) {
    this.#currency = currency;
    this.#rates = new Map(rates.map(({ prefix, perMinute, perCall, incrementS }) => [prefix, { currency, perMinute, perCall, incrementS }]));
    this.#longest = rates.reduce((longest, { prefix }) => Math.max(longest, prefix.length), 0);
  }

  get currency(): string {
    return this.#currency;
  }

  /** By the longest prefix of the number; null: no rate, the cost is unknown. */
  priceOf(e164: string): Price | null {
    for (let length = Math.min(this.#longest, e164.length); length > 0; length -= 1) {
      const price = this.#rates.get(e164.slice(0, length));
      if (price !== undefined) return price;
    }
    return null;
  }
}

/** What the first minute costs, begun increments whole; to a millionth. */
export function firstMinute(price: Price): number {
  return Math.round(costOf(60, price) * 1e6) / 1e6;
}

/** What a call costs once it was answered. */
export function costOf(seconds: number, { perCall, perMinute, incrementS }: Price): number {
  return perCall + (Math.max(1, Math.ceil(seconds / incrementS)) * incrementS * perMinute) / 60;
}

/** What toll fraud goes for; the limit `costlyPerHour` counts them. */
export function isCostly(of: DestinationClass): boolean {
  return costly.has(of);
}

const costly: ReadonlySet<DestinationClass> = new Set(['international', 'premium', 'satellite', 'sharedCost']);
