import { mkdir } from 'node:fs/promises';
import { systemFailure } from '@pikaci/host';
import { describeFailure, ok, type Outcome, type ShellEnd, type ShellRequest } from '@pikaci/model';
import { jobMarks, resolveEntrypointReferences, shellCommandVariable } from '@pikaci/paths';
import { jobVariables } from '../job-variables.js';
import { checkNetwork } from '../namespace/network-none.js';
import { environmentMounts } from '../placed-mounts.js';
import { prepareTree } from '../prepare-tree.js';
import type { ProcessJobSettings } from '../run-job-command.js';
import { placeSecretFiles } from '../secret-files.js';
import { removeTreeDirectories } from '../working-tree/remove-tree-directories.js';
import { treeDirectories } from '../working-tree/tree-directories.js';
import { runShell } from './run-shell.js';
import { removeShellFiles, shellPlace, takeShellPlace } from './shell-place.js';

type ShellSettings = Pick<ProcessJobSettings, 'environment' | 'support'>;

/** Opens a shell in the working tree that a job began with, at the very path that it had. Nothing of it stays. */
export async function openShell(
  settings: ShellSettings,
  request: ShellRequest,
): Promise<Outcome<ShellEnd>> {
  const { id, hostContext } = request.job;
  const { jobDir } = hostContext;
  const made = await makeDirectory(jobDir);
  if (!made.ok) return made;
  const lock = await takeShellPlace(jobDir, id);
  if (!lock.ok) return lock;
  try {
    const ended = await inPlace(settings, request);
    const left = await removeAll(jobDir);
    return ended.ok ? ok({ exitCode: ended.value, left }) : ended;
  } finally {
    await lock.value.release();
  }
}

/** Where a secret can be a file only while the shell lasts. */
async function inPlace(settings: ShellSettings, request: ShellRequest): Promise<Outcome<number>> {
  const observer = { onLog: (line: string) => request.onNote(line) };
  const secrets = await placeSecretFiles(
    { secrets: request.secrets, observer },
    settings.environment,
  );
  if (!secrets.ok) return secrets;
  try {
    return await inTree(settings, request, secrets.value.dir);
  } finally {
    await secrets.value.remove();
  }
}

async function inTree(
  settings: ShellSettings,
  request: ShellRequest,
  secretsDir: string,
): Promise<Outcome<number>> {
  const { job, payloads } = request;
  const tree = await prepareTree(request);
  if (!tree.ok) return tree;
  const mounts = environmentMounts(tree.value.mounts);
  const command = resolveEntrypointReferences(job.command, payloads, mounts);
  if (!command.ok) return command;
  const support = await settings.support();
  const network = await checkNetwork(support, job.network);
  if (!network.ok) return network;
  const { artifactsDir } = shellPlace(job.hostContext.jobDir);
  const made = await makeDirectory(artifactsDir);
  if (!made.ok) return made;
  const variables = jobVariables(settings.environment, request, tree.value, {
    secretsDir,
    artifactsDir,
  });
  request.onOpen(command.value);
  return runShell(support, tree.value, request, {
    env: { ...variables, [shellCommandVariable]: command.value },
    marks: jobMarks({ runId: request.runId, jobId: job.id, artifactsDir }),
  });
}

async function makeDirectory(path: string): Promise<Outcome<void>> {
  try {
    await mkdir(path, { recursive: true });
    return ok(undefined);
  } catch (error) {
    return systemFailure('The directories of the shell could not be made', error, path);
  }
}

/** Returns what is still there. */
async function removeAll(jobDir: string): Promise<readonly string[]> {
  const removed = [
    await removeTreeDirectories(treeDirectories(jobDir)),
    await removeShellFiles(jobDir),
  ];
  return removed.flatMap((one) => (one.ok ? [] : [describeFailure(one.error)]));
}
