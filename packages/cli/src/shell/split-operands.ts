import type { Command } from 'commander';

/** What `shell` is asked for beside its options. */
export interface ShellOperands {
  readonly run: string | undefined;
  /** Null when nothing follows `--`. */
  readonly command: readonly string[] | null;
}

/** Tells a run from a command: all that follows the first `--` is the command, also when no run stands before it. */
export function splitOperands(self: Pick<Command, 'args' | 'parent'>): ShellOperands {
  const raw = (self.parent as { readonly rawArgs?: readonly string[] } | null)?.rawArgs ?? [];
  const dashes = raw.indexOf('--');
  const command = dashes === -1 ? [] : raw.slice(dashes + 1);
  const before = self.args.slice(0, self.args.length - command.length);
  return { run: before[0], command: command.length === 0 ? null : command };
}
