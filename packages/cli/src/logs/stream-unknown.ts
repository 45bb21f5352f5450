import { fail, ok, type Outcome, type RunRecord } from '@pikaci/model';
import type { LogFile } from './log-files.js';
import type { RecordedLog } from './recorded-log.js';

/** A failure (`selection`) for a log of which one stream is wanted, and nothing tells whose its bytes are. */
export async function streamUnknown(
  { runId }: Pick<RunRecord, 'runId'>,
  { jobId, attempt, kind }: LogFile,
  log: RecordedLog,
): Promise<Outcome<void>> {
  if (kind === 'host' || log.sources.isRecorded) return ok(undefined);
  if ((await log.file.stat()).size === 0) return ok(undefined);
  const which = attempt === null ? '' : ` --attempt ${attempt}`;
  return fail('selection', `The log of job "${jobId}" does not tell its streams apart`, {
    reason:
      'it has no index: an earlier version of pikaci wrote it, or the index could not be written',
    location: { file: log.path },
    hint: `See both streams as they came: npx pikaci logs ${runId} --job ${jobId}${which} --kind guest`,
  });
}
