import { z } from 'zod';

/** RFC 7396 2: null removes, objects are merged, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** All of something's optional parts, patched; without a patch they stay, and null takes them all away. */
export function patched(parts: object, patch: object | null | undefined): object {
  return patch === null ? {} : (mergePatch(parts, patch ?? {}) as object);
}

/**
 * What a merge patch of the schema's optional parts may look like: each may be left out, and null puts it back to what holds
 * without it. Whether the outcome is sound is the schema's own matter, once it is merged.
 */
export function patchOf(schema: z.core.$ZodObject): z.ZodType<Readonly<Record<string, unknown>>> {
  const shape = Object.fromEntries(Object.entries(schema._zod.def.shape).map(([name, part]) => [name, memberPatch(part)]));
  return z.strictObject(shape);
}

function memberPatch(part: z.core.$ZodType): z.ZodType {
  const description = z.globalRegistry.get(part)?.description;
  const inner = insideOf(part);
  const patch = inner instanceof z.ZodUnion ? z.union(inner.options.map((option) => partPatch(option as z.core.$ZodType))) : partPatch(inner);
  const member = patch.nullable().optional();
  return description === undefined ? member : member.meta({ description });
}

function partPatch(part: z.core.$ZodType): z.ZodType {
  const inner = insideOf(part);
  if (inner instanceof z.ZodObject) return patchOf(inner);
  return inner instanceof z.ZodRecord ? z.record(inner.keyType, (inner.valueType as z.ZodType).nullable()) : (inner as z.ZodType);
}

/** Without what makes it optional or immutable. */
function insideOf(part: z.core.$ZodType): z.core.$ZodType {
  return part instanceof z.ZodOptional || part instanceof z.ZodReadonly ? insideOf(part.unwrap()) : part;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
