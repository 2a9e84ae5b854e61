import type { ParseArgsConfig } from 'node:util';
import type { Api } from './api.ts';
import type { Paint } from './text.ts';
import type { World } from './world.ts';

/** One command: how it is called, and what it does. */
export interface Command {
  readonly name: string;
  /** `FILE`, `[FILE]` … */
  readonly takes: readonly string[];
  readonly options: NonNullable<ParseArgsConfig['options']>;
  readonly summary: string;
  /** Of its options, one line each. */
  readonly help?: readonly (readonly [option: string, text: string])[];
  run(call: Call): Promise<Outcome>;
}

export interface Call {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly api: Api;
  readonly world: World;
  readonly paint: Paint;
}

export interface Outcome {
  /** For `--json`. */
  readonly json: unknown;
  readonly text: string;
  readonly exit?: 'different' | 'refused';
}

/** The text of an option that was given. */
export function optionOf({ options }: Call, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
