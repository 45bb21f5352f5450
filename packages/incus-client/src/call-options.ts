/** What every call takes. */
export interface CallOptions {
  /** Gives the call up; the server may go on with it. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit of the whole call. Every call has one by default: a server without quorum gives no answer at all. */
  readonly timeoutMs?: number | undefined;
}

/** Time limits of calls that name none, in milliseconds. */
export const defaultTimeLimits = {
  /** A request that is answered at once; an offline cluster member makes reads block for 10 s. */
  request: 30_000,
  /** An operation: unpacking a big image into a `dir` pool takes up to a quarter of a minute on a busy disk. */
  operation: 180_000,
  /** Silence while a file or log is transferred. */
  transferIdle: 60_000,
  /** Connecting the sockets of an exec; the server itself gives up after 5 s. */
  execConnect: 10_000,
} as const;
