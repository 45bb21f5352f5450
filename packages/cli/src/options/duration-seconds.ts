import { parseAgeSeconds } from '@pikaci/model';
import { InvalidArgumentError } from 'commander';

/** Reads an option's value that must be a length of time: `90`, `90s`, `15m`, `2h`; in seconds. */
export function durationSeconds(text: string): number {
  const seconds = parseAgeSeconds(/^\d+(\.\d+)?$/u.test(text) ? `${text}s` : text);
  if (seconds === null || seconds <= 0) {
    throw new InvalidArgumentError('It must be a time such as 90s, 15m or 2h, and more than 0.');
  }
  return seconds;
}
