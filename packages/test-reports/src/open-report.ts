import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ReportProblem } from './report-problem.js';

/** Opens a report for reading. Its directory belongs to a job: only a regular file that is really in it is one. */
export async function openReport(dir: string, path: string): Promise<FileHandle> {
  const root = await realpath(dir);
  const place = join(root, path);
  if (!place.startsWith(root + sep) || (await realpath(place)) !== place) {
    throw new ReportProblem('there is a link on the way to it');
  }
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new ReportProblem('it is no regular file');
}
