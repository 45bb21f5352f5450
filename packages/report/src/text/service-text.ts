import type { JobServiceRecord, ServiceState } from '@pikaci/model';
import { formatDuration } from './duration.js';

/** What the states of a service are called. */
const words: Readonly<Record<ServiceState, string>> = {
  stopped: 'ended with the job',
  ended: 'ended by itself',
  failed: 'failed',
  not_ready: 'was not ready in time',
  cancelled: 'was not waited for',
};

/** What became of a service, in a few words. */
export function serviceText({ state, readyAfterMs, exitCode, port }: JobServiceRecord): string {
  return [
    ...(readyAfterMs === null ? [] : [`ready after ${formatDuration(readyAfterMs)}`]),
    words[state],
    ...(exitCode === null ? [] : [`exit code ${exitCode}`]),
    ...(port === null ? [] : [`port ${port}`]),
  ].join(', ');
}
