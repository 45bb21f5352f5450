import type { HostContext, PreparePayloadNode } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { addStagedMountConsumer } from './staged-mount-consumer.js';

const node: PreparePayloadNode = {
  kind: 'prepare-payload',
  id: 'prepare-deps',
  description: 'deps',
  dependsOn: [],
  payloadId: 'deps',
  devicePrefix: 'deps',
  payload: {
    kind: 'directory',
    source: '/deps',
    immutable: false,
    dependsOn: [],
    entrypoints: [],
    timeoutSeconds: 1,
  },
  consumers: { exposures: [], logPaths: [] },
};

const context = (job: string): Pick<HostContext, 'stagedPayloadMounts' | 'hostLogPath'> => ({
  hostLogPath: `/jobs/${job}/host.log`,
  stagedPayloadMounts: [
    { localMountPath: `/jobs/${job}/staged/other`, devicePrefix: 'other', mode: 'read-only' },
    { localMountPath: `/jobs/${job}/staged/deps`, devicePrefix: 'deps', mode: 'read-only' },
  ],
});

describe('addStagedMountConsumer', () => {
  it('registers mount path, log and read-only exposure of each job', () => {
    const first = addStagedMountConsumer(node, context('a'), 'deps', 'a');
    if (!first.ok) throw new Error(first.error.message);
    const second = addStagedMountConsumer(first.value, context('b'), 'deps', 'b');
    expect(second).toMatchObject({
      ok: true,
      value: {
        consumers: {
          exposures: [
            { path: '/jobs/a/staged/deps', access: 'read_only' },
            { path: '/jobs/b/staged/deps', access: 'read_only' },
          ],
          logPaths: ['/jobs/a/host.log', '/jobs/b/host.log'],
        },
      },
    });
  });

  it('registers a job once however often it is asked', () => {
    const first = addStagedMountConsumer(node, context('a'), 'deps', 'a');
    if (!first.ok) throw new Error(first.error.message);
    expect(addStagedMountConsumer(first.value, context('a'), 'deps', 'a')).toEqual(first);
  });

  it('leaves the node it was given as it was', () => {
    addStagedMountConsumer(node, context('a'), 'deps', 'a');
    expect(node.consumers.exposures).toEqual([]);
  });

  it('names prefix and job when the job has no such mount', () => {
    const missing = addStagedMountConsumer(node, context('a'), 'build', 'a');
    expect(missing).toMatchObject({
      ok: false,
      error: { message: 'Job "a" has no staged payload mount "build"' },
    });
  });
});
