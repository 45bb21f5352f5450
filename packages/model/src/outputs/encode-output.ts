import { toSnakeCaseKeys } from '../snake-case.js';
import { outputs, type OutputName } from './all-outputs.js';
import type { Output, OutputValue } from './output.js';

/** The JSON value of an output: what its schema says and nothing else, every default filled in. */
export function encodeOutput<Name extends OutputName>(
  name: Name,
  value: OutputValue<(typeof outputs)[Name]['schema']>,
): unknown {
  const { schema, keys }: Output = outputs[name];
  // Printed once by a process: compiling the schema would take longer than it saves.
  const parsed: unknown = schema.parse(value, { jitless: true });
  return keys === 'snake_case' ? toSnakeCaseKeys(parsed) : parsed;
}
