import { createTestWorkspace, treeState, type TestWorkspace } from '@pikaci/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  const config = {
    schemaVersion: 1,
    payloads: {
      tool: { kind: 'command', run: 'cp in "$PIKACI_OUTPUT/"', inputs: ['in'], mounts: [] },
    },
    jobs: {
      build: { run: 'true', payloads: ['tool'] },
      e2e: { run: 'true', needs: ['build'], payloads: ['tool'] },
      tidy: { run: 'true', needs: ['e2e'], when: 'always' },
      alone: { run: 'true' },
    },
    targets: {
      web: { jobs: ['e2e'], paths: ['web/**'] },
      api: { jobs: ['alone'], paths: ['api/**'] },
    },
  };
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('in', 'one');
  workspace.commit();
});
afterEach(() => workspace.remove());

async function cli(...argv: string[]) {
  const io = capturedIo({ cwd: workspace.root, env: { PATH: process.env['PATH'] } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
const explain = async (...argv: string[]) => {
  const { code, stdout, stderr } = await cli('plan', '--json', '--explain', ...argv);
  expect({ code, stderr: stderr.includes('error') ? stderr : '' }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
};

it('says which file matched which pattern, and which payloads would be found', async () => {
  workspace.write('web/cart.ts', '');
  const before = treeState(workspace.root);
  const told = await cli('plan', 'web', 'api', '--changed-since', 'HEAD', '--explain', 'e2e');
  expect(told.code).toBe(0);
  expect(told.stdout).toBe(`job e2e is run
  why      target web: web/cart.ts matches web/**
  runtime  process
  needs    build
  skipped  if one of these does not pass

payloads
${/tool {2}miss.*/u.exec(told.stdout)?.[0] ?? 'no payload is told of'}
`);
  expect(treeState(workspace.root)).toEqual(before);
  await cli('run', 'build');
  expect(await explain('e2e', 'web')).toMatchObject({ payloads: [{ expectation: 'hit' }] });
  workspace.write('in', 'two');
  const changed = { payloads: [{ expectation: 'changed', changes: [{ name: 'file in' }] }] };
  expect(await explain('e2e', 'web')).toMatchObject(changed);
});

it('says why a job is not run, or goes by an earlier result', async () => {
  workspace.write('web/cart.ts', '');
  const skipped = await explain('alone', 'web', 'api', '--changed-since', 'HEAD');
  expect(skipped).toMatchObject({ is_selected: false });
  expect(skipped['reasons']).toEqual([
    'target api: skipped, none of 1 changed file matches its 1 pattern',
  ]);
  expect(await explain('alone', 'web')).toMatchObject({
    is_selected: false,
    reasons: ['it is in api, which is not selected, or options have left it out'],
  });
  await cli('run', 'build');
  expect(await explain('build', 'web', '--from', 'e2e')).toMatchObject({
    is_selected: false,
    reasons: [expect.stringMatching(/^it passed in run \S+ and is not run again$/u)],
  });
});

it('says what a job is there for when others need it', async () => {
  expect(await explain('build', 'tidy', 'e2e')).toMatchObject({
    is_selected: true,
    reasons: ['e2e needs it'],
  });
  expect(await explain('tidy', 'tidy')).toMatchObject({ reasons: ['it is named'], when: 'always' });
  const none = await cli('plan', 'web', '--explain', 'nope');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('Name one of these: build, e2e, tidy, alone.');
});
