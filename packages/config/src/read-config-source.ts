import { fail, ok, type Outcome } from '@pikaci/model';
import { readFile } from 'node:fs/promises';
import { configExtensions, configFormat, type ConfigFormat } from './config-format.js';
import { configFailure, placeIssues } from './config-failure.js';
import type { ConfigSource, ReadSource } from './source/config-source.js';
import { readJsonSource, readYamlSource } from './source/document-source.js';
import { readScriptSource } from './source/script-source.js';

/** A configuration file that has been read, and its text without a byte order mark. */
export type LoadedSource = ConfigSource & { readonly text: string };

/** Reads a configuration file, whatever its format: an absolute path. */
export async function readConfigSource(file: string): Promise<Outcome<LoadedSource>> {
  const format = configFormat(file);
  if (format === null) {
    return fail('config', `${file} has no known format`, {
      location: { file, line: 1, column: 1 },
      hint: `Use a file that ends in one of ${configExtensions.join(', ')}.`,
    });
  }
  const text = await readText(file);
  if (!text.ok) return text;
  const read = await readFormat(file, text.value, format);
  if (!read.ok) return configFailure({ file, text: text.value }, placeIssues(read.issues, null));
  return ok({ ...read.source, text: text.value });
}

async function readFormat(file: string, text: string, format: ConfigFormat): Promise<ReadSource> {
  switch (format) {
    case 'yaml':
      return readYamlSource(text);
    case 'json':
      return readJsonSource(text);
    case 'typescript':
    case 'javascript':
      return readScriptSource(file, text, format);
  }
}

async function readText(file: string): Promise<Outcome<string>> {
  try {
    const text = await readFile(file, 'utf8');
    // Some editors begin a file with a byte order mark.
    return ok(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    const what = isMissing
      ? 'There is no configuration file'
      : 'Cannot read the configuration file';
    return fail('config', `${what} ${file}`, {
      location: { file, line: 1, column: 1 },
      ...(isMissing ? {} : { reason: error instanceof Error ? error.message : String(error) }),
      hint: isMissing
        ? 'Check the path after --config, or leave it out to search upwards from the current directory.'
        : 'Make it a file that you may read.',
    });
  }
}
