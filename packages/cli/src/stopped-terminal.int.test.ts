import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellCommand } from '@pikaci/paths';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bundlePikaci } from './faults/bundle-pikaci.test.helper.js';
import { reachedVariable } from './faults/fault-report.test.helper.js';

const [stopOutput, goOn] = ['\x13', '\x11'];
/** More than any terminal and any pipe holds. */
const lines = 60_000;

let workspace: TestWorkspace;
let directory: string;
let terminal: ChildProcessWithoutNullStreams | null = null;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pikaci-terminal-'));
  workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\n');
  const run = `until [ -e ${go()} ]; do sleep 0.02; done; seq 1 ${lines}`;
  workspace.write(
    'pikaci.config.json',
    JSON.stringify({ schemaVersion: 1, jobs: { flood: { run } } }),
  );
  workspace.commit();
});
afterEach(() => {
  terminal?.kill('SIGKILL');
  workspace.remove();
  rmSync(directory, { recursive: true, force: true });
});

/** The job waits for this file. */
const go = () => join(directory, 'go');

/** `script`, of util-linux, runs a program in a pseudo-terminal. */
const hasTerminals = spawnSync('script', ['--version']).status === 0;

function statusOfRun(): string | null {
  const runs = join(workspace.root, '.pikaci/runs');
  const [run] = existsSync(runs) ? readdirSync(runs) : [];
  if (run === undefined) return null;
  const record = JSON.parse(readFileSync(join(runs, run, 'run.json'), 'utf8')) as {
    readonly status: string;
  };
  return record.status;
}

it.skipIf(!hasTerminals)(
  'goes on with a run while its terminal is stopped with Ctrl-S',
  async () => {
    const program = await bundlePikaci(directory);
    const command = [process.execPath, program, 'run', 'flood', '--verbose'];
    const script = spawn('script', ['-qefc', shellCommand(command), '/dev/null'], {
      cwd: workspace.root,
      env: { ...process.env, [reachedVariable]: join(directory, 'reached') },
      stdio: 'pipe',
    });
    terminal = script;
    const ended = once(script, 'exit');
    const shown: Buffer[] = [];
    script.stdout.on('data', (chunk: Buffer) => shown.push(chunk));
    await vi.waitFor(() => expect(Buffer.concat(shown).toString()).toContain('flood'), 20_000);
    script.stdin.write(stopOutput);
    const shownThen = Buffer.concat(shown).length;

    writeFileSync(go(), '');
    await vi.waitFor(() => expect(statusOfRun()).toBe('passed'), { timeout: 20_000, interval: 50 });
    // The terminal was stopped indeed.
    expect(Buffer.concat(shown).toString()).not.toContain(String(lines));
    expect(Buffer.concat(shown).length - shownThen).toBeLessThan(64 * 1024);
    script.stdin.write(goOn);
    expect(await ended).toEqual([0, null]);
    expect(Buffer.concat(shown).toString()).toContain('passed');
  },
);
