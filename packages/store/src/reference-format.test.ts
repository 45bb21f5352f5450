import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobRecordCodec, type JobRecord, type PlanRecord } from '@pikaci/model';
import { exampleRunId, jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunStore } from './run-store.js';

/** What readers of earlier records rely on: every key, its type, and the words of closed lists. `?` is nullable. */
const format = JSON.parse(fixture('reference-format.json')) as Record<string, Shape>;
type Shape = Record<string, string>;

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
}

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/;

/** What lies at a path in a JSON value. */
function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown>)[key],
    value,
  );
}

/** What of a record differs from the format of that name, by key. */
function differences(value: unknown, name: string): string[] {
  const record = value as Record<string, unknown>;
  return Object.entries(format[name] ?? { [name]: 'a known format' }).flatMap(([key, type]) =>
    key in record && fits(record[key], type)
      ? []
      : [`${name}.${key} is ${JSON.stringify(record[key])}, not ${type}`],
  );
}

function fits(value: unknown, type: string): boolean {
  if (type.endsWith('?')) return value === null || fits(value, type.slice(0, -1));
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'string' || type === 'boolean') return typeof value === type;
  if (type === 'time') return typeof value === 'string' && timePattern.test(value);
  return typeof value === 'string' && type.split('|').includes(value);
}

const time = '2026-03-07T00:00:02.000+00:00';
const timing = { startedAt: time, finishedAt: time, durationMs: 0 };

const incusJob: JobRecord = jobRecordOf('e2e', {
  executor: 'remote_linux_vm',
  remoteLinuxVmExecution: {
    backend: 'incus',
    incusImage: { project: 'default', alias: 'debian', fingerprint: null },
    phases: [{ phase: 'launch_guest', ...timing }],
    instance: 'pikaci-1',
    operations: [],
  },
});

const plan: PlanRecord = {
  schemaVersion: 1,
  runId: exampleRunId,
  targetId: null,
  targetDescription: null,
  createdAt: time,
  scope: 'post_host_setup_and_snapshot',
  preconditions: ['host_setup_complete', 'workspace_snapshot_created'],
  snapshotHash: null,
  nodes: [
    {
      kind: 'prepare',
      id: 'prepare-deps',
      description: 'Prepare deps',
      executor: 'host_local',
      dependsOn: [],
      prepare: {
        type: 'nix_build',
        installable: 'payload:deps',
        outputName: 'deps',
        residency: 'local_authoritative',
        handoff: {
          protocol: 'nix_store_path_v1',
          exposures: [{ kind: 'host_symlink_mount', path: '/jobs/e2e/deps', access: 'read_only' }],
        },
        payload: null,
      },
    },
    {
      kind: 'prepare',
      id: 'prepare-e2e-runner',
      description: 'Prepare incus',
      executor: 'host_local',
      dependsOn: [],
      prepare: { type: 'remote_linux_vm_backend', backend: 'incus' },
    },
    ...(['vm_command', 'host_command'] as const).map((type) => ({
      kind: 'execute' as const,
      id: `execute-${type}`,
      description: type,
      executor: 'host_local' as const,
      dependsOn: ['prepare-deps'],
      execute: {
        type,
        command: 'true',
        timeoutSecs: 60,
        writableWorkspace: true,
        runAsRoot: true,
      },
      runtime: null,
      placement: null,
      workspaceMode: null,
      user: null,
      env: [],
      artifacts: [],
      reports: { junit: [] },
      stagedPayloadMounts: [],
    })),
  ],
};

