import { pikaciConfigSchema, schemaId, type JsonSchema } from '@pikaci/model';
import { z } from 'zod';

/** The version of configuration files: their `schemaVersion`. */
export const configVersion = 1;

/** The JSON Schema (2020-12) of configuration files as people write them, for editors: defaults may be left out. */
export function configJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(pikaciConfigSchema, { io: 'input' });
  return {
    $schema,
    $id: schemaId('config', configVersion),
    title: 'pikaci configuration',
    description: 'pikaci.config.json or .yaml: what can be run, and how.',
    ...schema,
  };
}
