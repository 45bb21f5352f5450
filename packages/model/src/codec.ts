import type { z } from 'zod';
import { fail, type Outcome } from './failure.js';
import { ok } from './result.js';
import { schemaIssuesText } from './schema-issues-text.js';
import { toCamelCaseKeys, toSnakeCaseKeys } from './snake-case.js';

/** Translates one kind of record between its domain form and its form on disk. */
export interface RecordCodec<T> {
  /** The record's name in messages, e.g. `run record`. */
  readonly name: string;
  /** The JSON value to write: snake_case, every nullable present, keys in the schema's order. */
  encode(value: T): unknown;
  /** Checks and reads a JSON value. Unknown keys are ignored; absent nullables and lists get their defaults. */
  decode(value: unknown, file: string): Outcome<T>;
}

/** Builds the codec of a record from the schema of its domain form. */
export function recordCodec<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
): RecordCodec<z.output<Schema>> {
  return {
    name,
    encode: (value) => toSnakeCaseKeys(schema.parse(value)),
    decode: (value, file) => {
      // Most records are decoded once in a process: compiling their schemas would take longer than it saves.
      const parsed = schema.safeParse(toCamelCaseKeys(value), { jitless: true });
      if (parsed.success) return ok(parsed.data);
      return fail('infrastructure', `The ${name} cannot be read`, {
        location: { file },
        reason: schemaIssuesText(parsed.error),
        hint: 'It was written by something else, or damaged. Remove it, or repair it by hand.',
      });
    },
  };
}
