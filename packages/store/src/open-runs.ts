import { open } from 'node:fs/promises';
import { ok, runRecordCodec, type Outcome, type RunRecord } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { readRecord } from './read-record.js';
import { listRunIds } from './run-directories.js';

/** A run that is not known to have ended. */
export interface OpenRun {
  readonly runId: string;
  /** A failure when it cannot be read. */
  readonly record: Outcome<RunRecord>;
}

/** The id and the status are the first keys of a record; this holds them, whatever the run. */
const headBytes = 512;

/**
 * The runs whose records say that they are running, or cannot be read, newest first. Of all others only a few bytes are
 * read: commands that clean up look at every run there is.
 */
export async function findOpenRuns(stateRoot: string): Promise<Outcome<readonly OpenRun[]>> {
  const ids = await listRunIds(stateRoot);
  if (!ids.ok) return ids;
  const found: OpenRun[] = [];
  for (const runId of ids.value) {
    const { runFile } = runLayout(stateRoot, runId);
    const head = await readHead(runFile);
    if (head === null || /"status":\s*"(?!running")/.test(head)) continue;
    const record = await readRecord(runFile, runRecordCodec);
    if (!record.ok) found.push({ runId, record });
    else if (record.value?.status === 'running') found.push({ runId, record: ok(record.value) });
  }
  return ok(found);
}

/** Null when there is no such file. One that cannot be read counts as empty. */
async function readHead(file: string): Promise<string | null> {
  const handle = await open(file).catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    return undefined;
  });
  if (handle === null) return null;
  if (handle === undefined) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}