describe('records on disk', () => {
  let stateRoot: string;
  beforeEach(async () => {
    stateRoot = await mkdtemp(join(tmpdir(), 'pikaci-store-'));
  });
  afterEach(() => rm(stateRoot, { recursive: true }));

  const runFile = (name: string) => join(stateRoot, 'runs', exampleRunId, name);
  const readBack = async (name: string) =>
    JSON.parse(await readFile(runFile(name), 'utf8')) as Record<string, unknown>;
  const writer = async () => {
    const run = runRecordOf([jobRecordOf('unit'), incusJob], {
      prepareTimings: [{ nodeId: 'prepare-deps', ...timing }],
      preparedOutputConsumer: 'host_local_symlink_mounts_v1',
    });
    const created = await createRunStore({ stateRoot }).create(run);
    if (!created.ok) throw new Error(created.error.message);
    return created.value;
  };

  it('writes run.json with every key of the earlier format, in its order', async () => {
    await (await writer()).close();
    const run = await readBack('run.json');
    expect(differences(run, 'run')).toEqual([]);
    const expected = Object.keys(format['run'] ?? {});
    expect(Object.keys(run).slice(0, expected.length)).toEqual(expected);
    expect(differences(at(run, 'prepare_timings', 0), 'prepare_timing')).toEqual([]);
    expect(differences(at(run, 'jobs', 0), 'job')).toEqual([]);
  });

  it('writes status.json with every key of the earlier format', async () => {
    const created = await writer();
    await created.createJob('e2e');
    await created.writeJob(incusJob);
    await created.close();
    const job = await readBack('jobs/e2e/status.json');
    const execution = at(job, 'remote_linux_vm_execution');
    expect(differences(job, 'job')).toEqual([]);
    expect(differences(execution, 'execution')).toEqual([]);
    expect(differences(at(execution, 'incus_image'), 'incus_image')).toEqual([]);
    expect(differences(at(execution, 'phases', 0), 'phase')).toEqual([]);
  });

  it('writes plan.json with every key of the earlier format', async () => {
    const created = await writer();
    await created.writePlan(plan);
    await created.close();
    const written = await readBack('plan.json');
    const [payload, runtime, vm, host] = at(written, 'nodes') as unknown[];
    expect(differences(written, 'plan')).toEqual([]);
    for (const node of [payload, runtime]) expect(differences(node, 'prepare_node')).toEqual([]);
    for (const node of [vm, host]) expect(differences(node, 'execute_node')).toEqual([]);
    expect(differences(at(payload, 'prepare'), 'payload_prepare')).toEqual([]);
    expect(differences(at(payload, 'prepare', 'handoff'), 'handoff')).toEqual([]);
    expect(differences(at(payload, 'prepare', 'handoff', 'exposures', 0), 'exposure')).toEqual([]);
    expect(differences(at(runtime, 'prepare'), 'runtime_prepare')).toEqual([]);
    expect(differences(at(vm, 'execute'), 'vm_command')).toEqual([]);
    expect(differences(at(host, 'execute'), 'host_command')).toEqual([]);
  });

  it('reads the records of earlier programs, and writes prepared-outputs.json in their format', async () => {
    await mkdir(runFile(''), { recursive: true });
    for (const name of ['run.json', 'plan.json', 'prepared-outputs.json']) {
      const text = fixture(`earlier-records/${name}`);
      await writeFile(runFile(name), text);
    }
    const store = createRunStore({ stateRoot });
    const run = await store.read('latest');
    expect(run).toMatchObject({
      value: { status: 'failed', jobs: [{ exitCode: 101 }, { finishedAt: null, attempt: 1 }] },
    });
    expect(run.ok && jobRecordCodec.encode(run.value.jobs[0]!)).toMatchObject({ attempt: 1 });
    expect(await store.readPlan(exampleRunId)).toMatchObject({
      value: { nodes: [{ kind: 'prepare' }, {}, { stagedPayloadMounts: [] }, {}] },
    });
    const outputs = await store.readPreparedOutputs(exampleRunId);
    if (!outputs.ok || outputs.value === null) throw new Error('not read');
    await rm(runFile(''), { recursive: true });
    const created = await writer();
    await created.writePreparedOutputs(outputs.value);
    await created.close();
    const written = await readBack('prepared-outputs.json');
    const output = at(written, 'outputs', 0);
    expect(differences(written, 'prepared_outputs')).toEqual([]);
    expect(differences(output, 'output')).toEqual([]);
    expect(differences(at(output, 'exposures', 0), 'exposure')).toEqual([]);
    expect(differences(at(output, 'payload'), 'payload')).toEqual([]);
    expect(differences(at(output, 'payload', 'mounts', 0), 'mount')).toEqual([]);
  });

  it('would notice a key that is missing or of another type', () => {
    expect(differences({ kind: 'host_symlink_mount', path: 1 }, 'exposure')).toEqual([
      'exposure.path is 1, not string',
      'exposure.access is undefined, not read_only',
    ]);
  });
});
