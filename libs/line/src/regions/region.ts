import type { LineProfile } from './line-profile.ts';
import type { TonePlan } from './tone-plan.ts';

/**
 * What is particular to the telephone network of a country. Emergency numbers and dialling prefixes are not here: they change with
 * the numbering plan, and are taken from libphonenumber's data.
 */
export interface Region extends LineProfile {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
  readonly tones: TonePlan;
}
