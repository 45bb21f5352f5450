import { outputJsonSchema, outputs, type OutputName } from '@pikaci/model';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** Strict about schemas as well: a keyword that says nothing is an error. */
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const compiled = new Map<OutputName, ValidateFunction>();

/** Names of all outputs. */
export const outputNames = Object.keys(outputs) as readonly OutputName[];

/** True for a published schema that is what JSON Schema 2020-12 says of schemas. */
export function isJsonSchema(name: OutputName): boolean {
  return ajv.validateSchema(outputJsonSchema(name)) === true;
}

/** What of a value breaks the schema of a name, keys included that the schema does not name; empty when nothing does. */
export function schemaProblems(name: OutputName, value: unknown): readonly string[] {
  const validate = compiled.get(name) ?? ajv.compile(outputJsonSchema(name, { strict: true }));
  compiled.set(name, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) =>
      `${name}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
