import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentOwner } from '@pikaci/host';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobRig, type JobRig } from '../job-rig.test.helper.js';
import { createProcessRuntime } from '../process-runtime.js';
import { shellPlace, takeShellPlace } from './shell-place.js';

let rig: JobRig;
beforeEach(() => {
  rig = createJobRig();
  mkdirSync(rig.jobDir, { recursive: true });
});
afterEach(() => rig.remove());

const sweep = (isAbandoned: (pid: number | null) => boolean) =>
  createProcessRuntime({ stateRoot: rig.root }).sweep({
    isAbandoned: ({ owner }) => Promise.resolve(isAbandoned(owner?.pid ?? null)),
    signal: new AbortController().signal,
  });

describe('the place of a shell in a job', () => {
  it('is one for all, and free again when it was released', async () => {
    const first = await takeShellPlace(rig.jobDir, 'job');
    expect(await takeShellPlace(rig.jobDir, 'job')).toMatchObject({
      error: { kind: 'selection', reason: expect.stringContaining(String(process.pid)) as string },
    });
    if (first.ok) await first.value.release();
    expect(await takeShellPlace(rig.jobDir, 'job')).toMatchObject({ ok: true });
  });

  it('keeps the job from being run while somebody is in it, and its files as they are', async () => {
    const place = await takeShellPlace(rig.jobDir, 'job');
    mkdirSync(join(rig.jobDir, 'workspace'));
    writeFileSync(join(rig.jobDir, 'workspace/mine'), '');
    const refused = await rig.run('true');
    expect(refused.failure).toMatchObject({ kind: 'infrastructure' });
    expect(await createProcessRuntime().attach(rig.execution('true'))).toBeNull();
    expect(readdirSync(join(rig.jobDir, 'workspace'))).toEqual(['mine']);
    if (place.ok) await place.value.release();
    expect((await rig.run('true')).verdict).toBe('passed');
  });

  it('is swept with all that is in it when its process is gone, and not before', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const { lockFile, artifactsDir } = shellPlace(rig.jobDir);
    const leave = (owner: object) => {
      mkdirSync(artifactsDir, { recursive: true });
      mkdirSync(join(rig.jobDir, 'layers/upper'), { recursive: true });
      writeFileSync(lockFile, JSON.stringify({ owner, token: 'abcd' }));
    };
    const self = await currentOwner();
    leave(self);
    const asked: (number | null)[] = [];
    await sweep((owner) => asked.push(owner) === 0);
    expect(asked).toEqual([process.pid]);
    expect(readdirSync(rig.jobDir).sort()).toEqual(['layers', 'shell', 'shell.lock']);
    leave({ ...self, pid });
    const { removed, problems } = await sweep((owner) => owner === pid);
    expect({ removed: removed.length, problems }).toEqual({ removed: 1, problems: [] });
    expect(readdirSync(rig.jobDir)).toEqual([]);
  });
});
