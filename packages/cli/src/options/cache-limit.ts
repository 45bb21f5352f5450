import { parseAgeSeconds, parseByteSize } from '@pikaci/model';
import { InvalidArgumentError } from 'commander';

/** Reads an option's value that must be a size; in bytes. */
export function byteSize(text: string): number {
  const bytes = parseByteSize(text);
  if (bytes === null) throw new InvalidArgumentError('It must be a size such as 20GiB.');
  return bytes;
}

/** Reads an option's value that must be an age; in seconds. */
export function age(text: string): number {
  const seconds = parseAgeSeconds(text);
  if (seconds === null) throw new InvalidArgumentError('It must be an age such as 30d.');
  return seconds;
}
