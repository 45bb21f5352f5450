import { exitCodeForFailure, type Failure } from '@pikaci/model';
import type { Session } from '../session.js';
import { printFailure } from './print.js';

/** Prints a failure; returns the exit code that goes with it. */
export function finishWithFailure(session: Session, failed: Failure): number {
  printFailure(session, failed);
  return exitCodeForFailure(failed.kind);
}
