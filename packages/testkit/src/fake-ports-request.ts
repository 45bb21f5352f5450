import {
  pikaciConfigSchema,
  type PikaciConfig,
  type PikaciConfigInput,
  type Selection,
} from '@pikaci/model';
import { exampleRunId } from './run-records.js';

/** What is asked of an engine, but for the layout of the run. */
export interface ExampleRunRequest {
  readonly runId: string;
  readonly createdAt: Date;
  readonly config: PikaciConfig;
  readonly selection: Selection;
  readonly workspaceRoot: string;
  readonly jobLimit: number;
  readonly filters: readonly string[];
  readonly changedFiles: readonly string[];
  readonly failFast: boolean;
  readonly timeoutSeconds: number | null;
  readonly signal: AbortSignal;
  readonly force: AbortSignal;
}

/** Asks for all jobs of a configuration, in its order. */
export function runRequestOf(
  config: Omit<PikaciConfigInput, 'schemaVersion'>,
  different: Partial<ExampleRunRequest> = {},
): ExampleRunRequest {
  return {
    runId: exampleRunId,
    createdAt: new Date('2026-03-07T00:00:01Z'),
    config: pikaciConfigSchema.parse({ schemaVersion: 1, ...config }),
    selection: {
      targetId: null,
      targetDescription: null,
      jobIds: Object.keys(config.jobs),
      reused: [],
    },
    workspaceRoot: '/workspace',
    jobLimit: 8,
    filters: [],
    changedFiles: [],
    failFast: false,
    timeoutSeconds: null,
    signal: new AbortController().signal,
    force: new AbortController().signal,
    ...different,
  };
}
