import { z } from 'zod';

type Shape = Readonly<Record<string, z.ZodType>>;

/** Values for fields; of an object within, for some of its fields. */
type Usual<Of extends Shape> = { readonly [Name in keyof Of]?: unknown };

type MayBeLeftOut<Field extends z.ZodType, Value> =
  Field extends z.ZodReadonly<z.ZodObject<infer Inner extends Shape>>
    ? Value extends object
      ? z.ZodPrefault<z.ZodReadonly<z.ZodObject<LeavingOut<Inner, Value>>>>
      : z.ZodDefault<Field>
    : z.ZodDefault<Field>;

type LeavingOut<Of extends Shape, Values> = { [Name in keyof Of]: Name extends keyof Values ? MayBeLeftOut<Of[Name], Values[Name]> : Of[Name] };

/** The fields of an object, of which those may be left out for which there is a usual value; within objects that are fields too. */
export function leavingOut<Of extends Shape, const Values extends Usual<Of>>(shape: Of, values: Values): LeavingOut<Of, Values> {
  const fields = Object.entries(shape).map(([name, field]) => [name, Object.hasOwn(values, name) ? mayBeLeftOut(field, values[name]) : field] as const);
  return Object.fromEntries(fields) as LeavingOut<Of, Values>;
}

function mayBeLeftOut(field: z.ZodType, value: unknown): z.ZodType {
  const within = field instanceof z.ZodReadonly ? field.unwrap() : undefined;
  if (!(within instanceof z.ZodObject) || typeof value !== 'object' || value === null) return field.default(value);
  const object = z.strictObject(leavingOut(within.shape as Shape, value as Usual<Shape>)).readonly();
  const meta = field.meta();
  return (meta === undefined ? object : object.meta(meta)).prefault({});
}

/**
 * The value without what may be left out of it, its fields in the order of the schema; undefined when all of it may be. `usual`: values of
 * optional fields that are not the same everywhere, such as a name that is told by the key.
 */
export function withoutUsual(schema: z.ZodType, value: unknown, usual?: unknown): unknown {
  if (value === undefined) return undefined;
  if (schema instanceof z.ZodDefault) return same(value, schema.def.defaultValue) ? undefined : withoutUsual(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodPrefault) return unlessEmpty(withoutUsual(schema.unwrap() as z.ZodType, value, usual));
  if (schema instanceof z.ZodOptional) return usual !== undefined && same(value, usual) ? undefined : withoutUsual(schema.unwrap() as z.ZodType, value, usual);
  if (value === null) return null;
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodNullable) return withoutUsual(schema.unwrap() as z.ZodType, value, usual);
  if (schema instanceof z.ZodObject) return fieldsOf(schema.shape as Shape, value as Fields, usual as Fields | undefined);
  if (schema instanceof z.ZodArray) return (value as readonly unknown[]).map((one) => withoutUsual(schema.element as z.ZodType, one));
  if (schema instanceof z.ZodUnion) {
    const fitting = (schema.options as readonly z.ZodType[]).find((option) => option.safeParse(value).success);
    return fitting === undefined ? value : withoutUsual(fitting, value);
  }
  return value;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(shape: Shape, value: Fields, usual: Fields | undefined): object {
  const kept = Object.entries(shape).flatMap(([name, field]) => {
    const left = withoutUsual(field, value[name], usual?.[name]);
    return left === undefined ? [] : [[name, left] as const];
  });
  return Object.fromEntries(kept);
}

function unlessEmpty(value: unknown): unknown {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? undefined : value;
}

/** Values are plain JSON, their fields in the order of one schema. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
