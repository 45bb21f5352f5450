import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

const config = {
  schemaVersion: 1,
  payloads: {
    base: { kind: 'command', run: 'echo > "$PIKACI_OUTPUT/x"', runtime: 'incus', mounts: [] },
    top: { kind: 'command', run: 'echo > "$PIKACI_OUTPUT/x"', dependsOn: ['base'], mounts: [] },
  },
  jobs: { needy: { run: 'true', payloads: ['top'] }, plain: { run: 'true' } },
};

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
});
afterEach(() => workspace.remove());

async function cli(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'] },
    uid: process.getuid?.() ?? null,
  });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

describe('a payload that is built in another runtime than its jobs run in', () => {
  it('asks for the image of that runtime before anything is written', async () => {
    const { code, stderr } = await cli('run', 'needy');
    expect(code).toBe(2);
    expect(stderr).toContain('The Incus runtime has no image');
    expect(existsSync(join(workspace.root, '.pikaci'))).toBe(false);
  });

  it('asks for nothing when no selected job needs it', async () => {
    expect((await cli('run', 'plain')).code).toBe(0);
  });

  it('shows in the plan where it is built', async () => {
    const { code, stdout } = await cli('plan', 'needy', '--image', 'debian', '--verbose');
    expect(code).toBe(0);
    expect(stdout).toMatch(/base \(command\)\n +built in +incus\n/u);
    expect(stdout).toMatch(/top \(command\)\n +built in +process\n/u);
  });
});
