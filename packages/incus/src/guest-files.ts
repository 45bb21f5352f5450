import { guestLayout } from '@pikaci/paths';
import { posix } from 'node:path';

const inState = (name: string) => posix.join(guestLayout.state, name);

/**
 * What pikaci keeps in a guest. All of it is on the root disk, not in `/run`, so that it can be read by the files API
 * from an instance that has stopped as well; but for secrets, which lie in memory alone.
 */
export const guestFiles = {
  setupScript: inState('setup.sh'),
  superviseScript: inState('supervise.sh'),
  followScript: inState('follow.sh'),
  /** The job's command, as a script. */
  command: inState('command.sh'),
  /** Directory of what the supervisor writes; owned by the job's user. */
  output: inState('output'),
  stdout: inState('output/stdout'),
  stderr: inState('output/stderr'),
  /** A directory that exists as soon as the command was started: making it is the lock. */
  started: inState('output/started'),
  supervisorPid: inState('output/started/pid'),
  /** Exists as soon as somebody asked the command to end. */
  endRequest: inState('output/end-request'),
  /** Written last, by rename: its presence means that the command has ended. */
  ending: inState('output/ending'),
  /** Takes up room, and is removed to make room for `ending` on a disk that the job has filled. */
  reserve: inState('output/reserve'),
  artifacts: inState('artifacts'),
  layers: inState('layers'),
  /** A file system in memory. */
  secrets: posix.join(guestLayout.contract, 'secrets'),
} as const;
