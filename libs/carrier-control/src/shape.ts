/** What JSON has to look like: a fault is told by its place and in words. */
export type Shape =
  | 'text' | 'number' | 'flag'
  /** A number from … to …. */
  | { readonly from: number; readonly to: number }
  | { readonly optional: Shape }
  | { readonly nullable: Shape }
  | { readonly list: Shape }
  | { readonly either: readonly Shape[] }
  /** One of these values. */
  | { readonly values: readonly (string | number)[] }
  | { readonly fields: Readonly<Record<string, Shape>> }
  /** Its fields depend on what stands in `by`. */
  | { readonly by: string; readonly kinds: Readonly<Record<string, Readonly<Record<string, Shape>>>> };

/** undefined: it is as it should be. Fields that are not named are faults. */
export function faultOf(value: unknown, shape: Shape, at = ''): string | undefined {
  const place = at === '' ? 'it' : at;
  if (shape === 'text') return typeof value === 'string' && value.length <= longestText ? undefined : `${place}: a text of at most ${longestText} characters`;
  if (shape === 'number') return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? undefined : `${place}: a number of 0 or more`;
  if (shape === 'flag') return typeof value === 'boolean' ? undefined : `${place}: true or false`;
  if ('from' in shape) return typeof value === 'number' && value >= shape.from && value <= shape.to ? undefined : `${place}: a number from ${shape.from} to ${shape.to}`;
  if ('optional' in shape) return value === undefined ? undefined : faultOf(value, shape.optional, at);
  if ('nullable' in shape) return value === null ? undefined : faultOf(value, shape.nullable, at);
  if ('values' in shape) return shape.values.includes(value as string) ? undefined : `${place}: one of ${shape.values.join(', ')}`;
  if ('either' in shape) {
    const faults = shape.either.map((one) => faultOf(value, one, at));
    return faults.includes(undefined) ? undefined : faults.join(', or ');
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) return `${place}: a list`;
    for (const [index, one] of value.entries()) {
      const fault = faultOf(one, shape.list, `${at}[${index}]`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${place}: an object`;
  if ('fields' in shape) return faultOfFields(value as Record<string, unknown>, shape.fields, at);
  const kind = (value as Record<string, unknown>)[shape.by];
  const fields = typeof kind === 'string' && Object.hasOwn(shape.kinds, kind) ? shape.kinds[kind] : undefined;
  if (fields === undefined) return `${inside(at, shape.by)}: one of ${Object.keys(shape.kinds).join(', ')}`;
  const { [shape.by]: _, ...rest } = value as Record<string, unknown>;
  return faultOfFields(rest, fields, at);
}

function faultOfFields(value: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, Shape>>, at: string): string | undefined {
  for (const name of Object.keys(value)) if (!Object.hasOwn(fields, name)) return `${inside(at, name)}: not known`;
  for (const [name, shape] of Object.entries(fields)) {
    const fault = faultOf(value[name], shape, inside(at, name));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function inside(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

const longestText = 256;
