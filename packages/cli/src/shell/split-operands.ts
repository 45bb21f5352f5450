import type { Command } from 'commander';
import { fail, ok, type Outcome } from '@pikaci/model';

/** What `shell` is asked for beside its options. */
export interface ShellOperands {
  readonly run: string | undefined;
  /** Null when nothing follows `--`. */
  readonly command: readonly string[] | null;
}

/** Tells a run from a command: all that follows the first `--` is the command, also when no run stands before it. */
export function splitOperands(self: Pick<Command, 'args' | 'parent'>): Outcome<ShellOperands> {
  const raw = (self.parent as { readonly rawArgs?: readonly string[] } | null)?.rawArgs ?? [];
  const dashes = raw.indexOf('--');
  const command = dashes === -1 ? [] : raw.slice(dashes + 1);
  const [run, ...others] = self.args.slice(0, self.args.length - command.length);
  if (others.length === 0) return ok({ run, command: command.length === 0 ? null : command });
  return fail('config', `There is one run to name, and ${others.join(' ')} after it`, {
    hint: 'A command comes after --, as in `npx pikaci shell latest -- npm test`.',
  });
}
