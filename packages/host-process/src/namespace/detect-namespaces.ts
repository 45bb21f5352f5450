import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureCommand, createTemporaryDirectory, removeTree } from '@pikaci/host';
import { describeFailure } from '@pikaci/model';
import { shellCommand, workspaceSetupScript } from '@pikaci/paths';
import { findProgram } from './find-program.js';
import { launchers, type NamespaceLauncher } from './launcher.js';

/** Whether jobs can have private mounts on this machine: how, or why not. */
export type NamespaceSupport =
  | { readonly available: true; readonly launcher: NamespaceLauncher }
  | { readonly available: false; readonly reason: string };

/** Longer than the probe ever takes; a machine on which it hangs has no namespaces for us. */
const probeTimeoutSeconds = 20;

/** Finds out by doing it: a tiny working tree with one mount is made as it is made for jobs. */
export async function detectNamespaces(): Promise<NamespaceSupport> {
  if (process.platform !== 'linux') return unavailable(`${process.platform} has none`);
  const path = process.env['PATH'] ?? '';
  const unshare = await findProgram('unshare', path);
  if (unshare === null) return unavailable('the program unshare (util-linux) is missing');
  const setpriv = await findProgram('setpriv', path);
  if (setpriv === null) return unavailable('the program setpriv (util-linux) is missing');
  // Of the same package; only jobs with services need it.
  const nsenter = (await findProgram('nsenter', path)) ?? 'nsenter';
  const problems: string[] = [];
  for (const launcher of launchers({ unshare, setpriv, nsenter }, process.getuid?.() === 0)) {
    const problem = await probe(launcher);
    if (problem === null) return { available: true, launcher };
    problems.push(problem);
  }
  return unavailable([...new Set(problems)].join('; '));
}

function unavailable(reason: string): NamespaceSupport {
  return { available: false, reason };
}

/** Null when it works; else why not. */
async function probe(launcher: NamespaceLauncher): Promise<string | null> {
  const dir = await createTemporaryDirectory();
  try {
    const script = await probeScript(dir, launcher);
    const command = [...launcher.enter, '/bin/sh', '-c', script];
    const ran = await captureCommand({ command, cwd: dir, timeoutSeconds: probeTimeoutSeconds });
    if (!ran.ok) return describeFailure(ran.error);
    if (ran.value.exitCode === 0) return null;
    return firstLine(ran.value.stderr.toString()) ?? `the probe ended with ${ran.value.ending}`;
  } finally {
    await removeTree(dir);
  }
}

async function probeScript(dir: string, launcher: NamespaceLauncher): Promise<string> {
  const snapshotDir = join(dir, 'snapshot');
  const source = join(dir, 'payload');
  const workDir = join(dir, 'work');
  await mkdir(snapshotDir);
  await mkdir(source);
  await writeFile(join(source, 'file'), '');
  const setup = workspaceSetupScript({
    snapshotDir,
    workDir,
    layersDir: join(dir, 'layers'),
    mode: 'overlay',
    mounts: [{ name: 'probe', source, target: join(workDir, 'mount') }],
    verify: [],
  });
  const use = ['/bin/sh', '-c', 'test -f "$1/mount/file" && : >"$1/new"', 'sh', workDir];
  return `${setup}exec ${shellCommand([...launcher.dropRights, ...use])}\n`;
}

function firstLine(text: string): string | null {
  const line = text.trim().split('\n')[0];
  return line === undefined || line === '' ? null : line;
}
