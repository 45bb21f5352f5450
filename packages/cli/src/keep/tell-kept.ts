import type { KeptPlace, RunRecord } from '@pikaci/model';
import { keepSecondsOf } from '../options/keep-options.js';
import type { RunToCarryOut } from '../carry-out.js';
import type { Session } from '../session.js';

/** Says before a run that has jobs of which nothing can be kept. */
export function warnOfKeeping(session: Session, { planned, options }: RunToCarryOut): void {
  const { config, selection, runtime } = planned;
  const isProcess = (id: string) =>
    (runtime ?? config.jobs[id]?.runtime ?? config.defaults.runtime) === 'process';
  if (keepSecondsOf(options) === null || !selection.jobIds.some(isProcess)) return;
  session.io.stderr.write(
    'warning: of jobs that are processes nothing is kept; npx pikaci shell makes their working trees again\n',
  );
}

/** Says after a run what is kept of it; it is in the notes of its jobs. */
export function tellWhatIsKept({ io }: Session, { jobs }: RunRecord): void {
  for (const { id, notes } of jobs) {
    for (const note of notes.filter((text) => /^its instance \S+ is kept until /u.test(text))) {
      io.stderr.write(`job ${id}: ${note}\n`);
    }
  }
}

/** What is kept, where somebody asks what is left. */
export function keptLine({ runId, jobId, what, until }: KeptPlace): string {
  return `kept ${what} of job ${jobId} (${runId}) until ${until}: npx pikaci shell ${runId} --job ${jobId}`;
}
