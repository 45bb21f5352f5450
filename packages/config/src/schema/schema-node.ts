import { z } from 'zod';
import { valueAtPath, type ConfigPath } from '../config-path.js';

type Schema = z.core.$ZodType;

/**
 * The part of a schema that holds for one place of a value. Where a union leaves a choice, the value's own discriminator
 * decides, or that the value is an object; null where nothing does.
 */
export function schemaAtPath(root: Schema, path: ConfigPath, value: unknown): Schema | null {
  let node = unwrap(root, value);
  for (const [index, segment] of path.entries()) {
    const child = node && childSchema(node, segment);
    if (!child) return null;
    node = unwrap(child, valueAtPath(value, path.slice(0, index + 1)));
  }
  return node;
}

/** The keys that an object may have at a place; none when the place takes no object, or one with free keys. */
export function knownKeys(root: Schema, path: ConfigPath, value: unknown): readonly string[] {
  const schema = schemaAtPath(root, path, value);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Those of the known keys that must be there. */
export function requiredKeys(root: Schema, path: ConfigPath, value: unknown): readonly string[] {
  const schema = schemaAtPath(root, path, value);
  if (!(schema instanceof z.ZodObject)) return [];
  const shape = schema.shape as Readonly<Record<string, Schema>>;
  return Object.entries(shape)
    .filter(([, key]) => !(key instanceof z.ZodOptional || key instanceof z.ZodDefault))
    .map(([name]) => name);
}

function childSchema(schema: Schema, segment: ConfigPath[number]): Schema | null {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, Schema>>;
    return Object.hasOwn(shape, segment) ? (shape[segment] ?? null) : null;
  }
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodArray) return schema.element;
  return null;
}

function unwrap(schema: Schema, value: unknown): Schema | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrap(schema.def.innerType, value);
  }
  // The class of discriminated unions extends that of unions.
  if (!(schema instanceof z.ZodUnion)) return schema;
  const objects = schema.options.filter((option) => option instanceof z.ZodObject);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return objects[0] ?? null;
  const { discriminator } = schema.def;
  const actual = valueAtPath(value, [discriminator]);
  const isMember = (option: z.ZodObject) => {
    const literal: unknown = option.shape[discriminator];
    return literal instanceof z.ZodLiteral && literal.values.has(actual as z.core.util.Literal);
  };
  return objects.find(isMember) ?? null;
}
