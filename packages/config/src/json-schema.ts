import { pikaciConfigSchema } from '@pikaci/model';
import { z } from 'zod';

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12) of configuration files as people write them, for editors: defaults may be left out. */
export function configJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(pikaciConfigSchema, { io: 'input' });
  return { $schema, title: 'pikaci configuration', ...schema };
}
