import type { DoctorCheck } from '@pikaci/model';
import type { CliIo } from '../io.js';
import { wantsTrace } from '../telemetry/wants-trace.js';

/** Where traces of runs go; nothing where none are asked for. */
export async function traceChecks(env: CliIo['env']): Promise<readonly DoctorCheck[]> {
  if (!wantsTrace(env)) return [];
  const { exportCheck } = await import('./export-check.js');
  return [exportCheck(env)];
}
