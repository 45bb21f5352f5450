import { closestMatch, configJsonSchema, configVersion } from '@pikaci/config';
import {
  fail,
  ok,
  outputJsonSchema,
  outputs,
  schemaId,
  type JsonSchema,
  type Outcome,
  type Output,
  type OutputName,
} from '@pikaci/model';

/** A schema that pikaci publishes. */
export interface PublishedSchema {
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /** Without `pikaci`. */
  readonly printedBy: readonly string[];
  /** Relative to the state root; null: it is no file there. */
  readonly file: string | null;
  readonly make: () => JsonSchema;
}

/** All of them: that of configuration files, then those of what is printed and recorded. */
export function publishedSchemas(): readonly PublishedSchema[] {
  const config: PublishedSchema = {
    name: 'config',
    id: schemaId('config', configVersion),
    version: configVersion,
    title: 'pikaci configuration',
    description: 'Configuration files, for editors.',
    printedBy: [],
    file: null,
    make: configJsonSchema,
  };
  return [config, ...Object.keys(outputs).map((name) => publishedOutput(name as OutputName))];
}

function publishedOutput(name: OutputName): PublishedSchema {
  const { version, title, description, printedBy, file }: Output = outputs[name];
  const make = () => outputJsonSchema(name);
  return {
    name,
    id: schemaId(name, version),
    version,
    title,
    description,
    printedBy,
    file,
    make,
  };
}

/** The schema of a name, or of what a command prints: `status`, `payload list`. */
export function findSchema(words: readonly string[]): Outcome<PublishedSchema> {
  const all = publishedSchemas();
  const name = words.join('-');
  const command = `${words.join(' ')} --`;
  const found =
    all.find((schema) => schema.name === name) ??
    all.find(({ printedBy }) => printedBy.some((line) => line.startsWith(command)));
  if (found !== undefined) return ok(found);
  const names = all.map((schema) => schema.name);
  const guess = closestMatch(name, names);
  return fail('selection', `There is no schema "${words.join(' ')}"`, {
    hint:
      guess === null
        ? 'See npx pikaci schema for those that there are.'
        : `Did you mean ${guess}? See npx pikaci schema for all.`,
  });
}
