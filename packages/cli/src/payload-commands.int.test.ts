import { takeRunLease } from '@pikaci/store';
import { createTestWorkspace, treeState, type TestWorkspace } from '@pikaci/testkit';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

const config = {
  schemaVersion: 1,
  payloads: {
    tools: {
      kind: 'command',
      run: 'cp tool.txt "$PIKACI_OUTPUT/tool"',
      inputs: ['tool.txt'],
      mounts: [{ name: 'tools', path: '.', workspacePath: 'tools' }],
    },
    build: {
      kind: 'command',
      dependsOn: ['tools'],
      run: '(echo x > tools/tool || chmod 777 tools/tool || rm tools/tool) 2>/dev/null; cat tools/tool src/* > "$PIKACI_OUTPUT/built"',
      inputs: ['src/*'],
      mounts: [{ name: 'build', path: '.', workspacePath: 'out' }],
    },
    broken: {
      kind: 'command',
      dependsOn: ['tools'],
      run: 'echo half > "$PIKACI_OUTPUT/half"; echo x > tools/tool; exit 1',
      mounts: [],
    },
  },
  jobs: {
    hostile: {
      run: 'for f in tools/tool out/built; do echo x > $f; chmod 777 $f; rm -f $f; done 2>/dev/null; touch tools/new; grep -q one tools/tool',
      payloads: ['tools', 'build'],
    },
    failing: { run: 'true', payloads: ['broken'] },
  },
};

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('tool.txt', 'one\n');
  workspace.write('src/a', 'a\n');
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

interface Listed {
  readonly payload_id: string;
  readonly content_key: string;
  readonly store_path: string;
  readonly in_use_by: readonly object[];
}

async function list(): Promise<ReadonlyMap<string, Listed>> {
  const { stdout } = await cli('payload', 'list', '--json');
  const { payloads } = JSON.parse(stdout) as { payloads: readonly Listed[] };
  // The most recently used comes first, and is the one that is meant.
  return new Map(payloads.toReversed().map((payload) => [payload.payload_id, payload]));
}

async function listed(id: string): Promise<Listed> {
  const payload = (await list()).get(id);
  if (payload === undefined) throw new Error(`no payload ${id}`);
  return payload;
}

const cache = (...parts: string[]) => join(workspace.root, '.pikaci', 'cache', ...parts);

describe('payloads after a run', () => {
  it('are what they were, whatever its jobs and builds tried, and in use no more', async () => {
    expect((await cli('run', 'hostile')).code).toBe(0);
    const { code, stdout } = await cli('payload', 'verify');
    expect(stdout).toMatch(/^ok +[0-9a-f]{12} +(build|tools)\nok +[0-9a-f]{12} +(build|tools)\n$/u);
    expect(code).toBe(0);
    expect((await listed('tools')).in_use_by).toEqual([]);
    expect(readdirSync(cache('payload-leases'))).toEqual([]);
  });

  it('do not include one whose build failed, and those it depends on are unchanged', async () => {
    expect((await cli('run', 'failing')).code).toBe(1);
    expect([...(await list()).keys()]).toEqual(['tools']);
    expect((await cli('payload', 'verify', 'tools')).stdout).toMatch(/^ok /u);
    const names = readdirSync(cache('payloads')).filter((name) => name !== '.decisions');
    expect(names).toEqual([(await listed('tools')).content_key]);
  });
});

describe('payload list and show', () => {
  it('show what is there, by id and by key', async () => {
    expect((await cli('payload', 'list')).stdout).toBe('no payloads\n');
    await cli('run', 'hostile');
    const { content_key: key } = await listed('tools');
    const shown = (await cli('payload', 'list')).stdout;
    expect(shown).toMatch(new RegExp(`^tools +${key.slice(0, 12)} +command +4 B +1 `, 'mu'));
    const byId = await cli('payload', 'show', 'tools');
    expect(byId.stdout).toContain(`key        ${key}\n`);
    expect(byId.stdout).toContain('  file tool.txt');
    expect(await cli('payload', 'show', key.slice(0, 20))).toEqual(byId);
    const record = JSON.parse((await cli('payload', 'show', 'tools', '--json')).stdout) as object;
    expect(record).toMatchObject({
      payload_id: 'tools',
      content_key: key,
      digest: expect.stringMatching(/^tree-v1:[0-9a-f]{64}$/u) as string,
      manifest: { mounts: [{ name: 'tools' }] },
      in_use_by: [],
      other_keys: [],
    });
  });

  it('say what is there when a word names nothing or too much', async () => {
    await cli('run', 'hostile');
    const misspelt = await cli('payload', 'show', 'tols');
    expect(misspelt.code).toBe(2);
    expect(misspelt.stderr).toContain('There is no payload "tols" in the store');
    expect(misspelt.stderr).toContain('Did you mean "tools"?');
    expect((await cli('payload', 'verify', 'zzz')).stderr).toContain('It has ');
    const { content_key: key } = await listed('tools');
    const twin = `${key.slice(0, 30)}${'0'.repeat(34)}`;
    // A directory that is no payload has a key, too.
    mkdirSync(cache('payloads', twin));
    const ambiguous = await cli('payload', 'show', key.slice(0, 10));
    expect(ambiguous.code).toBe(2);
    expect(ambiguous.stderr).toContain('More than one payload');
    expect(ambiguous.stderr).toContain(`${key.slice(0, 16)} (tools)`);
    expect((await cli('payload', 'show', twin)).stderr).toContain('is damaged');
  });
});

