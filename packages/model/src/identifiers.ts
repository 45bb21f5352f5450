import { z } from 'zod';

/**
 * Ids of jobs, payloads and targets. They double as directory names and as parts of node ids, so they are safe path
 * components on every file system: no separators, no leading dot, at most 80 characters.
 */
export const identifierPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

export const identifierSchema = z
  .string()
  .regex(
    identifierPattern,
    'must start with a letter or digit and hold only letters, digits, ".", "_" and "-" (at most 80)',
  );

/** The form of a run id: UTC time to the second, and eight hex digits, e.g. `20260307T000001Z-aaaa0001`. */
export const runIdPattern = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** Makes a run id from a time and 4 random bytes. */
export function makeRunId(now: Date, randomBytes: Uint8Array): string {
  const time = now
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z');
  const suffix = [...randomBytes.subarray(0, 4)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return `${time}-${suffix}`;
}
