import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createTestWorkspace,
  startFakeCollector,
  type FakeCollector,
  type TestWorkspace,
} from '@pikaci/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePikaci } from '../faults/bundle-pikaci.test.helper.js';

let directory: string;
let program: string;
let workspace: TestWorkspace;
let collector: FakeCollector;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pikaci-loaded-'));
  program = await bundlePikaci(directory, 'pikaci');
  collector = await startFakeCollector();
  workspace = createTestWorkspace({ git: true });
  const jobs = { red: { run: 'exit 7' } };
  workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs }));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
});
afterAll(async () => {
  workspace.remove();
  rmSync(directory, { recursive: true, force: true });
  await collector[Symbol.asyncDispose]();
});

/** A process of its own, as a person starts one. */
function pikaci(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const given = { cwd: workspace.root, env: { PATH: process.env['PATH'] ?? '', ...env } };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const ended = (error: ExecFileException | null, stdout: string, stderr: string) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    execFile(process.execPath, [program, ...argv], given, ended);
  });
}

/** The files of the program that hold what exports traces. */
function filesOfTelemetry(): readonly string[] {
  const dist = dirname(program);
  return readdirSync(dist)
    .map((name) => join(dist, name))
    .filter((file) => readFileSync(file, 'utf8').includes('application/x-protobuf'));
}

describe('what exports traces', () => {
  it('is loaded when the environment asks for it, and else is not missed', async () => {
    const asking = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const exported = await pikaci(['run', 'red'], asking);
    expect(exported).toMatchObject({ code: 1, stderr: '' });
    expect(exported.stdout).toContain(`\ntrace ${collector.spans[0]?.traceId ?? ''}\n`);

    const files = filesOfTelemetry();
    expect(files.length).toBeGreaterThan(0);
    expect(files).not.toContain(program);
    for (const file of files) rmSync(file);

    // Without the files there is an error, which shows that the runs below would have had one as well.
    const missing = await pikaci(['run', 'red'], asking);
    expect(missing.stderr).toContain('Cannot find module');

    expect(await pikaci(['--version'], asking)).toMatchObject({ code: 0, stdout: '0.1.0\n' });
    for (const env of [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      { ...asking, OTEL_SDK_DISABLED: 'true' },
      { ...asking, OTEL_TRACES_EXPORTER: 'none' },
      { ...asking, OTEL_TRACES_EXPORTER: 'console' },
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'x' },
    ]) {
      const { code, stderr } = await pikaci(['run', 'red'], env);
      expect({ env, code, stderr }).toEqual({ env, code: 1, stderr: '' });
    }
    expect(await pikaci(['doctor'])).not.toMatchObject({
      stderr: expect.stringContaining('module') as unknown,
    });
    expect(collector.requests).toHaveLength(1);
  });
});
