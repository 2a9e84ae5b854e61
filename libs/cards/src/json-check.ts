/** What is wrong with a value from outside, in a sentence that begins with its name; null: nothing. Never throws. */
export type Check = (value: unknown, name: string) => string | null;

export type Fields = Readonly<Record<string, Check>>;

export const anything: Check = () => null;

export function number(least: number, most: number): Check {
  return (value, name) => (typeof value === 'number' && value >= least && value <= most ? null : `${name}: a number from ${least} to ${most}.`);
}

export function whole(least: number, most: number): Check {
  return (value, name) => number(least, most)(value, name) ?? (Number.isInteger(value) ? null : `${name}: a whole number.`);
}

export function oneOf(...values: readonly (string | number | boolean)[]): Check {
  return (value, name) => (values.includes(value as string) ? null : `${name}: one of ${values.join(', ')}.`);
}

export function text(form: RegExp, says: string): Check {
  return (value, name) => (typeof value === 'string' && form.test(value) ? null : `${name}: ${says}.`);
}

export function optional(check: Check): Check {
  return (value, name) => (value === undefined ? null : check(value, name));
}

export function nullable(check: Check): Check {
  return (value, name) => (value === null ? null : check(value, name));
}

/** All of these, and no others. */
export function record(fields: Fields): Check {
  return (value, name) => {
    if (!isRecord(value)) return `${name}: an object.`;
    for (const key of Object.keys(value)) if (!Object.hasOwn(fields, key)) return `${at(name, key.slice(0, 40))}: there is no such field.`;
    for (const [key, check] of Object.entries(fields)) {
      const problem = check(value[key], at(name, key));
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** Under names that anybody chooses. */
export function map(check: Check): Check {
  return (value, name) => {
    if (!isRecord(value)) return `${name}: an object.`;
    for (const [key, one] of Object.entries(value)) {
      const problem = check(one, at(name, key.slice(0, 40)));
      if (problem !== null) return problem;
    }
    return null;
  };
}

export function list(check: Check, least: number, most: number): Check {
  return (value, name) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) return `${name}: a list of ${least} to ${most}.`;
    for (const [index, one] of value.entries()) {
      const problem = check(one, `${name}[${index}]`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** Told apart by one field. */
export function variant(by: string, variants: Readonly<Record<string, Fields>>): Check {
  return (value, name) => {
    const which = isRecord(value) ? value[by] : undefined;
    if (typeof which !== 'string' || !Object.hasOwn(variants, which)) return `${name}: ${by} is one of ${Object.keys(variants).join(', ')}.`;
    return record({ [by]: anything, ...variants[which] })(value, name);
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(name: string, key: string): string {
  return name === '' ? key : `${name}.${key}`;
}
