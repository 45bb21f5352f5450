import type { OutputStream } from '@pikaci/model';

/** How logs are shown. */
export interface LogView {
  /** Only the bytes of this stream of a job's command; null: all. */
  readonly stream: OutputStream | null;
  /** With a time before each line. */
  readonly timestamps: boolean;
  /** As JSON: one array, or one object a line; null: as bytes. */
  readonly json: 'json' | 'jsonl' | null;
}

/** The bytes as they are. */
export const rawView: LogView = { stream: null, timestamps: false, json: null };

/** True when the bytes alone do not tell what is to be shown. */
export function needsIndex({ stream, timestamps, json }: LogView): boolean {
  return stream !== null || timestamps || json !== null;
}
