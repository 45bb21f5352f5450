import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { commandLeaves } from './command-leaves.test.helper.js';
import { runCli } from './run-cli.js';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = createTestWorkspace({ git: true });
  const config = {
    schemaVersion: 1,
    defaultTarget: 'self',
    payloads: { 'node-modules': { kind: 'command', run: 'echo > "$PIKACI_OUTPUT/m"', mounts: [] } },
    jobs: {
      unit: { run: 'echo > report.xml', payloads: ['node-modules'], artifacts: ['report.xml'] },
      lint: { run: 'true', tags: ['quick'] },
      e2e: { run: 'false', needs: ['unit'] },
    },
    targets: { self: { jobs: ['unit', 'lint', 'e2e'] }, web: { jobs: ['lint'] } },
  };
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
  expect((await cli('run')).code).toBe(1);
});
afterAll(() => workspace.remove());

async function cli(...argv: string[]) {
  // With no server there, so that an example which needs one ends at once, everywhere.
  const env = { PATH: process.env['PATH'], PIKACI_INCUS_SOCKET: `${workspace.root}/no.socket` };
  const io = capturedIo({ cwd: workspace.root, env });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** The commands of an example, as words: what follows a pipe, or stands far to the right, is not ours. */
function examplesIn(help: string): readonly string[] {
  return [...help.matchAll(/npx pikaci( (?! ).*)?/gu)].map(([line]) => {
    const [command = ''] = line.split(/ {2,}| \| | && |; | > |\)/u);
    return command.trim();
  });
}

/** Words as a shell sees them. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** What the parser says of wrong usage; all else is of the command's own making. */
const wrongUsage = /^error: (unknown|too many|missing|option|required|command-argument)/mu;

describe('the help', () => {
  it('has an example of each command, and each is one that can be typed', async () => {
    const commands = await commandLeaves();
    expect(commands.length).toBeGreaterThan(25);
    const examples = new Set(examplesIn((await cli('--help')).stdout));
    for (const command of commands) {
      const { stdout } = await cli(...command, '--help');
      const [, own = ''] = /\nExamples?:\n([\s\S]*)/u.exec(stdout) ?? [];
      const found = examplesIn(own);
      expect({ command, found: found.length > 0 }).toEqual({ command, found: true });
      for (const example of found) examples.add(example);
    }
    const wrong: string[] = [];
    for (const example of examples) {
      // They wait for a person. What follows a run ends at once, as the run has ended.
      if (example.startsWith('npx pikaci shell')) continue;
      const { stderr } = await cli(...words(example).slice(2));
      if (wrongUsage.test(stderr)) wrong.push(`${example}: ${stderr.split('\n')[0] ?? ''}`);
    }
    expect(wrong).toEqual([]);
  });
});
