import { z } from 'zod';

/** A number of bytes as people write it, such as `20GiB`. */
export const byteSizeSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(B|[kMGT]B|[KMGT]iB)$/, 'must be a size such as 20GiB')
  .refine((text) => parseByteSize(text) !== null, 'is larger than anything there is');

/** A length of time as people write it, such as `30d`. */
export const ageSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(s|m|h|d|w)$/, 'must be an age such as 30d')
  .refine((text) => parseAgeSeconds(text) !== null, 'is longer than anything there is');

const byteUnits = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;

const secondUnits: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 24 * 3600,
  w: 7 * 24 * 3600,
};

/** Bytes of a size such as `20GiB` or `1.5 GB`; null for other texts. */
export function parseByteSize(text: string): number | null {
  const bytes = Math.round(parseAmount(text, byteUnits) ?? NaN);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** A number of bytes as people write it: in the largest unit of 1,024 that needs no fraction, such as `256MiB`. */
export function formatByteSize(bytes: number): string {
  const units = ['TiB', 'GiB', 'MiB', 'KiB'] as const;
  const unit = units.find((name) => bytes >= byteUnits[name] && bytes % byteUnits[name] === 0);
  return unit === undefined ? `${bytes}B` : `${bytes / byteUnits[unit]}${unit}`;
}

/** Seconds of an age such as `30d` or `12 h`; null for other texts. */
export function parseAgeSeconds(text: string): number | null {
  return parseAmount(text, secondUnits);
}

function parseAmount(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, number, name] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]+)$/.exec(text) ?? [];
  const unit = name !== undefined && Object.hasOwn(units, name) ? units[name] : undefined;
  if (number === undefined || unit === undefined) return null;
  const amount = Number(number) * unit;
  return amount <= Number.MAX_SAFE_INTEGER ? amount : null;
}