describe('payload verify', () => {
  it('names what differs, and removes it when it is told to', async () => {
    await cli('run', 'hostile');
    const { store_path: storePath, content_key: key } = await listed('tools');
    chmodSync(join(storePath, 'tool'), 0o644);
    writeFileSync(join(storePath, 'tool'), 'two\n');
    const found = await cli('payload', 'verify', 'tools', 'build');
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(
      /^damaged +[0-9a-f]{12} +tools +the digest is another\n +changed +tool$/mu,
    );
    const removed = await cli('payload', 'verify', '--remove', '--json');
    expect(removed.code).toBe(1);
    expect(JSON.parse(removed.stdout)).toMatchObject({
      payloads: expect.arrayContaining([
        expect.objectContaining({ content_key: key, verdict: 'damaged', removed: true }),
      ]) as object[],
    });
    expect([...(await list()).keys()]).toEqual(['build']);
    expect((await cli('payload', 'verify')).code).toBe(0);
    expect((await cli('run', 'hostile')).code).toBe(0);
  });

  it('finds and removes what is no whole payload', async () => {
    await cli('run', 'hostile');
    const { content_key: key } = await listed('tools');
    rmSync(cache('payloads', key, 'payload.json'));
    expect((await cli('payload', 'list')).stdout).toContain(`damaged  ${key.slice(0, 12)}`);
    expect((await cli('payload', 'verify', key.slice(0, 12), '--remove')).code).toBe(1);
    expect(existsSync(cache('payloads', key))).toBe(false);
  });
});

