import type { DoctorCheck } from '@pikaci/model';
import { join } from 'node:path';
import { found, limited, missing } from './checks.js';
import type { DoctorProbe } from './probe.js';

/** An overlay over a tmpfs in a mount namespace of its own: gone with the process. */
const overlayScript = [
  'set -e',
  'mount -t tmpfs tmpfs /tmp',
  'mkdir /tmp/lower /tmp/upper /tmp/work /tmp/tree',
  'mount -t overlay overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work,userxattr /tmp/tree',
  'touch /tmp/tree/file',
].join('\n');

/** Whether jobs of the process runtime get an overlay instead of a copy. */
export async function overlayCheck(probe: DoctorProbe): Promise<DoctorCheck> {
  const namespaces =
    probe.uid === 0 ? ['--mount'] : ['--user', '--map-current-user', '--mount', '--keep-caps'];
  const answer = await probe.runProgram(['unshare', ...namespaces, 'sh', '-c', overlayScript]);
  if (answer?.succeeded === true) return found('overlay', 'works in a private mount namespace');
  return limited(
    'overlay',
    answer === null ? 'unshare cannot be run' : (answer.text.split('\n').at(-1) ?? ''),
    'Working trees are copied instead, which is slower. Overlays need Linux, unshare of util-linux 2.38 or newer and user namespaces.',
  );
}

/** Which cgroup version there is, and what limits this process itself. */
export async function cgroupCheck(probe: DoctorProbe): Promise<DoctorCheck> {
  const controllers = await probe.readText('/sys/fs/cgroup/cgroup.controllers');
  if (controllers === null) {
    return limited(
      'cgroup',
      'version 2 is not mounted at /sys/fs/cgroup',
      'Limits of instances (cpu, memory, processes) may be accepted and not enforced. Boot with cgroup version 2.',
    );
  }
  const limits = await ownLimits(probe);
  const detail = `version 2; controllers ${controllers.trim()}; ${limits}`;
  const absent = ['cpu', 'memory', 'pids'].filter(
    (name) => !controllers.split(/\s+/u).includes(name),
  );
  if (absent.length === 0) return found('cgroup', detail);
  return limited(
    'cgroup',
    detail,
    `Limits that need ${absent.join(', ')} are not enforced. Delegate these controllers.`,
  );
}

async function ownLimits(probe: DoctorProbe): Promise<string> {
  const membership = await probe.readText('/proc/self/cgroup');
  const path = /^0::(.*)$/mu.exec(membership ?? '')?.[1] ?? '/';
  const files = ['memory.max', 'cpu.max', 'pids.max'];
  const values = await Promise.all(
    files.map((file) => probe.readText(join('/sys/fs/cgroup', path, file))),
  );
  const limits = files.flatMap((file, index) => {
    const value = values[index]?.trim() ?? 'max';
    return value.startsWith('max') ? [] : [`${file} ${value}`];
  });
  return limits.length === 0 ? 'no limits of its own' : limits.join(', ');
}

/** Whether records can be written. */
export async function stateRootCheck(probe: DoctorProbe, stateRoot: string): Promise<DoctorCheck> {
  if (await probe.isWritable(stateRoot)) return found('state root', stateRoot, true);
  return missing({
    name: 'state root',
    required: true,
    detail: `${stateRoot} cannot be written to`,
    hint: 'Change its permissions, or name another with --state-root or PIKACI_STATE_ROOT.',
  });
}
