import { z } from 'zod';

/** RFC 7396 2: null removes, objects are merged, everything else replaces. What has another `type` afterwards is another thing, and nothing of the old one stays. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const stays = isObject(target) && (patch['type'] === undefined || patch['type'] === target['type']);
  const merged = new Map(stays ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/**
 * What a merge patch of something may look like: each part may be left out, and null puts it back to what holds without it. Whether the outcome is
 * sound is the schema's own matter, once it is merged.
 */
export function patchOf(schema: z.core.$ZodObject): z.ZodObject {
  const shape = Object.fromEntries(Object.entries(schema._zod.def.shape).map(([name, part]) => [name, memberPatch(part)]));
  return z.strictObject(shape);
}

function memberPatch(part: z.core.$ZodType): z.ZodType {
  const { description, examples } = z.globalRegistry.get(part) ?? {};
  const inner = insideOf(part);
  const patch = inner instanceof z.ZodUnion ? z.union(inner.options.map((option) => partPatch(option as z.core.$ZodType))) : partPatch(inner);
  const member = patch.nullable().optional();
  return description === undefined ? member : member.meta({ description, ...(examples === undefined ? {} : { examples }) });
}

function partPatch(part: z.core.$ZodType): z.ZodType {
  const inner = insideOf(part);
  if (inner instanceof z.ZodObject) return patchOf(inner);
  return inner instanceof z.ZodRecord ? z.record(inner.keyType, (inner.valueType as z.ZodType).nullable()) : (inner as z.ZodType);
}

/** Without what lets it be left out or makes it immutable: arrays and the like are as what is said of a thing has them. */
function insideOf(part: z.core.$ZodType): z.core.$ZodType {
  const isAround = part instanceof z.ZodOptional || part instanceof z.ZodReadonly || part instanceof z.ZodNullable || part instanceof z.ZodDefault || part instanceof z.ZodPrefault;
  return isAround ? insideOf(part.unwrap()) : part;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
