import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { attemptLayout, type JobLayout } from '@pikaci/paths';
import { isMissing } from './file-failure.js';

/**
 * Moves what an attempt left in a job's directory below `attempts/<n>`: its log, its record, its artifacts, what its services left. What is there
 * already, from a move that was broken off, is taken for a part of it. Rejects with the error of the operating system.
 */
export async function setAttemptAside(job: JobLayout, attempt: number): Promise<void> {
  const aside = attemptLayout(job, attempt);
  await mkdir(aside.attemptDir, { recursive: true });
  await move(job.artifactsDir, aside.artifactsDir);
  await move(job.servicesDir, aside.servicesDir);
  await move(job.hostLog, aside.hostLog);
  await move(job.statusFile, aside.statusFile);
  // A working tree that could not be removed is of no use to the next attempt.
  await rm(join(job.jobDir, 'layers'), { recursive: true, force: true }).catch(() => undefined);
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
}
