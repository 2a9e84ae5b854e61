import type { ContextId, TerminationId } from './identifiers.ts';

/** A JSON object of which nothing is known yet. */
export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Both ends included. */
export function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

export function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && isBetween(value, least, most);
}

/** Nothing but these fields, each as its check wants it or left out. */
export function optionalFault(value: unknown, name: string, checks: Readonly<Record<string, Check>>): string | null {
  if (value === undefined) return null;
  if (!isObject(value)) return `${name} must be an object`;
  for (const [field, content] of Object.entries(value)) {
    const check = Object.hasOwn(checks, field) ? checks[field] : undefined;
    if (check === undefined) return `${name}: ${field.slice(0, 40)} is not known`;
    if (content !== undefined && !check.holds(content)) return `${name}.${field} must be ${check.is}`;
  }
  return null;
}

/** `is`: what it must be, in words. */
export interface Check {
  readonly is: string;
  readonly holds: (value: unknown) => boolean;
}

export const aSwitch: Check = { is: 'true or false', holds: (value) => typeof value === 'boolean' };

export function from(least: number, most: number): Check {
  return { is: `${least} to ${most}`, holds: (value) => isBetween(value, least, most) };
}

export function oneOf(...all: readonly (string | number)[]): Check {
  return { is: `one of ${all.join(', ')}`, holds: (value) => (all as readonly unknown[]).includes(value) };
}

export function idFault(value: Fields, field: 'context' | 'termination' | 'port' | 'to' | 'as' | 'room'): string | null {
  return isId(value[field]) ? null : `${field} must be a string of 1 to ${idLimit} characters`;
}

export function isId(value: unknown): value is ContextId | TerminationId {
  return typeof value === 'string' && value.length > 0 && value.length <= idLimit;
}

const idLimit = 128;
