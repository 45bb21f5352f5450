import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readProcess } from '@pikaci/host';
import type { PlannedService } from '@pikaci/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobRig, type JobRig } from '../job-rig.test.helper.js';
import { namespaceUsers } from '../namespace-users.test.helper.js';

let rig: JobRig;
afterEach(() => rig.remove());

/** A real server, which answers each connection with a line, and says when it is asked to end. */
const server = `require('node:net')
  .createServer((socket) => socket.end(\`\${process.env.PIKACI_SERVICE} answers\\n\`))
  .listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listens'));
process.on('SIGTERM', () => { console.log('was asked to end'); process.exit(0); });`;

/** Prints what the service of a name answers. */
const ask = (name: string) =>
  `node -e 'require("node:net").connect(process.env.PIKACI_SERVICE_${name}_PORT, process.env.PIKACI_SERVICE_${name}_HOST)
    .on("data", (text) => process.stdout.write(text)).on("error", (error) => console.log(error.code))'`;

function service(name: string, changes: Partial<PlannedService> = {}): PlannedService {
  return {
    name,
    command: 'exec node server.cjs',
    image: null,
    env: {},
    port: 'auto',
    readyCommand: null,
    readyTimeoutSeconds: 30,
    ...changes,
  };
}

const logOf = (name: string) =>
  rig.read(join('runs', '20260307T000001Z-aaaa0001', `jobs/job/services/${name}/service.log`));
const printed = () => rig.output.stdout.toString();

const places = [...namespaceUsers, ['a user of copies', { namespaces: 'never' }]] as const;

describe.each(places)('services of a job, as %s', (_user, options) => {
  beforeEach(() => {
    rig = createJobRig(options);
    rig.snapshotFile('server.cjs', server);
  });

  it('are there before its command, and gone after it', async () => {
    const outcome = await rig.run(`${ask('WEB')}; ${ask('MY_DB')}`, {
      services: [service('web'), service('my-db')],
    });
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(printed()).toBe('web answers\nmy-db answers\n');
    expect(rig.phases).toEqual(['start_services', 'launch_guest', 'wait_for_completion']);
    expect(outcome.services).toMatchObject([
      { name: 'web', state: 'stopped', exitCode: null, readyAfterMs: expect.any(Number) as number },
      { name: 'my-db', state: 'stopped' },
    ]);
    expect(logOf('web')).toBe('listens\nwas asked to end\n');
    expect(existsSync(join(rig.jobDir, 'services/web/workspace'))).toBe(false);
    expect(existsSync(join(rig.jobDir, 'services/web/layers'))).toBe(false);
  });

  it('have a working tree of their own, in which their checks run as well', async () => {
    const outcome = await rig.run('cat README; test ! -e made', {
      services: [
        service('worker', {
          command: 'echo changed >README; echo made >made; exec sleep 60',
          port: null,
          readyCommand:
            'test "$(cat README)" = changed && test -f made && test "$PIKACI_SERVICE" = worker',
        }),
      ],
    });
    expect(outcome).toMatchObject({
      verdict: 'passed',
      services: [{ state: 'stopped', port: null }],
    });
    expect(printed()).toBe('snapshot\n');
  });
});

describe.each(namespaceUsers)('services of a job without network, as %s', (_user, options) => {
  beforeEach(() => {
    rig = createJobRig(options);
    rig.snapshotFile('server.cjs', server);
  });

  it('share a loopback with it that the machine does not have', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = (taken.address() as { port: number }).port;
    const check = `node -e 'require("node:net").connect(${port}, "127.0.0.1").on("data", () => process.exit(0))'`;
    const outcome = await rig.run(
      `${ask('WEB')}; tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d ' '`,
      {
        network: 'none',
        services: [service('web', { port }), service('other', { readyCommand: check })],
      },
    );
    taken.close();
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(printed()).toBe('web answers\nlo\n');
  });
});

