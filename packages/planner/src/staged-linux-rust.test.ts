import { planRecordCodec, type PreparedPayload, type RunPlan } from '@pikaci/model';
import {
  jobMounts,
  remoteJobDir,
  runLayout,
  stagedPayloadRemoteDirs,
  stagedPayloadSourceRoot,
} from '@pikaci/paths';
import { describe, expect, it } from 'vitest';
import { buildRunPlan } from './build-run-plan.js';
import { planRecord } from './plan-record.js';
import { selectJobs } from './select-jobs.js';
import { stagedLinuxRustConfig } from './fixtures/staged-linux-rust.js';

const runId = '20261122T212139Z-6f730c71';
const layout = runLayout('/probe/state', runId);
const jobs = ['pika-core-lib-app-flows-tests', 'pika-core-messaging-e2e-tests'];
const deps = 'prepare-pika-core-linux-rust-workspace-deps';
const build = 'prepare-pika-core-linux-rust-workspace-build';
const jobDir = (job: string) => `${layout.jobsDir}/${job}`;

function plan(config = stagedLinuxRustConfig()): RunPlan {
  const selection = selectJobs(config, ['probe-target']);
  if (!selection.ok) throw new Error(selection.error.message);
  const built = buildRunPlan({
    config,
    selection: selection.value,
    snapshot: { dir: '/probe/snapshot', hash: 'f'.repeat(64), sourceRoot: '/probe/src' },
    layout,
    runId,
    createdAt: '2026-11-22T21:21:39.848+00:00',
  });
  if (!built.ok) throw new Error(built.error.message);
  return built.value;
}

function execution(of: RunPlan, jobId: string) {
  const node = of.nodes.find((one) => one.id === `execute-${jobId}`);
  if (node?.kind !== 'execute') throw new Error(`no job ${jobId}`);
  return node.job;
}

describe('the plan of two jobs over two chained payloads', () => {
  it('has the node ids and edges of earlier records, payloads shared by both jobs', () => {
    expect(plan().nodes.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      [deps, []],
      [build, [deps]],
      ['prepare-pika-core-lib-app-flows-tests-runner', []],
      ['prepare-pika-core-messaging-e2e-tests-runner', []],
      ...jobs.map((job) => [`execute-${job}`, [deps, build, `prepare-${job}-runner`]]),
    ]);
  });

  it('exposes each payload to each job at a path of its own, read-only', () => {
    const record = planRecordCodec.encode(planRecord(plan())) as {
      nodes: { id: string; prepare?: { handoff?: { exposures: unknown } } }[];
    };
    const exposures = (id: string) =>
      record.nodes.find((node) => node.id === id)?.prepare?.handoff?.exposures;
    for (const [id, name] of [
      [deps, 'workspace-deps'],
      [build, 'workspace-build'],
    ] as const) {
      expect(exposures(id)).toEqual(
        jobs.map((job) => ({
          kind: 'host_symlink_mount',
          path: `${jobDir(job)}/staged-linux-rust/${name}`,
          access: 'read_only',
        })),
      );
    }
  });

  it('records what the jobs run under the keys of earlier records', () => {
    const record = planRecordCodec.encode(planRecord(plan())) as { nodes: unknown[] };
    expect(record.nodes.at(-1)).toMatchObject({
      kind: 'execute',
      executor: 'remote_linux_vm',
      execute: {
        type: 'vm_command',
        command: '/staged/linux-rust/workspace-build/bin/run-pika-core-messaging-e2e-tests',
        run_as_root: false,
        timeout_secs: 30,
        writable_workspace: false,
      },
    });
  });

  it('stages the mounts in declared order under the names that were configured', () => {
    expect(execution(plan(), jobs[0]!).hostContext.stagedPayloadMounts).toEqual([
      {
        localMountPath: `${jobDir(jobs[0]!)}/staged-linux-rust/workspace-deps`,
        devicePrefix: 'workspace-deps',
        mode: 'read-only',
      },
      {
        localMountPath: `${jobDir(jobs[0]!)}/staged-linux-rust/workspace-build`,
        devicePrefix: 'workspace-build',
        mode: 'read-only',
      },
    ]);
  });

  it('gives the guest paths and device names of earlier records', () => {
    const prepared = ['deps', 'build'].map((name): PreparedPayload => ({
      payloadId: `pika-core-linux-rust-workspace-${name}`,
      devicePrefix: `workspace-${name}`,
      contentKey: name,
      storePath: `/store/${name}`,
      reused: true,
      sizeBytes: 1,
      manifest: {
        schemaVersion: 1,
        kind: `staged_linux_workspace_${name}_v1`,
        entrypoints: [],
        assetRoots: [],
        mounts: [
          {
            name: `workspace_${name}_root`,
            relativePath: '.',
            guestPath: `/staged/linux-rust/workspace-${name}`,
            workspacePath: null,
            readOnly: true,
            addToPath: [],
          },
        ],
      },
    }));
    const mounts = jobMounts(jobs[0]!, prepared);
    expect(mounts).toMatchObject({
      ok: true,
      value: [
        {
          deviceName: 'pk-workspac-b966dd7a',
          attachPath: '/staged/linux-rust/workspace-deps',
          source: '/store/deps',
        },
        {
          deviceName: 'pk-workspac-51fa7376',
          attachPath: '/staged/linux-rust/workspace-build',
          source: '/store/build',
        },
      ],
    });
  });

  it('re-roots the mounts at a remote job directory', async () => {
    const context = execution(plan(), jobs[0]!).hostContext;
    const remote = remoteJobDir('/var/tmp/pikaci', runId, jobs[0]!);
    const expected = ['workspace-deps', 'workspace-build'].map(
      (name) => `/var/tmp/pikaci/runs/${runId}/jobs/${jobs[0]!}/staged-linux-rust/${name}`,
    );
    expect(stagedPayloadRemoteDirs(context, remote)).toEqual({ ok: true, value: expected });
    const root = await stagedPayloadSourceRoot(
      {
        localMountPath: context.stagedPayloadMounts[1]!.localMountPath,
        localJobDir: context.jobDir,
        remoteJobDir: remote,
        host: { kind: 'ssh', address: 'builder', workDir: '/var/tmp/pikaci' },
      },
      () => Promise.reject(new Error('the local file system is not asked about a remote host')),
    );
    expect(root).toEqual({ ok: true, value: expected[1] });
  });

  it('takes a third and a fourth payload from configuration alone', () => {
    const config = stagedLinuxRustConfig({
      payloads: {
        fixtures: { kind: 'directory', source: 'fixtures' },
        browsers: { kind: 'directory', source: '/opt/browsers', stageAt: 'tools/browsers' },
      },
      jobPayloads: ['fixtures', 'browsers'],
    });
    const made = plan(config);
    expect(made.nodes.slice(0, 4).map((node) => node.id)).toEqual([
      deps,
      build,
      'prepare-fixtures',
      'prepare-browsers',
    ]);
    const mounts = execution(made, jobs[1]!).hostContext.stagedPayloadMounts;
    expect(mounts.slice(2)).toEqual([
      {
        localMountPath: `${jobDir(jobs[1]!)}/staged/fixtures`,
        devicePrefix: 'fixtures',
        mode: 'read-only',
      },
      {
        localMountPath: `${jobDir(jobs[1]!)}/tools/browsers`,
        devicePrefix: 'browsers',
        mode: 'read-only',
      },
    ]);
  });
});
