import { extname } from 'node:path';

/** How a configuration file is written. */
export type ConfigFormat = 'typescript' | 'javascript' | 'json' | 'yaml';

/** The names that are searched for, in the order in which they are listed to people. */
export const configFileNames: readonly string[] = [
  'pikaci.config.ts',
  'pikaci.config.mjs',
  'pikaci.config.json',
  'pikaci.config.yaml',
  'pikaci.config.yml',
];

/** A file that is named explicitly may have any name; its extension tells the format. */
const formats = new Map<string, ConfigFormat>([
  ['.ts', 'typescript'],
  ['.mts', 'typescript'],
  ['.mjs', 'javascript'],
  ['.js', 'javascript'],
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
]);

/** The extensions of configuration files, with their dots. */
export const configExtensions: readonly string[] = [...formats.keys()];

/** The format of a file; null when its extension tells none. */
export function configFormat(file: string): ConfigFormat | null {
  return formats.get(extname(file).toLowerCase()) ?? null;
}