describe('a service of a job', () => {
  beforeEach(() => {
    rig = createJobRig();
    rig.snapshotFile('server.cjs', server);
  });

  it('that ends before it is ready is the failure of the job, with what it printed', async () => {
    const outcome = await rig.run('echo ran', {
      services: [
        service('web'),
        service('db', { command: 'echo one; echo "no such role" >&2; exit 3' }),
      ],
    });
    expect(outcome).toMatchObject({
      verdict: 'failed',
      exitCode: null,
      failure: {
        kind: 'job',
        message: 'service `db` exited with 3 before it was ready',
        reason: 'it printed last:\none\nno such role',
        location: { file: join(rig.jobDir, 'services/db/service.log') },
      },
      services: [
        { name: 'web', state: 'cancelled' },
        { name: 'db', state: 'failed', exitCode: 3 },
      ],
    });
    expect(printed()).toBe('');
  });

  it('that does not become ready in time is the failure of the job, with what its check said', async () => {
    const outcome = await rig.run('echo ran', {
      services: [
        service('db', {
          command: 'exec sleep 60',
          readyCommand: 'echo "not yet"; exit 2',
          readyTimeoutSeconds: 3,
        }),
      ],
    });
    expect(outcome).toMatchObject({
      failure: {
        kind: 'job',
        message: 'service `db` was not ready within 3s',
        reason: 'its check ended with 2: not yet; it printed nothing',
      },
      services: [{ state: 'not_ready', readyAfterMs: null }],
    });
  });

  it('that ends while the job runs is a note, and the verdict is that of the job', async () => {
    const command = `node -e 'const s = require("node:net").createServer((c) => c.end()).listen(process.env.PORT);
      process.on("SIGUSR1", () => process.exit(4)); console.log(process.pid)'`;
    const outcome = await rig.run(
      `kill -USR1 $(cat ${join(rig.jobDir, 'services/db/service.log')}); ${untilRefused('DB')}`,
      { services: [service('db', { command })] },
    );
    expect(outcome).toMatchObject({
      verdict: 'passed',
      notes: ['service `db` ended by itself with 4 while the job ran'],
      services: [{ state: 'ended', exitCode: 4 }],
    });
  });

  it('whose port is taken fails as a matter of the machine, which names the port and the way out', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = (taken.address() as { port: number }).port;
    const outcome = await rig.run('true', { services: [service('web', { port })] });
    taken.close();
    expect(outcome.failure).toMatchObject({
      kind: 'infrastructure',
      message: `Port ${port} of service \`web\` is taken`,
      hint: expect.stringContaining('`port: auto`') as string,
    });
  });

  it('gets its port for itself as long as its job runs, and no other job meanwhile', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const port = (free.address() as { port: number }).port;
    free.close();
    const other = createJobRig();
    other.snapshotFile('server.cjs', server);
    const services = [service('web', { port })];
    const both = await Promise.all([
      rig.run(ask('WEB'), { services }),
      other.run(ask('WEB'), { services }),
    ]);
    other.remove();
    expect(both.map(({ verdict }) => verdict).sort()).toEqual(['failed', 'passed']);
    const failures = both.flatMap(({ failure }) => failure ?? []);
    expect(failures).toMatchObject([{ message: `Port ${port} of service \`web\` is taken` }]);
  });

  it('gets its port back for the next job', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const port = (free.address() as { port: number }).port;
    free.close();
    for (let turn = 0; turn < 2; turn += 1) {
      const outcome = await rig.run(ask('WEB'), { services: [service('web', { port })] });
      expect(outcome).toMatchObject({ verdict: 'passed', services: [{ port }] });
    }
  });

  it('and all that it started end with a job that is cancelled, whatever they think of that', async () => {
    const cancel = new AbortController();
    const command = `trap '' TERM; setsid sh -c 'trap "" TERM; echo $$; sleep 86399' & exec sleep 86399`;
    const outcome = await rig.run('echo runs; sleep 60', {
      services: [service('db', { command, port: null, readyCommand: 'true' })],
      signal: cancel.signal,
      onOutput: () => cancel.abort(),
    });
    expect(outcome).toMatchObject({
      failure: { kind: 'cancelled' },
      services: [{ state: 'stopped' }],
    });
    expect(await isAlive(Number(logOf('db')))).toBe(false);
  });

  it('ends when the job is cancelled before it was ready', async () => {
    const cancel = new AbortController();
    const asked = join(rig.root, 'asked');
    const running = rig.run('echo ran', {
      services: [
        service('db', {
          command: 'echo $$; exec sleep 60',
          port: null,
          readyCommand: `test -s ${join(rig.jobDir, 'services/db/service.log')} && : >${asked}; exit 1`,
        }),
      ],
      signal: cancel.signal,
    });
    await expect.poll(() => existsSync(asked), { timeout: 20_000 }).toBe(true);
    cancel.abort();
    expect(await running).toMatchObject({
      failure: { kind: 'cancelled' },
      services: [{ state: 'cancelled' }],
    });
    expect(await isAlive(Number(logOf('db')))).toBe(false);
    expect(printed()).toBe('');
  });

  it('ends with a job that is cancelled while nothing of it was started', async () => {
    const cancel = new AbortController();
    cancel.abort();
    const outcome = await rig.run('echo ran', {
      services: [service('db', { command: 'echo ran; exec sleep 60' })],
      signal: cancel.signal,
    });
    expect(outcome).toMatchObject({
      failure: { kind: 'cancelled' },
      services: [{ state: 'cancelled' }],
    });
    expect(printed()).toBe('');
  });

  it('has its output cut to the limit of logs', async () => {
    const outcome = await rig.run('true', {
      logLimitBytes: 2000,
      services: [service('db', { command: 'seq 10000; exec node server.cjs' })],
    });
    expect(outcome.notes).toEqual([
      expect.stringMatching(
        /^service `db`: \d+ of \d+ bytes of output are not in the log/,
      ) as string,
    ]);
    expect(logOf('db').length).toBeLessThan(3000);
  });
});

/** Tries until nothing listens any more. */
const untilRefused = (name: string) =>
  `node -e 'const look = () => require("node:net").connect(process.env.PIKACI_SERVICE_${name}_PORT, "127.0.0.1")
    .on("connect", function () { this.destroy(); look(); }).on("error", () => process.exit(0)); look()'`;

/** Dead processes that nobody has collected yet do not count. */
async function isAlive(pid: number): Promise<boolean> {
  if (!(pid > 1)) throw new Error('no process id');
  const found = await readProcess(pid);
  return found !== null && !found.dead;
}
