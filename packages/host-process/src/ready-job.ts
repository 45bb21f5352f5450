import type { JobExecution } from '@pikaci/model';
import type { TreeRequest } from './working-tree/working-tree.js';

/** A job with everything in its place, about to run. */
export interface ReadyJob {
  readonly execution: JobExecution;
  readonly request: TreeRequest;
}
