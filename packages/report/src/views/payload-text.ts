import type { PayloadUser } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';

/** As many digits of a key as tell payloads apart. */
export function shortKey(contentKey: string): string {
  return contentKey.slice(0, 12);
}

/** `in use by process 12, process 7 on another machine`; empty when nobody uses it. */
export function usersText(users: readonly PayloadUser[]): string {
  if (users.length === 0) return '';
  const names = users.map(({ pid, onThisHost }) =>
    onThisHost ? `process ${pid}` : `process ${pid} on another machine`,
  );
  return `in use by ${[...new Set(names)].join(', ')}`;
}

/** A time to the second; the date alone would not tell two builds of a day apart. */
export function timeText(timestamp: string): string {
  const [whole] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/u.exec(timestamp) ?? [];
  return whole === undefined ? neutraliseText(timestamp) : `${whole.replace('T', ' ')} UTC`;
}

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count} ${count === 1 ? noun : plural}`;
}
