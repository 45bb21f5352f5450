import { createIncusClient } from '@pikaci/incus-client';
import { createTestWorkspace } from '@pikaci/testkit';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';
import { recordedRuns } from './recorded-runs.test.helper.js';

const socket = process.env['PIKACI_TEST_INCUS_SOCKET'] ?? '';
const image = process.env['PIKACI_TEST_INCUS_IMAGE'] ?? '';
const count = 16;

it(`runs ${count} jobs at once in instances: each waits until all of them run`, async () => {
  const workspace = createTestWorkspace({ git: true });
  const client = createIncusClient({ socketPath: socket });
  const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
  const run = 'echo "$PIKACI_JOB_ID"; until [ -e /go-on ]; do sleep 0.1; done';
  const jobs = Object.fromEntries(ids.map((id) => [id, { run, runtime: 'incus' }]));
  workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs }));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
  const stateRoot = join(workspace.root, '.pikaci');
  const ours = async () => {
    const listed = await client.instances.list();
    if (!listed.ok) throw new Error(listed.error.message);
    return listed.value.filter(({ config }) => config['user.pikaci.state-root'] === stateRoot);
  };
  const io = capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'], PIKACI_INCUS_SOCKET: socket, PIKACI_INCUS_IMAGE: image },
    uid: process.getuid?.() ?? null,
  });
  const running = runCli(['run', ...ids, '--jobs', String(count), '--output', 'jsonl'], io);
  const started = () => io.stdout.text.split('"phase":"wait_for_completion"').length - 1;
  await expect.poll(started, { timeout: 100_000, interval: 100 }).toBe(count);
  const instances = await ours();
  expect(instances.map(({ status }) => status)).toEqual(ids.map(() => 'Running'));
  for (const { name } of instances) await client.files.write(name, '/go-on', '');
  expect(await running, io.stdout.text + io.stderr.text).toBe(0);
  expect(recordedRuns({ stateRoot })[0]?.jobs.map((job) => job['status'])).toEqual(
    ids.map(() => 'passed'),
  );
  expect(await ours()).toEqual([]);
  client.close();
  workspace.remove();
});
