import { z } from 'zod';
import { toSnakeCase } from '../snake-case.js';
import { outputs, type OutputName } from './all-outputs.js';
import type { Output } from './output.js';

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What `$id` of a schema says; it names the version, and leads nowhere. */
export function schemaId(name: string, version: number): string {
  return `urn:pikaci:schema:${name}:${version}`;
}

/** How a schema is made. */
export interface JsonSchemaOptions {
  /** Refuses keys that the schema does not name. Published schemas do not: later versions of pikaci may add keys. */
  readonly strict?: boolean;
}

/** The JSON Schema (2020-12) of an output, as it stands on disk or is printed. */
export function outputJsonSchema(
  name: OutputName,
  { strict = false }: JsonSchemaOptions = {},
): JsonSchema {
  const { schema, keys, title, description, version }: Output = outputs[name];
  const made = z.toJSONSchema(schema, {
    io: 'output',
    override: ({ jsonSchema }) => {
      if (keys === 'snake_case') renameKeys(jsonSchema);
      if (!strict && jsonSchema.additionalProperties === false) {
        delete jsonSchema.additionalProperties;
      }
      tidy(jsonSchema);
    },
  });
  const { $schema, ...rest } = made;
  return { $schema, $id: schemaId(name, version), title, description, ...rest };
}

type MadeSchema = z.core.JSONSchema.BaseSchema;

/** Keys as records have them. */
function renameKeys(schema: MadeSchema): void {
  if (schema.properties !== undefined) {
    schema.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [toSnakeCase(key), value]),
    );
  }
  if (schema.required !== undefined) schema.required = schema.required.map(toSnakeCase);
}

/** Takes out what says nothing to a reader: defaults are always written, nobody writes these but pikaci, and all numbers of JSON are that small. */
function tidy(schema: MadeSchema): void {
  delete schema.default;
  delete schema.readOnly;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
