import { formatTimestamp, runRecordSchema, type RunRecord } from '@pikaci/model';
import type { RunRequest } from './ports.js';

/** What a run's first record is made of. */
export type RunIdentity = Pick<
  RunRequest,
  | 'runId'
  | 'createdAt'
  | 'selection'
  | 'workspaceRoot'
  | 'filters'
  | 'changedFiles'
  | 'rerunOf'
  | 'tracing'
>;

/** The record of a run that has just begun: everything known before the workspace was looked at. */
export function firstRunRecord(request: RunIdentity): RunRecord {
  return runRecordSchema.parse({
    runId: request.runId,
    status: 'running',
    targetId: request.selection.targetId,
    targetDescription: request.selection.targetDescription,
    sourceRoot: request.workspaceRoot,
    snapshotDir: '',
    createdAt: formatTimestamp(request.createdAt),
    filters: [...request.filters],
    changedFiles: [...request.changedFiles],
    reusedResults: request.selection.reused.map((result) => ({ ...result })),
    rerunOf: request.rerunOf ?? null,
    trace: request.tracing?.trace ?? null,
    jobs: [],
  });
}
