import {
  fail,
  ok,
  type HostContext,
  type Outcome,
  type PreparePayloadNode,
  type StagedPayloadMount,
} from '@pikaci/model';

/**
 * Registers a job with the shared prepare node of a payload it mounts: its mount path, its log and the read-only
 * exposure, each once however often it is called. The job's mount is found by its device prefix.
 *
 * @returns the node with the job registered, or a failure that names prefix and job when the job has no such mount
 */
export function addStagedMountConsumer(
  node: PreparePayloadNode,
  context: Pick<HostContext, 'stagedPayloadMounts' | 'hostLogPath'>,
  devicePrefix: string,
  jobId: string,
): Outcome<PreparePayloadNode> {
  const mount = findStagedMount(context.stagedPayloadMounts, devicePrefix);
  if (mount === undefined) {
    return fail('internal', `Job "${jobId}" has no staged payload mount "${devicePrefix}"`, {
      location: { nodeId: node.id },
      hint: `Declare the payload with the device prefix "${devicePrefix}" in the payloads of job "${jobId}".`,
    });
  }
  const { exposures, logPaths } = node.consumers;
  const exposed = exposures.some(({ path }) => path === mount.localMountPath);
  return ok({
    ...node,
    consumers: {
      exposures: exposed
        ? exposures
        : [...exposures, { path: mount.localMountPath, access: 'read_only' }],
      logPaths: logPaths.includes(context.hostLogPath)
        ? logPaths
        : [...logPaths, context.hostLogPath],
    },
  });
}

function findStagedMount(
  mounts: readonly StagedPayloadMount[],
  devicePrefix: string,
): StagedPayloadMount | undefined {
  return mounts.find((mount) => mount.devicePrefix === devicePrefix);
}
