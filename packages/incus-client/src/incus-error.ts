import type { Result } from '@pikaci/model';

/** What a call that was expected to fail now and then gives back. No function of this package throws for such a failure. */
export type IncusResult<T> = Result<T, IncusError>;

interface Described {
  /** What went wrong, in Incus' words where it had some. */
  readonly message: string;
  /** The request that failed, for example `PUT /1.0/instances/web/state`. */
  readonly request: string;
}

/** The server could not be reached, or the connection to it broke. */
export interface ConnectionError extends Described {
  readonly kind: 'connection';
  /** Node's error code (`ENOENT`, `ECONNREFUSED`, `ECONNRESET`…), or `CLOSED` for a websocket that ended too early. */
  readonly code: string;
  /** False when the request certainly never reached the server; true when it may have had its effect. */
  readonly maybeReceived: boolean;
}

/** The server refused the request. */
export interface ApiError extends Described {
  readonly kind: 'api';
  /** The HTTP status (400, 404, 412, 500…). */
  readonly status: number;
}

/** The server accepted the request, and the operation it started ended in failure. */
export interface OperationError extends Described {
  readonly kind: 'operation';
  /** The operation's id. */
  readonly operation: string;
  /** Incus' numeric code: 400 failure, 401 cancelled. */
  readonly statusCode: number;
}

/** The operation started, and nobody can say any more how it ended: read the object it was about. */
export interface OutcomeUnknownError extends Described {
  readonly kind: 'outcome-unknown';
  /** The operation's id. */
  readonly operation: string;
}

/** The call's own time limit passed; the server may go on with it. */
export interface TimeoutError extends Described {
  readonly kind: 'timeout';
  /** The limit that passed. */
  readonly timeoutMs: number;
}

/** The caller's signal was aborted; the server may go on with it. */
export interface AbortedError extends Described {
  readonly kind: 'aborted';
}

/** The server answered something this client does not understand. */
export interface ProtocolError extends Described {
  readonly kind: 'protocol';
}

/** Everything a call to Incus can end with besides success. */
export type IncusError =
  | ConnectionError
  | ApiError
  | OperationError
  | OutcomeUnknownError
  | TimeoutError
  | AbortedError
  | ProtocolError;

/** One line that says what failed and where, for logs and messages. */
export function describeIncusError(error: IncusError): string {
  switch (error.kind) {
    case 'connection':
      return `${error.request}: no connection to Incus (${error.code}): ${error.message}`;
    case 'api':
      return `${error.request}: Incus refused it (${error.status}): ${error.message}`;
    case 'operation':
      return `${error.request}: the operation failed (${error.statusCode}): ${error.message}`;
    case 'outcome-unknown':
      return `${error.request}: its outcome is unknown: ${error.message}`;
    case 'timeout':
      return `${error.request}: no answer within ${error.timeoutMs} ms: ${error.message}`;
    case 'aborted':
      return `${error.request}: aborted: ${error.message}`;
    case 'protocol':
      return `${error.request}: answer not understood: ${error.message}`;
  }
}
