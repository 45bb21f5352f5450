import { z } from 'zod';

/** A number of bytes as people write it, such as `20GiB`. */
export const byteSizeSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(B|[kMGT]B|[KMGT]iB)$/, 'must be a size such as 20GiB');

/** A length of time as people write it, such as `30d`. */
export const ageSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(s|m|h|d|w)$/, 'must be an age such as 30d');

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const secondUnits: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 24 * 3600,
  w: 7 * 24 * 3600,
};

/** Bytes of a size such as `20GiB` or `1.5 GB`; null for other texts. */
export function parseByteSize(text: string): number | null {
  return parseAmount(text, byteUnits);
}

/** Seconds of an age such as `30d` or `12 h`; null for other texts. */
export function parseAgeSeconds(text: string): number | null {
  return parseAmount(text, secondUnits);
}

function parseAmount(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, number, name] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]+)$/.exec(text) ?? [];
  const unit = name !== undefined && Object.hasOwn(units, name) ? units[name] : undefined;
  if (number === undefined || unit === undefined) return null;
  const amount = Math.round(Number(number) * unit);
  return Number.isSafeInteger(amount) ? amount : null;
}
