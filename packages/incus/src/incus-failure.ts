import {
  describeIncusError,
  isDiskSourceMissing,
  isImageMissing,
  isNameTaken,
  isOutOfIds,
  type IncusError,
} from '@pikaci/incus-client';
import { failure, type Failure } from '@pikaci/model';

/** Where a request went, for messages. */
export interface IncusPlace {
  readonly socket: string;
  readonly project: string;
  readonly instance?: string;
}

/** A failure of Incus as pikaci reports it: never a red job. */
export function incusFailure(doing: string, error: IncusError, place: IncusPlace): Failure {
  return failure('infrastructure', `Incus could not ${doing}`, {
    location: { instance: place.instance ?? null, host: place.socket },
    reason: describeIncusError(error),
    hint: hintFor(error, place),
  });
}

function hintFor(error: IncusError, place: IncusPlace): string {
  if (error.kind === 'connection') return connectionHint(error.code, place.socket);
  if (isImageMissing(error)) {
    return 'The image went away during the run; import it again and run once more.';
  }
  if (isDiskSourceMissing(error)) {
    return 'The server must see the state root under the same path: keep it on a disk that was mounted before Incus started.';
  }
  if (isOutOfIds(error)) {
    return 'Each guest gets 65536 user ids of its own. Give root more of them in /etc/subuid and /etc/subgid (such as root:1000000:1000000000) and restart Incus.';
  }
  if (isNameTaken(error)) {
    return 'An instance of an earlier attempt is still there; delete it, or run again.';
  }
  return `Look at the server with: pikaci doctor --incus-socket ${place.socket}`;
}

function connectionHint(code: string, socket: string): string {
  switch (code) {
    case 'ENOENT':
      return `There is no socket at ${socket}. Start Incus, or name its socket with --incus-socket or PIKACI_INCUS_SOCKET.`;
    case 'ECONNREFUSED':
      return `Nothing listens at ${socket}. Start Incus.`;
    case 'EACCES':
    case 'EPERM':
      return `You may not use ${socket}. Join the group incus-admin, or ask for a socket you may use.`;
    default:
      return 'See whether the server is up with: pikaci doctor';
  }
}
