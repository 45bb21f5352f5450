import { exitFailure } from './exit-failure.js';
import { failure, type Failure } from './failure.js';
import type { Masker } from './ports/masker.js';

/** What there is to say of a service that kept its job from running. */
export interface FailedService {
  readonly name: string;
  readonly logPath: string;
  /** What it printed last; empty when it printed nothing. */
  readonly lastLines: string;
}

/**
 * The failure of a job whose service ended by itself before it could be used.
 *
 * @param exitCode null when a signal ended it
 */
export function endedServiceFailure(service: FailedService, exitCode: number | null): Failure {
  const ended = exitCode === null ? null : exitFailure(exitCode);
  const how = ended === null ? 'was ended by a signal' : ended.message;
  return failure('job', `service \`${service.name}\` ${how} before it was ready`, {
    location: { file: service.logPath },
    reason: printed(service),
    hint:
      ended?.hint ??
      'A service goes on in the foreground for as long as the job needs it. Its log says more.',
  });
}

/** The failure of a job whose service could not be used in time. */
export function unreadyServiceFailure(
  service: FailedService,
  { seconds, check }: { readonly seconds: number; readonly check: string },
): Failure {
  return failure('job', `service \`${service.name}\` was not ready within ${seconds}s`, {
    location: { file: service.logPath },
    reason: `${check}; ${printed(service)}`,
    hint: 'Look at its log, at its `ready` and its `port`; raise `readyTimeoutSeconds` if it needs more time.',
  });
}

/**
 * Why a service cannot be used yet, when a command was asked: how that ended, and the last line that it printed.
 *
 * @param exitCode null when a signal ended it
 * @param output what it printed; secrets are masked in what is said of it
 */
export function failedCheckText(
  exitCode: number | null,
  output: Uint8Array,
  masker: Masker,
): string {
  const stream = masker.stream();
  const masked = Buffer.concat([stream.write(output), stream.end()]).toString('utf8');
  const last = masked.trim().split('\n').at(-1) ?? '';
  return `its check ended with ${exitCode ?? 'a signal'}${last === '' ? '' : `: ${last}`}`;
}

function printed({ lastLines }: FailedService): string {
  return lastLines === '' ? 'it printed nothing' : `it printed last:\n${lastLines}`;
}
