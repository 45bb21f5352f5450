import { z } from 'zod';

/** A number of bytes as people write it, such as `20GiB`. */
export const byteSizeSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(B|[kMGT]B|[KMGT]iB)$/, 'must be a size such as 20GiB');

/** A length of time as people write it, such as `30d`. */
export const ageSchema = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(s|m|h|d|w)$/, 'must be an age such as 30d');

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

/** The bytes that a size of {@link byteSizeSchema} stands for, rounded down; null for any other text. */
export function parseByteSize(text: string): number | null {
  const size = withUnit(text, byteUnits);
  return size === null ? null : Math.floor(size);
}

/** A number of bytes as people write it: in the largest unit of 1,024 that needs no fraction, such as `256MiB`. */
export function formatByteSize(bytes: number): string {
  const units = ['TiB', 'GiB', 'MiB', 'KiB'] as const;
  const unit = units.find((name) => bytes >= byteUnits[name] && bytes % byteUnits[name] === 0);
  return unit === undefined ? `${bytes}B` : `${bytes / byteUnits[unit]}${unit}`;
}

const ageUnits: Readonly<Record<string, number>> = {
  s: 1e3,
  m: 60e3,
  h: 3600e3,
  d: 24 * 3600e3,
  w: 7 * 24 * 3600e3,
};

/** The milliseconds that an age of {@link ageSchema} stands for; null for any other text. */
export function parseAge(text: string): number | null {
  return withUnit(text, ageUnits);
}

function withUnit(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text) ?? [];
  const factor = unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : undefined;
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}
