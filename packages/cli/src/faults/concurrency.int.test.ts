import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';
import { aftermathOf } from './aftermath.test.helper.js';
import { createBarrier } from './barrier.test.helper.js';
import { brokenPromises } from './broken-promises.test.helper.js';
import { bundlePikaci } from './bundle-pikaci.test.helper.js';
import { namesIn, readJson } from './disk.test.helper.js';
import { startFakeGuests } from './fake-guests.test.helper.js';
import { planFaultRun } from './fault-plan.test.helper.js';
import { createFaultWorkspace } from './fault-workspace.test.helper.js';
import { createFaultWorld, marksOf } from './fault-world.test.helper.js';
import { recordedRuns } from './recorded-runs.test.helper.js';
import { runFaultyPikaci } from './run-faulty-pikaci.test.helper.js';

let directory: string;
let workspace: TestWorkspace;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pikaci-concurrency-'));
});
afterEach(() => {
  workspace.remove();
  rmSync(directory, { recursive: true, force: true });
});

it('runs 50 jobs at once as processes: each waits until all of them are there', async () => {
  await using barrier = await createBarrier(join(directory, 'barrier'));
  workspace = createTestWorkspace({ git: true });
  const ids = Array.from({ length: 50 }, (_, index) => `job-${index}`);
  const run = `${barrier.command('$PIKACI_JOB_ID')}; echo "$PIKACI_JOB_ID"`;
  const jobs = Object.fromEntries(ids.map((id) => [id, { run }]));
  workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs }));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
  const io = capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'] },
    uid: process.getuid?.() ?? null,
  });
  const running = runCli(['run', ...ids, '--jobs', '50'], io);
  await barrier.open(50);
  expect(await running, io.stdout.text + io.stderr.text).toBe(0);
  const [run50] = recordedRuns({ stateRoot: join(workspace.root, '.pikaci') });
  expect(run50?.jobs.map((job) => job['status'])).toEqual(ids.map(() => 'passed'));
  for (const id of ids) {
    const log = join(run50?.dir ?? '', 'jobs', id, 'artifacts', 'guest.log');
    expect(readFileSync(log, 'utf8')).toBe(`${id}\n`);
  }
});

it('lets three pikaci processes work on one state root at once, with one payload for all of them', async () => {
  await using fake = await startFakeGuests();
  await using barrier = await createBarrier(join(directory, 'barrier'));
  workspace = createFaultWorkspace();
  const planned = planFaultRun(0).jobs.slice(0, 2);
  const jobs = [...planned, ...planned.map((job) => ({ ...job, id: `${job.id}-too` }))];
  const plan = { ...planFaultRun(0), jobs, fault: null };
  const server = { socketPath: fake.socketPath, image: 'tiny', sharesFiles: true };
  const world = await createFaultWorld(plan, server, workspace);
  const file = join(world.workspaceRoot, 'pikaci.config.json');
  const config = readJson(file) as {
    jobs: Record<string, unknown>;
    targets: { all: { jobs: string[] } };
  };
  config.jobs['meets'] = { run: barrier.command('$PIKACI_RUN_ID') };
  config.targets.all.jobs.push('meets');
  writeFileSync(file, JSON.stringify(config));
  const program = await bundlePikaci(directory);
  const running = [1, 2, 3].map(() =>
    runFaultyPikaci(world, { program, argv: ['run'], fault: null }),
  );
  await barrier.open(3);
  const ended = await Promise.all(running);
  for (const { exitCode, stdout, stderr } of ended) expect(exitCode, stdout + stderr).toBe(0);
  expect(recordedRuns(world)).toHaveLength(3);
  expect(marksOf(world, 'payload')).toEqual(['built']);
  const payloads = namesIn(join(world.stateRoot, 'cache/payloads'));
  expect(payloads.filter((name) => !name.startsWith('.'))).toHaveLength(1);
  for (const { id } of jobs)
    expect(marksOf(world, id).toSorted()).toEqual(['begin', 'begin', 'begin', 'end', 'end', 'end']);
  const [first] = ended;
  if (first === undefined) throw new Error('three processes have ended');
  expect(await brokenPromises(aftermathOf(world, first))).toEqual([]);
  await world.remove();
});
