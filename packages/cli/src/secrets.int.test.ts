import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessRuntime } from '@pikaci/host-process';
import type { JobExecution, PlannedJob, PlannedSecret, RunSecrets } from '@pikaci/model';
import { createSecretSources } from '@pikaci/secrets';
import { plainExecution, plainJobSettings } from '@pikaci/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';

const token = 'tok"en/with+all & more: 0123456789';
const key =
  '-----BEGIN KEY-----\nAAAAC3NzaC1lZDI1NTE5AAAA\nBBBBC3NzaC1lZDI1NTE5BBBB\n-----END KEY-----';

const planned: readonly PlannedSecret[] = [
  { secret: 'TOKEN', as: 'env', name: 'API_TOKEN' },
  { secret: 'KEY', as: 'file', name: 'KEY_FILE' },
];

/** Everything that must be nowhere: the values, lines of them, and the forms that the job prints. */
const forbidden = [
  token,
  ...key.split('\n').slice(1, 3),
  JSON.stringify(token).slice(1, -1),
  JSON.stringify(key).slice(1, -1),
  encodeURIComponent(token),
  ...[0, 1, 2].map((offset) =>
    Buffer.from(`${'x'.repeat(offset)}${token}`)
      .toString('base64')
      .slice(4, 40),
  ),
  Buffer.from(key).toString('base64').slice(0, 60),
];

/** Prints one secret in halves; the second one comes when the test has heard of the first. */
const script = `
const { existsSync, readFileSync } = require('node:fs');
const token = process.env.API_TOKEN;
const key = readFileSync(process.env.KEY_FILE, 'utf8');
const say = (text) => process.stdout.write(text + '\\n');
say('raw ' + token);
say(JSON.stringify({ token, key }));
say(encodeURIComponent(token));
for (const before of ['', 'x', 'xx']) say(Buffer.from(before + token).toString('base64'));
say(Buffer.from(key).toString('base64'));
process.stderr.write(key + '\\n');
for (const line of key.split('\\n')) say('  ' + line);
process.stdout.write(token.slice(0, 9));
process.stderr.write('half is out\\n');
const timer = setInterval(() => {
  if (!existsSync(process.env.GO)) return;
  clearInterval(timer);
  say(token.slice(9));
  process.exitCode = 3;
}, 5);
`;

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-secret-job-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function readSecrets(): Promise<RunSecrets> {
  const sources = createSecretSources({
    workspaceRoot: root,
    environment: { PATH: process.env['PATH'], TOKEN: token, KEY: key },
    secrets: { TOKEN: { env: 'TOKEN' }, KEY: { command: 'printf "%s\\n" "$KEY"' } },
  });
  const secrets = await sources.read(['TOKEN', 'KEY'], new AbortController().signal);
  if (!secrets.ok) throw new Error(secrets.error.message);
  return secrets.value;
}

function plannedJob(): PlannedJob {
  const jobDir = join(root, 'runs/run/jobs/job');
  return {
    ...plainJobSettings,
    id: 'job',
    description: 'prints its secrets',
    command:
      'node print.cjs; code=$?; cp print.cjs kept; printf %s "$API_TOKEN" > told; exit $code',
    runtime: 'process',
    placement: 'local',
    env: { GO: join(root, 'go') },
    secrets: planned,
    timeoutSeconds: 60,
    artifacts: ['kept', 'told'],
    user: null,
    hostContext: {
      sourceRoot: root,
      workspaceSnapshotDir: join(root, 'snapshot'),
      workspaceSnapshotHash: 'hash',
      workspaceMode: 'overlay',
      workspaceReadOnly: false,
      jobDir,
      artifactsDir: join(jobDir, 'artifacts'),
      hostLogPath: join(jobDir, 'host.log'),
      guestLogPath: join(jobDir, 'artifacts/guest.log'),
      stagedPayloadMounts: [],
      sharedCaches: [],
    },
  };
}

it('gives a job its secrets, of which nothing is to be seen but in an artifact, which is told', async () => {
  const secrets = await readSecrets();
  await mkdir(join(root, 'snapshot'));
  await writeFile(join(root, 'snapshot/print.cjs'), script);
  const heard = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const said: string[] = [];
  const job = plannedJob();
  const execution: JobExecution = {
    ...plainExecution(),
    runId: '20260307T000001Z-aaaa0001',
    job,
    payloads: [],
    secrets: secrets.of(planned),
    masker: secrets.masker,
    observer: {
      onOutput: (stream, chunk) => {
        heard[stream] = Buffer.concat([heard[stream], chunk]);
        if (heard.stderr.includes('half is out')) writeFileSync(join(root, 'go'), '');
      },
      onPhase: () => undefined,
      onLog: (line) => void said.push(line),
    },
  };
  const outcome = await createProcessRuntime().run(execution);
  expect(outcome).toMatchObject({ exitCode: 3, artifacts: ['kept', 'told'], notes: [] });

  const artifact = (name: string) => join(job.hostContext.artifactsDir, name);
  expect(await secrets.findIn?.(outcome.artifacts.map(artifact))).toEqual([
    { path: artifact('told'), secret: 'TOKEN' },
  ]);

  const stdout = heard.stdout.toString();
  expect(stdout).toContain('raw ***\n{"token":"***","key":"***"}\n***\n');
  expect(stdout.endsWith('-----END KEY-----\n***\n')).toBe(true);
  expect(heard.stderr.toString()).toBe('***\nhalf is out\n');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isFile() && path !== artifact('told'));
  expect(files).toContain(artifact('result.json'));
  const seen = [heard.stdout, heard.stderr, JSON.stringify(outcome), said.join('\n')];
  for (const secret of forbidden) {
    for (const bytes of [...seen, ...files.map((path) => readFileSync(path))]) {
      expect(bytes.includes(secret), secret).toBe(false);
    }
  }
});
