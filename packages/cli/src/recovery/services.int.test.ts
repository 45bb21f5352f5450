import {
  createTestWorkspace,
  runInChild,
  type ChildEnd,
  type TestWorkspace,
} from '@pikaci/testkit';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
const side = (name: string) => join(workspace.root, '.side', name);

/** Answers each connection with a line, and holds a pipe open for as long as it, or what it has started, is there. */
const server = `const { createServer } = require('node:net');
const { spawn } = require('node:child_process');
const { openSync } = require('node:fs');
const alive = openSync(process.env.ALIVE, 'w');
spawn('sleep', ['3600'], { detached: true, stdio: ['ignore', alive, 'ignore'] });
createServer((socket) => socket.end('an answer\\n')).listen(process.env.PORT, '127.0.0.1');
console.log('token', process.env.SHOWN);`;
const ask = `node -e 'require("node:net").connect(process.env.PIKACI_SERVICE_DB_PORT, "127.0.0.1").pipe(process.stdout)'`;

const jobs = () => {
  const env = { ALIVE: side('alive'), SHOWN: 'a-value-that-nobody-may-see' };
  const services = { db: { run: 'exec node server.cjs', port: 'auto', env } };
  return {
    killed: {
      run: `${ask}; [ -e ${side('again')} ] || { : > ${side('again')}; kill -KILL $(cat ${side('pid')}); sleep 3600; }`,
      services,
      secrets: ['TOKEN'],
    },
    endless: { run: `${ask}; : > ${side('up')}; sleep 3600`, services },
    unready: {
      run: 'true',
      services: { db: { run: 'echo "no such role"; exit 3', port: 'auto' } },
    },
  };
};

beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  mkdirSync(join(workspace.root, '.side'));
  spawnSync('mkfifo', [side('alive')]);
  workspace.write('.gitignore', '.pikaci\n.side\n');
  workspace.write('server.cjs', server);
  const secrets = { TOKEN: { command: 'echo a-value-that-nobody-may-see' } };
  workspace.write(
    'pikaci.config.json',
    JSON.stringify({ schemaVersion: 1, secrets, jobs: jobs() }),
  );
  workspace.commit();
});
afterEach(() => workspace.remove());

async function cli(...argv: string[]) {
  const env = { PATH: process.env['PATH'] };
  const io = capturedIo({ cwd: workspace.root, env, uid: process.getuid?.() ?? null });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

function inChild(...argv: string[]): Promise<ChildEnd> {
  const helper = new URL('run-in-child.test.helper.ts', import.meta.url);
  return runInChild(helper, 'pikaci', { argv, cwd: workspace.root, pidFile: side('pid') });
}

/** Resolves when nothing of a service is there any more. */
const gone = () => once(createReadStream(side('alive')).resume(), 'end');
const jobDirOf = async (job: string) => {
  const { run_id: runId } = JSON.parse((await cli('status', 'latest', '--json')).stdout) as {
    run_id: string;
  };
  return join(workspace.root, '.pikaci/runs', runId, 'jobs', job);
};

describe('a service on the process runtime', () => {
  it('ends with a pikaci that is killed, and resume runs job and service again', async () => {
    const over = gone();
    expect(await inChild('run', 'killed')).toMatchObject({ signal: 'SIGKILL' });
    await over;
    const jobDir = await jobDirOf('killed');
    expect(existsSync(join(jobDir, 'services/db/workspace'))).toBe(true);
    const [resumed] = await Promise.all([cli('resume'), gone()]);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(jobDir, 'services/db'))).toEqual(['service.log', 'service.log.index']);
    expect(readdirSync(join(jobDir, 'attempts/1/services/db'))).toEqual([
      'service.log',
      'service.log.index',
    ]);
    expect((await cli('sweep')).stdout).toBe('nothing was left\n');
    expect((await cli('logs', 'latest', '--job', 'killed', '--kind', 'guest')).stdout).toBe(
      'an answer\n',
    );
    const log = await cli('logs', 'latest', '--job', 'killed', '--service', 'db');
    expect(log.stdout).toBe('token ***\n');
    const before = await cli(
      'logs',
      'latest',
      '--job',
      'killed',
      '--service',
      'db',
      '--attempt',
      '1',
    );
    expect(before.stdout).toBe('token ***\n');
  });

  it('has its working tree swept when nobody goes on with the run', async () => {
    const over = gone();
    await inChild('run', 'killed');
    await over;
    const jobDir = await jobDirOf('killed');
    expect((await cli('sweep')).code).toBe(0);
    expect(readdirSync(join(jobDir, 'services/db'))).toEqual(['service.log', 'service.log.index']);
    expect(readFileSync(join(jobDir, 'services/db/service.log'), 'utf8')).toBe('token ***\n');
  });

  it('ends at Ctrl-C in the middle, and nothing is left', async () => {
    const over = gone();
    const running = inChild('run', 'endless');
    await expect.poll(() => existsSync(side('up')), { timeout: 30_000 }).toBe(true);
    process.kill(Number(readFileSync(side('pid'), 'utf8')), 'SIGINT');
    expect(await running).toMatchObject({ exitCode: 130 });
    await over;
    expect(readdirSync(join(await jobDirOf('endless'), 'services/db'))).toEqual([
      'service.log',
      'service.log.index',
    ]);
    expect((await cli('sweep')).stdout).toBe('nothing was left\n');
  });

  it('that never is ready is named with its log, by what runs the job and by what shows it', async () => {
    const ran = await cli('run', 'unready');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('why:   it printed last:\n         no such role');
    expect(ran.stdout).toMatch(/next: npx pikaci logs \S+ --job unready --service db\n/u);
    const text = 'failed, exit code 3, port ';
    expect((await cli('show', 'latest')).stdout).toContain(`service db: ${text}`);
    expect((await cli('status', 'latest')).stdout).toContain(text);
    const shown = JSON.parse((await cli('show', 'latest', '--json')).stdout) as unknown;
    expect(shown).toMatchObject({
      jobs: [{ services: [{ name: 'db', state: 'failed', exit_code: 3 }] }],
    });
    expect((await cli('logs', 'latest', '--job', 'unready', '--service', 'bd')).stderr).toContain(
      'It had db.',
    );
    expect((await cli('logs', 'latest', '--service', 'db')).stderr).toContain(
      '--service needs the job',
    );
  });
});
