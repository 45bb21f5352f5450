import { z } from 'zod';
import type { DeepReadonly } from '../deep-readonly.js';

/** One form of JSON that programs read, and may rely on. */
export interface Output<Schema extends z.ZodType = z.ZodType> {
  readonly title: string;
  /** What it is and who asks for it, in whole sentences. */
  readonly description: string;
  /** The commands that print it, as they are typed, without `pikaci`. */
  readonly printedBy: readonly string[];
  /** Where it lies on disk, relative to the state root; null: nowhere. */
  readonly file: string | null;
  /** Raised by one when a key goes, or gets another type or meaning; what is added leaves it as it is. */
  readonly version: number;
  /** Of its domain form. */
  readonly schema: Schema;
  /** `snake_case` as in records, or as they are in the schema: those of configuration files. */
  readonly keys: 'snake_case' | 'as written';
}

type Unversioned<Value> = Value extends unknown
  ? Omit<Value, 'schemaVersion' | 'schema_version'>
  : never;

/** What an output is made of: its domain form, to which the version is added. */
export type OutputValue<Schema extends z.ZodType> = DeepReadonly<Unversioned<z.output<Schema>>>;

/** The version that outputs hold which are no records. */
export const outputVersion = { schemaVersion: z.literal(1).default(1) };

/** Describes an output of version 1 that is no file. */
export function printedOutput<Schema extends z.ZodType>(
  title: string,
  description: string,
  printedBy: readonly string[],
  schema: Schema,
): Output<Schema> {
  const usual = { file: null, version: 1, keys: 'snake_case' } as const;
  return { title, description, printedBy, schema, ...usual };
}
