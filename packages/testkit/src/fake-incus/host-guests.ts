import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join, posix } from 'node:path';
import { endGuestProcesses, guestMark } from './end-guest-processes.js';
import type { ExecHandler, FakeExec } from './fake-exec.js';
import type { FakeIncus } from './fake-incus.js';
import type { FakeInstance } from './fake-instance.js';
import { rewriterOf, runOnHost } from './run-on-host.js';

/** What guests whose commands really run are like. */
export interface HostGuestsOptions {
  /** Guest paths that commands and scripts name: they are replaced by where they lie on the host. */
  readonly guestPaths: readonly string[];
  /** Guest directory of the scripts (`*.sh`) that clients write before they run them. */
  readonly scripts: string;
  /** Plays a command that needs more of a guest than there is, such as mounts, and ends it; false: it is run. */
  readonly play: (exec: FakeExec) => boolean;
}

/**
 * Guests whose commands run on the host, with all they start, until their instance stops. Their `poweroff` stops it, as
 * in a real guest.
 */
export function hostGuests(fake: FakeIncus, options: HostGuestsOptions): ExecHandler {
  const known = new WeakSet<FakeInstance>();
  const run = runOnHost({
    guestPaths: options.guestPaths,
    environment: ({ request, instance: { files } }) => ({
      [guestMark]: files.root,
      PATH: `${programsOf(files.root)}:${request.environment['PATH'] ?? ''}`,
    }),
  });
  return (exec) => {
    if (!known.has(exec.instance)) {
      known.add(exec.instance);
      bringUp(fake, exec.instance);
    }
    if (options.play(exec)) return;
    rewriteScripts(exec, options);
    return run(exec);
  };
}

const programsOf = (root: string) => join(root, '.host', 'bin');

function bringUp(fake: FakeIncus, instance: FakeInstance): void {
  const { root } = instance.files;
  const signs = join(root, '.host', 'signs');
  for (const directory of [signs, programsOf(root)]) mkdirSync(directory, { recursive: true });
  const program = join(programsOf(root), 'poweroff');
  writeFileSync(program, `#!/bin/sh\n: >'${join(signs, 'power-off')}'\nsleep 60\n`);
  chmodSync(program, 0o755);
  const watcher = watch(signs, () => {
    if (instance.running && existsSync(join(signs, 'power-off'))) {
      fake.stopInstance(instance.name, instance.project);
    }
  });
  instance.onStopped.add(() => {
    watcher.close();
    endGuestProcesses(root);
  });
}

function rewriteScripts(exec: FakeExec, { guestPaths, scripts }: HostGuestsOptions): void {
  const { files } = exec.instance;
  const rewrite = rewriterOf(exec, guestPaths);
  if (!existsSync(files.hostPath(scripts))) return;
  for (const name of readdirSync(files.hostPath(scripts)).filter((one) => one.endsWith('.sh'))) {
    const path = files.hostPath(posix.join(scripts, name));
    const text = readFileSync(path, 'utf8');
    const rewritten = rewrite(text);
    if (rewritten !== text) writeFileSync(path, rewritten);
  }
}
