import { createJobRig, type RigJob } from './job-rig.test.helper.js';

/** A job that is run where the disk may become full. */
export interface FullDiskJob extends Pick<RigJob, 'artifacts' | 'reports'> {
  /** The small disk. */
  readonly disk: string;
  readonly command: string;
  readonly namespaces: 'auto' | 'never';
}

/** Runs a job whose directories are all on a small disk, and prints its outcome. */
export async function runOnDisk({ disk, command, namespaces, ...job }: FullDiskJob): Promise<void> {
  process.env['TMPDIR'] = disk;
  const rig = createJobRig({ namespaces });
  const outcome = await rig.run(command, job);
  process.stdout.write(JSON.stringify(outcome));
}
