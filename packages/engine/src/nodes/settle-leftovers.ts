import { describeFailure, formatTimestamp, type Failure } from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { unstartedJobRecord } from './job-record.js';
import { settleJob } from './skip-node.js';

/** After a broken schedule: gives each job that has no terminal record one that says what broke. */
export async function settleLeftovers(run: PlannedRun, broken: Failure): Promise<void> {
  for (const node of run.plan.nodes) {
    if (node.kind !== 'execute') continue;
    const known = run.state.record.jobs.find((job) => job.id === node.job.id);
    if (known !== undefined && known.status !== 'running') continue;
    const unstarted = unstartedJobRecord(run, node, describeFailure(broken), broken);
    const startedAt = known?.startedAt ?? unstarted.startedAt;
    const finishedAt = formatTimestamp(run.ports.clock.now());
    await settleJob(run, { ...unstarted, startedAt, finishedAt });
  }
}
