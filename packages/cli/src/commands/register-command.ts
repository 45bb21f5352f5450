import type { Command } from 'commander';
import type { Session } from '../session.js';

/** Runs a command's action in a session made from its global options, and keeps its exit code. */
export type RunAction = (
  command: Command,
  action: (session: Session) => Promise<number>,
) => Promise<void>;

/** Adds one command to the program. */
export type RegisterCommand = (program: Command, runAction: RunAction) => void;

/** The argument of commands that look at one run. */
export const runArgument = [
  '<run>',
  'a run id, the beginning of one, "latest" or "latest-failed"',
] as const;
