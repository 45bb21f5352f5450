import { captureCommand } from '@pikaci/host';
import { describeFailure, failedCheckText } from '@pikaci/model';
import { isListening, serviceHost, shellCommand } from '@pikaci/paths';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { processMarks } from '../process-marks.js';
import type { StartedProcess } from '../working-tree/working-tree.js';
import type { ServiceRun } from './service-run.js';

/** Whether a service can be used; null: it can, else why not. */
export async function checkReady(
  run: ServiceRun,
  started: StartedProcess,
  signal: AbortSignal,
): Promise<string | null> {
  const { service, port } = run;
  if (service.readyCommand !== null) {
    return checkByCommand(run, started, service.readyCommand, signal);
  }
  if (port === null) return null;
  const reached = (await listensInNetworkOf(started.pid, port)) ?? (await accepts(port, signal));
  return reached ? null : `nothing listens at port ${port}`;
}

/** As the network of a process has it, which may be its own; null where that cannot be told. Linux only. */
async function listensInNetworkOf(pid: number, port: number): Promise<boolean | null> {
  try {
    const ipv4 = await readFile(`/proc/${pid}/net/tcp`, 'latin1');
    const ipv6 = await readFile(`/proc/${pid}/net/tcp6`, 'latin1').catch(() => '');
    return isListening(`${ipv4}\n${ipv6}`, port);
  } catch {
    return null;
  }
}

function accepts(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: serviceHost, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Of a check that prints more, nothing is of use. */
const mostBytes = 1024 * 1024;

/** Runs the check in the service's own working tree, with its environment. */
async function checkByCommand(
  { execution, request, env }: ServiceRun,
  { pid, way }: StartedProcess,
  script: string,
  signal: AbortSignal,
): Promise<string | null> {
  const shell = ['/bin/sh', '-c', script];
  const cwd = request.workspaceDir;
  const inside = `${shellCommand(['cd', cwd])} && exec ${shellCommand([...(way?.dropRights ?? []), ...shell])}`;
  const command = way === null ? shell : [...way.join(pid), '/bin/sh', '-c', inside];
  const ran = await captureCommand({
    command,
    cwd: way === null ? cwd : '/',
    env,
    signal,
    graceSeconds: 0,
    maxBytes: mostBytes,
    endWithUs: { marks: processMarks(execution) },
  });
  if (!ran.ok) return `its check could not be run: ${describeFailure(ran.error)}`;
  const { exitCode, stdout, stderr } = ran.value;
  if (exitCode === 0) return null;
  return failedCheckText(exitCode, Buffer.concat([stdout, stderr]), execution.masker);
}
