import { fail, ok, type Outcome } from '@pikaci/model';
import type { LogChoice, logKinds } from './log-files.js';
import type { LogView } from './log-view.js';

/** Whose bytes can be wanted alone: one stream of a job's command, or pikaci's own lines. */
export const logStreams = ['stdout', 'stderr', 'host'] as const;

/** The options of `logs` that say which bytes are wanted, and how they are shown. */
export interface LogsViewOptions extends Omit<LogChoice, 'kind' | 'stream'> {
  /** Unset when it was not given. */
  readonly kind?: (typeof logKinds)[number];
  readonly stream?: (typeof logStreams)[number];
  readonly timestamps?: true;
}

/** Which logs are wanted, and how they are shown. */
export interface WantedLogs {
  readonly choice: LogChoice;
  readonly view: LogView;
}

/** A failure (`config`) for options that contradict each other. */
export function wantedLogs(
  { kind, stream, timestamps, ...choice }: LogsViewOptions,
  output: string,
): Outcome<WantedLogs> {
  const implied = stream === undefined ? undefined : stream === 'host' ? 'host' : 'guest';
  if (implied !== undefined && kind !== undefined && kind !== implied) {
    return fail(
      'config',
      `--stream ${stream} is a part of --kind ${implied}, not of --kind ${kind}`,
      {
        hint: 'Leave out --kind, or --stream.',
      },
    );
  }
  const ofCommand = stream === 'stdout' || stream === 'stderr' ? stream : null;
  const json = output === 'json' || output === 'jsonl' ? output : null;
  return ok({
    choice: {
      ...choice,
      kind: implied ?? kind ?? 'both',
      ...(ofCommand === null ? {} : { stream: ofCommand }),
    },
    view: { stream: ofCommand, timestamps: timestamps === true && json === null, json },
  });
}
