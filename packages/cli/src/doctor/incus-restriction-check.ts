import { describeIncusError, type IncusClient } from '@pikaci/incus-client';
import type { IncusRuntimeConfig, DoctorCheck } from '@pikaci/model';
import { isWithin, shellCommand } from '@pikaci/paths';
import { z } from 'zod';
import { found, limited, missing } from './checks.js';

const name = 'incus restriction';

/** The keys of a project that decide which paths of the host its instances may mount. */
const keys = {
  restricted: 'restricted',
  disk: 'restricted.devices.disk',
  paths: 'restricted.devices.disk.paths',
} as const;

const projectSchema = z.object({ config: z.record(z.string(), z.string()) });

/**
 * Whether the project keeps its users to the state root, and, if it does, whether it lets pikaci mount that.
 *
 * @param stateRoot without symbolic links: that is what Incus compares
 */
export async function restrictionCheck(
  client: IncusClient,
  config: IncusRuntimeConfig,
  required: boolean,
  stateRoot: string,
  timeoutMs: number,
): Promise<DoctorCheck> {
  const path = `/1.0/projects/${encodeURIComponent(config.project)}`;
  const read = await client.get(path, projectSchema, { timeoutMs });
  if (!read.ok) {
    const hint = 'Ask somebody who may read the project whether it is restricted.';
    return limited(name, describeIncusError(read.error), hint);
  }
  const project = read.value.config;
  if (project[keys.restricted] !== 'true') {
    const detail = `project ${config.project} is not restricted: who may use it can mount any path of this machine`;
    return limited(name, detail, `For a project of its own: ${setUp(config, stateRoot)}`);
  }
  return restricted(project, config.project, required, stateRoot);
}

function restricted(
  project: Readonly<Record<string, string>>,
  projectName: string,
  required: boolean,
  stateRoot: string,
): DoctorCheck {
  const paths = (project[keys.paths] ?? '').split(',').filter((path) => path !== '');
  const isAllowed = project[keys.disk] === 'allow';
  // Without a list every path is allowed.
  const isCovered = paths.length === 0 || paths.some((path) => isWithin(path, stateRoot));
  if (isAllowed && isCovered) {
    const shifting = paths.length === 0 ? '' : '; what jobs may write to is copied in the guest';
    return found(name, `project ${projectName} may mount ${stateRoot}${shifting}`, required);
  }
  const wanted = [...paths, ...(isCovered ? [] : [stateRoot])].join(',');
  const set = ['incus', 'project', 'set', projectName, `${keys.disk}=allow`];
  return missing({
    name,
    required,
    detail: `project ${projectName} does not let its instances mount ${stateRoot}`,
    hint: shellCommand(wanted === '' ? set : [...set, `${keys.paths}=${wanted}`]),
  });
}

/** The commands that make a restricted project; images are its own, since a shared one could be replaced from it. */
function setUp({ image = 'IMAGE' }: IncusRuntimeConfig, stateRoot: string): string {
  const project = 'pikaci';
  const settings = ['restricted=true', `${keys.disk}=allow`, `${keys.paths}=${stateRoot}`];
  return [
    ['incus', 'project', 'create', project, ...settings.flatMap((one) => ['-c', one])],
    `incus profile device add default root disk path=/ pool=default --project ${project}`.split(
      ' ',
    ),
    `incus image copy local:${image} local: --copy-aliases --target-project ${project}`.split(' '),
  ]
    .map((command) => shellCommand(command))
    .concat(`then set runtimes.incus.project to ${project}`)
    .join('; ');
}
