import { runCommand } from '@pikaci/host';
import { fail, ok, type JobExecution, type Outcome } from '@pikaci/model';
import { PassThrough } from 'node:stream';
import type { NamespaceSupport } from '../namespace/detect-namespaces.js';
import { checkNetwork, loopbackUp } from '../namespace/network-none.js';
import { processMarks } from '../process-marks.js';

/** The network that a job and its services have together. */
export interface SharedNetwork {
  /** A process that keeps it; null: it is that of the machine. */
  readonly networkOf: number | null;
  release(): Promise<void>;
}

/**
 * For a job without network a loopback interface of its own, in which it reaches its services and nobody else does. A
 * process that does nothing keeps it until it is released.
 */
export async function shareNetwork(
  execution: JobExecution,
  support: NamespaceSupport,
): Promise<Outcome<SharedNetwork>> {
  const { network } = execution.job;
  if (network === 'default') return ok({ networkOf: null, release: () => Promise.resolve() });
  const possible = await checkNetwork(support, network);
  if (!possible.ok || !support.available) return possible.ok ? noNamespace() : possible;
  const { enterWithoutNetwork, dropNetworkRights } = support.launcher;
  const input = new PassThrough();
  let pid = 0;
  let tellReady: (ready: null) => void = () => undefined;
  const ready = new Promise<null>((resolve) => (tellReady = resolve));
  const keep = `${loopbackUp}\necho kept\nexec "$@"`;
  const ended = runCommand({
    command: [
      ...[...enterWithoutNetwork, '/bin/sh', '-c', keep, 'sh'],
      ...[...dropNetworkRights, '/bin/sh', '-c', 'read -r end'],
    ],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', ...processMarks(execution) },
    stdin: input,
    force: execution.force,
    endWithUs: { marks: processMarks(execution) },
    observeSpawn: (id) => (pid = id),
    onStdout: () => {
      tellReady(null);
    },
  });
  const first = await Promise.race([ready, ended]);
  if (first?.ok === false) return first;
  if (first !== null) return noNamespace();
  const release = async (): Promise<void> => {
    input.end('\n');
    await ended;
  };
  return ok({ networkOf: pid, release });
}

function noNamespace(): Outcome<never> {
  return fail('infrastructure', 'The network of the job and its services could not be made');
}
