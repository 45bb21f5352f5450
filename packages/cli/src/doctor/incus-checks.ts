import {
  describeIncusError,
  hasExtension,
  isNotFound,
  type IncusClient,
  type Server,
} from '@pikaci/incus-client';
import type { IncusRuntimeConfig, DoctorCheck } from '@pikaci/model';
import { found, limited, missing } from './checks.js';
import { restrictionCheck } from './incus-restriction-check.js';
import type { DoctorProbe } from './probe.js';

/** What the Incus runtime uses beyond the first version of the API. */
const neededExtensions = [
  'container_disk_shift',
  'container_exec_recording',
  'container_exec_user_group_cwd',
] as const;

/** Longest wait for one answer, in milliseconds: a server that needs longer is of no use to a run. */
const answerTimeoutMs = 5000;

/** Socket, server, extensions, storage, project, its restrictions and image. What cannot be asked because of an earlier answer is left out. */
export async function incusChecks(
  probe: DoctorProbe,
  config: IncusRuntimeConfig,
  required: boolean,
  stateRoot: string,
): Promise<DoctorCheck[]> {
  const client = probe.connectIncus(config.socket, config.project);
  try {
    const server = await client.server({ timeoutMs: answerTimeoutMs });
    if (!server.ok) return [noServer(config.socket, describeIncusError(server.error), required)];
    if (server.value.auth !== 'trusted') return [notTrusted(config.socket, required)];
    const images = await imageChecks(client, config, required);
    const isProject = images.some(
      ({ name, status }) => name === 'incus project' && status === 'ok',
    );
    const canonical = await probe.canonicalPath(stateRoot);
    return [
      found('incus server', `${server.value.serverVersion} at ${config.socket}`, required),
      extensionsCheck(server.value, required),
      storageCheck(server.value),
      ...images,
      ...(isProject
        ? [await restrictionCheck(client, config, required, canonical, answerTimeoutMs)]
        : []),
    ];
  } finally {
    client.close();
  }
}

function noServer(socket: string, detail: string, required: boolean): DoctorCheck {
  const hint = required
    ? 'Start Incus, or name its socket with --incus-socket, PIKACI_INCUS_SOCKET or runtimes.incus.socket.'
    : 'Only the incus runtime needs it; nothing is to be done without it.';
  return missing({
    name: 'incus server',
    required,
    detail: `no answer at ${socket}: ${detail}`,
    hint,
  });
}

function notTrusted(socket: string, required: boolean): DoctorCheck {
  return missing({
    name: 'incus server',
    required,
    detail: `the server at ${socket} does not trust this user`,
    hint: 'Use the socket of an administrator, or add this user to the group incus-admin.',
  });
}

function extensionsCheck(server: Server, required: boolean): DoctorCheck {
  const absent = neededExtensions.filter((extension) => !hasExtension(server, extension));
  if (absent.length === 0)
    return found('incus api', 'has every extension that is needed', required);
  return missing({
    name: 'incus api',
    required,
    detail: `lacks ${absent.join(', ')}`,
    hint: 'Update Incus to 6.0 or newer.',
  });
}

function storageCheck(server: Server): DoctorCheck {
  const drivers = server.storage.split('|').map((driver) => driver.trim());
  if (!drivers.includes('dir')) return found('incus storage', server.storage);
  return limited(
    'incus storage',
    `driver ${server.storage}`,
    'The driver dir copies the image for each instance. A pool on btrfs, zfs or lvm starts instances faster.',
  );
}

async function imageChecks(
  client: IncusClient,
  config: IncusRuntimeConfig,
  required: boolean,
): Promise<DoctorCheck[]> {
  const { image, project } = config;
  if (image === undefined) {
    const hint = 'Name one with --image, PIKACI_INCUS_IMAGE or runtimes.incus.image.';
    return [missing({ name: 'incus image', required, detail: 'no image is configured', hint })];
  }
  const alias = await client.images.getAlias(image, { timeoutMs: answerTimeoutMs });
  if (alias.ok) {
    const fingerprint = alias.value.fingerprint.slice(0, 12);
    return [
      found('incus project', project, required),
      found('incus image', `${image} is ${fingerprint} (${alias.value.type})`, required),
    ];
  }
  if (/project not found/iu.test(alias.error.message)) {
    const hint = `Create it (incus project create ${project}), or set runtimes.incus.project.`;
    return [
      missing({ name: 'incus project', required, detail: `there is no project ${project}`, hint }),
    ];
  }
  const detail = isNotFound(alias.error)
    ? `there is no image ${image} in project ${project}`
    : describeIncusError(alias.error);
  const hint = 'See incus image list; import one, or name another with --image.';
  return [missing({ name: 'incus image', required, detail, hint })];
}
