import { afterEach, describe, expect, it } from 'vitest';
import { createJobRig, rigRunId, type JobRig } from './job-rig.test.helper.js';
import { launchers, type NamespaceLauncher } from './namespace/launcher.js';

const [asRoot] = launchers({ unshare: 'unshare', setpriv: 'setpriv', nsenter: 'nsenter' }, true);

/** Like root's launcher, but the run's directory lies on an overlay, as in a container whose disk is one. */
function onOverlay(root: () => string): NamespaceLauncher {
  const script = `mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work &&
    mount -t overlay -o "lowerdir=$0,upperdir=/mnt/upper,workdir=/mnt/work" overlay "$0" && exec "$@"`;
  return {
    ...asRoot!,
    get enter() {
      return [...asRoot!.enter, 'sh', '-c', script, root()];
    },
  };
}

/** A launcher that gives no right to mount anything. */
const drop = ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin', '--'];
const powerless: NamespaceLauncher = {
  enter: drop,
  enterWithoutNetwork: ['unshare', '--net', '--', ...drop],
  dropRights: [],
  dropNetworkRights: [],
  join: () => [],
};

let rig: JobRig;
afterEach(() => rig.remove());

describe.runIf(process.getuid?.() === 0)('where the disk cannot carry an overlay', () => {
  it('keeps the layers in memory, and collects artifacts from there', async () => {
    rig = createJobRig({ launcher: onOverlay(() => rig.root) });
    rig.snapshotFile('dist/old', 'old');
    const outcome = await rig.run('rm -r dist && mkdir dist && echo new > dist/new', {
      artifacts: ['dist'],
    });
    expect(outcome).toMatchObject({ verdict: 'passed', artifacts: ['dist/new'], notes: [] });
    expect(rig.log).toEqual([]);
    expect(rig.read(`runs/${rigRunId}/jobs/job/artifacts/dist/new`)).toBe('new\n');
    expect(rig.read('snapshot/dist/old')).toBe('old');
  });

  it('copies when no overlay can be mounted at all, and says why', async () => {
    rig = createJobRig({ launcher: powerless });
    const modules = rig.payload('modules', { x: 'x' }, [
      { name: 'modules', workspacePath: 'node_modules' },
    ]);
    const outcome = await rig.run('cat node_modules/x', { payloads: [modules] });
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(rig.output.stdout.toString()).toBe('x');
    expect(rig.log).toHaveLength(1);
    expect(rig.log[0]).toMatch(/^copying .* no overlay can be mounted: .*mount/);
  });

  it('has no network in its copies either when it wants none', async () => {
    rig = createJobRig({ launcher: powerless });
    const outcome = await rig.run('tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d " "', {
      network: 'none',
    });
    expect(outcome).toMatchObject({ verdict: 'passed' });
    expect(rig.output.stdout.toString()).toBe('lo\n');
    expect(rig.log[0]).toContain('copying the workspace');
  });
});
