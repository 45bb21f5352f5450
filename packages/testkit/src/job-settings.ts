import { noMasker, type JobExecution, type PlannedJob } from '@pikaci/model';

/** The settings of a planned job that most tests leave alone: no retries, no secrets, a mebibyte of output. */
export const plainJobSettings: Pick<
  PlannedJob,
  | 'when'
  | 'allowFailure'
  | 'artifactsWhen'
  | 'artifactsLimitBytes'
  | 'reports'
  | 'cancelGraceSeconds'
  | 'retry'
  | 'concurrency'
  | 'secrets'
  | 'logLimitBytes'
  | 'network'
  | 'limits'
  | 'services'
> = {
  cancelGraceSeconds: 1,
  retry: { infrastructure: 0, job: 0 },
  when: 'success',
  allowFailure: false,
  artifactsWhen: 'always',
  artifactsLimitBytes: null,
  reports: { junit: [] },
  concurrency: null,
  secrets: [],
  logLimitBytes: 1024 * 1024 * 1024,
  network: 'default',
  limits: {},
  services: [],
};

/** A first attempt without secrets that nobody ends by force. */
export function plainExecution(): Pick<
  JobExecution,
  'attempt' | 'secrets' | 'masker' | 'force' | 'signal'
> {
  return {
    attempt: 1,
    secrets: [],
    masker: noMasker,
    signal: new AbortController().signal,
    force: new AbortController().signal,
  };
}
