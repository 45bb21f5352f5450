import { z } from 'zod';
import type { Result } from './result.js';

/** Every way in which pikaci is expected to fail. Closed: a new kind is a decision, not an accident. */
export const failureKinds = [
  'config',
  'selection',
  'snapshot',
  'payload',
  'infrastructure',
  'job',
  'timeout',
  'cancelled',
  'internal',
] as const;

export const failureKindSchema = z.enum(failureKinds);
export type FailureKind = z.infer<typeof failureKindSchema>;

/** Where a failure happened. Configuration failures have file, line and column (both from 1). */
export const failureLocationSchema = z.object({
  file: z.string().nullable().default(null),
  line: z.int().positive().nullable().default(null),
  column: z.int().positive().nullable().default(null),
  /** The column behind what is at fault, on the same line; columns count UTF-16 units. Only configuration failures have it. */
  endColumn: z.int().positive().optional(),
  /** The line as it stands in the file, without its end. Only configuration failures have it. */
  sourceLine: z.string().optional(),
  nodeId: z.string().nullable().default(null),
  host: z.string().nullable().default(null),
  instance: z.string().nullable().default(null),
});
export type FailureLocation = z.infer<typeof failureLocationSchema>;

/** An expected failure: what happened, where, why and what to do next. */
export const failureSchema = z
  .object({
    kind: failureKindSchema,
    /** What happened, in one sentence without the trailing full stop. */
    message: z.string(),
    location: failureLocationSchema.nullable().default(null),
    /** Why it happened, where that is known: the cause's own words. */
    reason: z.string().nullable().default(null),
    /** What the reader can do next. */
    hint: z.string().nullable().default(null),
    /** What else is wrong with the same file, in its order; `reason` has the same in words. Only configuration failures have it. */
    moreProblems: z
      .object({
        listed: z
          .array(
            z.object({
              message: z.string(),
              location: failureLocationSchema,
              hint: z.string().nullable(),
            }),
          )
          .readonly(),
        /** How many there are besides. */
        unlisted: z.int(),
      })
      .optional(),
  })
  .meta({
    id: 'failure',
    description: 'An expected failure: what happened, where, why and what to do next.',
  });
export type Failure = z.infer<typeof failureSchema>;

/** What a caller gives to {@link failure}; everything but the message may be left out. */
export interface FailureDetail {
  readonly location?: Partial<FailureLocation>;
  readonly reason?: string;
  readonly hint?: string;
  readonly moreProblems?: Failure['moreProblems'];
}

/** Builds a failure; absent details become null. */
export function failure(kind: FailureKind, message: string, detail: FailureDetail = {}): Failure {
  return {
    kind,
    message,
    location: detail.location ? failureLocationSchema.parse(detail.location) : null,
    reason: detail.reason ?? null,
    hint: detail.hint ?? null,
    ...(detail.moreProblems === undefined ? {} : { moreProblems: detail.moreProblems }),
  };
}

/** A failed result that holds a {@link Failure}. */
export function fail(
  kind: FailureKind,
  message: string,
  detail: FailureDetail = {},
): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: failure(kind, message, detail) };
}

/** The usual result of an operation that may fail in an expected way. */
export type Outcome<T> = Result<T, Failure>;

/** `file:line:column`, or the most specific place that is known; null when there is none. */
export function formatLocation(location: FailureLocation | null): string | null {
  if (location === null) return null;
  if (location.file !== null) {
    const position = location.line === null ? '' : `:${location.line}:${location.column ?? 1}`;
    return `${location.file}${position}`;
  }
  return location.instance ?? location.nodeId ?? location.host;
}

/** One line that says what, where and why: the form in which failures go into records and logs. */
export function describeFailure(failed: Failure): string {
  const reason = failed.reason === null ? '' : `: ${failed.reason}`;
  return `${failed.message}${reason}`;
}