describe('payload gc', () => {
  it('removes nothing without limits, and says so', async () => {
    await cli('run', 'hostile');
    const { code, stdout } = await cli('payload', 'gc');
    expect(code).toBe(0);
    expect(stdout).toContain('no limits are set');
    expect((await list()).size).toBe(2);
  });

  it('honours the limits of the configuration, and flags before those', async () => {
    await cli('run', 'hostile');
    const limited = { ...config, cache: { payloads: { maxSize: '1GiB', maxAge: '30d' } } };
    workspace.write('pikaci.config.json', JSON.stringify(limited));
    expect((await cli('payload', 'gc')).stdout).toContain('freed 0 B; 2 payloads');
    const before = treeState(cache());
    const dry = await cli('payload', 'gc', '--max-size', '5B', '--dry-run');
    expect(dry.stdout).toMatch(/^would remove\n/u);
    expect(treeState(cache())).toEqual(before);
    // The one that was built with the other one goes first.
    expect((await cli('payload', 'gc', '--max-size', '5B')).stdout).toMatch(
      /^removed\n +build .* too much in the store\n/u,
    );
    expect([...(await list()).keys()]).toEqual(['tools']);
    const all = JSON.parse(
      (await cli('payload', 'gc', '--max-size', '0B', '--json')).stdout,
    ) as object;
    expect(all).toMatchObject({ dry_run: false, removed: [{ payload_id: 'tools' }], kept: [] });
  });

  it('leaves what a kept instance has mounted, until its time is over', async () => {
    await cli('run', 'hostile');
    const { run_id: runId } = JSON.parse((await cli('status', 'latest', '--json')).stdout) as {
      readonly run_id: string;
    };
    const keep = (until: string) => takeRunLease(cache('..'), runId, [], undefined, until);
    await keep('2999-01-01T00:00:00Z');
    const kept = await cli('payload', 'gc', '--max-size', '0B');
    expect(kept.stdout).toContain(`mounted in a kept instance of run ${runId}`);
    expect((await list()).size).toBe(2);
    await keep('2001-01-01T00:00:00Z');
    await cli('payload', 'gc', '--max-size', '0B');
    expect((await list()).size).toBe(0);
  });

  it.each([
    ['--max-size', '5', 'It must be a size such as 20GiB.'],
    ['--min-free', 'lots', 'It must be a size such as 20GiB.'],
    ['--max-age', '30', 'It must be an age such as 30d.'],
  ])('refuses %s %s', async (flag, value, message) => {
    const { code, stderr } = await cli('payload', 'gc', flag, value);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('payload explain', () => {
  /** What it says; nothing is left on the disk by it. */
  async function explain(...argv: string[]): Promise<string> {
    const before = existsSync(cache()) ? treeState(cache()) : null;
    const temporary = mkdtempSync(join(tmpdir(), 'pikaci-test-'));
    vi.stubEnv('TMPDIR', temporary);
    const { code, stdout, stderr } = await cli('payload', 'explain', ...argv);
    vi.unstubAllEnvs();
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(temporary, { recursive: true });
    expect(existsSync(cache()) ? treeState(cache()) : null).toEqual(before);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return stdout;
  }

  it('says what a run would find, in a new workspace, after a run, and after a change', async () => {
    expect(await explain('build')).toMatch(/^tools +miss .*no payload of this id.*\nbuild +miss /u);
    expect(existsSync(cache())).toBe(false);
    await cli('run', 'hostile');
    expect(await explain('build')).toMatch(/^tools +hit .*\nbuild +hit .*\n$/u);
    workspace.write('src/a', 'changed\n');
    const own = await explain('build');
    expect(own).toMatch(
      /^tools +hit .*\nbuild +miss .*: 1 input changed since [0-9a-f]{12}\n +file src\/a +/u,
    );
    workspace.write('tool.txt', 'one and more\n');
    const both = await explain('build');
    expect(both).toMatch(/^tools +miss .*: 1 input changed/u);
    expect(both).toMatch(
      /^build +miss .*: 2 inputs changed.*\n +dependency 1 +…?.* → .*\n +file src\/a/mu,
    );
    const keys = JSON.parse(await explain('build', '--json')) as { payloads: readonly Listed[] };
    await cli('run', 'hostile');
    const built = [(await listed('tools')).content_key, (await listed('build')).content_key];
    expect(keys.payloads.map((payload) => payload.content_key)).toEqual(built);
  });

  it('tells a removal from a change', async () => {
    await cli('run', 'hostile');
    await cli('payload', 'gc', '--max-size', '0B');
    expect(await explain('tools')).toMatch(
      /^tools +miss .*nothing changed, but it was removed .*: too much in the store\n$/u,
    );
  });

  it('looks at what the globs of the configuration leave, as a run does', async () => {
    const globs = { include: ['local/**'], exclude: ['src/b'] };
    const tools = { ...config.payloads.tools, inputs: ['tool.txt', 'local/*', '!src/b'] };
    const changed = { ...config, snapshot: globs, payloads: { ...config.payloads, tools } };
    workspace.write('pikaci.config.json', JSON.stringify(changed));
    workspace.write('.gitignore', '.pikaci\nlocal\n');
    workspace.write('local/ignored', 'by git\n');
    workspace.write('src/b', 'b\n');
    expect((await cli('run', 'hostile')).code).toBe(0);
    workspace.write('src/b', 'no part of it\n');
    expect(await explain('build')).toMatch(/^tools +hit .*\nbuild +hit .*\n$/u);
    workspace.write('local/ignored', 'but counts\n');
    expect(await explain('build')).toMatch(/^tools +miss [^]*local\/ignored[^]*\nbuild +miss /u);
  });

  it('suggests a payload of the configuration', async () => {
    const { code, stderr } = await cli('payload', 'explain', 'tool');
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "tools"?');
  });
});

it('explains each command with an example', async () => {
  for (const name of ['list', 'show', 'verify', 'gc', 'explain']) {
    const { code, stdout } = await cli('payload', name, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Example:\n  npx pikaci payload ${name}`);
    expect(stdout).toContain('--json');
  }
  expect((await cli('payload', '--help')).stdout).toContain('npx pikaci payload gc');
  expect((await cli('--help')).stdout).toContain('payload explain');
});
