import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemTimer } from '@pikaci/model';
import {
  createTestWorkspace,
  startFakeCollector,
  type FakeCollector,
  type TestWorkspace,
} from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { startFakeGuests } from '../faults/fake-guests.test.helper.js';
import type { CliIo } from '../io.js';
import { runCli } from '../run-cli.js';
import { expectOneTrace, pathsOf, spanNamed } from './traced-runs.test.helper.js';

const config = {
  schemaVersion: 1,
  payloads: {
    tool: {
      kind: 'command',
      run: 'mkdir bin && echo tool > bin/tool',
      inputs: ['tool.txt'],
      output: 'bin',
      mounts: [{ name: 'tool', path: '.', workspacePath: 'tools' }],
    },
    broken: { kind: 'command', run: 'exit 9', inputs: ['tool.txt'] },
  },
  jobs: {
    unit: { run: 'cat tools/tool; echo "parent $TRACEPARENT"', payloads: ['tool'] },
    red: { run: 'echo "parent $TRACEPARENT"; exit 7' },
    late: { run: 'sleep 60', timeoutSeconds: 1 },
    killed: { run: 'kill -KILL $$' },
    after: { run: 'echo after', needs: ['red'] },
    starved: { run: 'echo starved', payloads: ['broken'] },
    again: { run: 'exit 4', retry: { job: 1 } },
    endless: { run: 'echo started; sleep 60' },
  },
  targets: {
    green: { jobs: ['unit'] },
    bad: { jobs: ['red', 'late', 'killed', 'after', 'starved', 'again'] },
    never: { jobs: ['unit'], paths: ['web/**'] },
  },
};

let workspace: TestWorkspace;
let collector: FakeCollector;
beforeEach(async () => {
  collector = await startFakeCollector();
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(config));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('tool.txt', '1\n');
  workspace.commit();
});
afterEach(async () => {
  workspace.remove();
  await collector[Symbol.asyncDispose]();
});

type Variables = Readonly<Record<string, string>>;

const world = (env: Variables = {}) =>
  capturedIo({
    cwd: workspace.root,
    env: {
      PATH: process.env['PATH'],
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ...env,
    },
    uid: process.getuid?.() ?? null,
  });

async function pikaci(argv: readonly string[], env: Variables = {}, io = world(env)) {
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const traceId = () => collector.spans[0]?.traceId ?? '';

describe('the trace of a run', () => {
  it('has a span for the run, its nodes, attempts and phases, one within another', async () => {
    const { code, stdout, stderr } = await pikaci(['run', 'green']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(collector.requests).toMatchObject([
      {
        method: 'POST',
        path: '/v1/traces',
        headers: { 'content-type': 'application/x-protobuf', 'user-agent': 'pikaci/0.1.0' },
      },
    ]);
    expectOneTrace(collector);
    const paths = pathsOf(collector);
    expect(paths).toEqual(
      expect.arrayContaining([
        'RUN green',
        'RUN green > snapshot',
        'RUN green > prepare-tool',
        'RUN green > execute-unit',
        'RUN green > execute-unit > attempt 1',
        'RUN green > execute-unit > attempt 1 > launch_guest',
        'RUN green > execute-unit > attempt 1 > wait_for_completion',
      ]),
    );
    const root = spanNamed(collector, 'RUN green');
    expect(root).toMatchObject({ parentSpanId: '', kind: 2, statusCode: 0, scope: 'pikaci 0.1.0' });
    expect(root.attributes).toMatchObject({
      'cicd.pipeline.name': 'green',
      'cicd.pipeline.result': 'success',
      'process.exit.code': 0,
      'vcs.ref.head.revision': like(/^[0-9a-f]{40}$/),
      'pikaci.snapshot.hash': like(/^[0-9a-f]+$/),
    });
    expect(root.resource).toMatchObject({
      'service.name': 'pikaci',
      'service.version': '0.1.0',
      'cicd.pipeline.run.id': root.attributes['cicd.pipeline.run.id'],
    });
    expect(spanNamed(collector, 'prepare-tool').attributes).toMatchObject({
      'cicd.pipeline.task.type': 'build',
      'cicd.pipeline.task.run.result': 'success',
      'pikaci.payload.id': 'tool',
      'pikaci.payload.key': like(/^[0-9a-f]{64}$/),
      'pikaci.payload.result': 'built',
    });
    expect(spanNamed(collector, 'attempt 1').attributes).toMatchObject({
      'cicd.pipeline.task.run.result': 'success',
      'process.exit.code': 0,
      'pikaci.job.id': 'unit',
      'pikaci.runtime': 'host_process',
      'pikaci.placement': 'local',
    });
    expect(stdout.endsWith(`\ntrace ${traceId()}\n`)).toBe(true);
    expect((await pikaci(['show', 'latest'])).stdout).toContain(traceId());
    const record = JSON.parse((await pikaci(['status', 'latest', '--json'])).stdout) as unknown;
    expect(record).toMatchObject({ trace: { trace_id: traceId(), parent_span_id: null } });
  });

  it('tells exit code, signal and class of each failure', async () => {
    const { code } = await pikaci(['run', 'bad', '--output', 'jsonl'], {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    expect(code).not.toBe(0);
    expect(collector.requests[0]?.headers['content-type']).toBe('application/json');
    expectOneTrace(collector);
    const root = spanNamed(collector, 'RUN bad');
    expect(root.statusCode).toBe(2);
    expect(root.attributes['process.exit.code']).toBe(code);
    expect(spanNamed(collector, 'execute-red')).toMatchObject({
      statusCode: 2,
      statusMessage: 'exited with 7',
      attributes: {
        'cicd.pipeline.task.run.result': 'failure',
        'error.type': 'job',
        'process.exit.code': 7,
        'pikaci.failure.kind': 'job',
      },
    });
    expect(spanNamed(collector, 'execute-late')).toMatchObject({
      statusMessage: 'timed out after 1s',
      attributes: { 'cicd.pipeline.task.run.result': 'timeout', 'error.type': 'timeout' },
    });
    const killed = spanNamed(collector, 'execute-killed').attributes;
    expect(killed).toMatchObject({ 'pikaci.signal': 'SIGKILL', 'process.exit.code': 137 });
    const after = spanNamed(collector, 'execute-after');
    expect(after).toMatchObject({
      statusCode: 0,
      attributes: { 'cicd.pipeline.task.run.result': 'skip' },
    });
    expect(after.endNs).toBe(after.startNs);
    expect(spanNamed(collector, 'prepare-broken')).toMatchObject({
      statusCode: 2,
      attributes: { 'cicd.pipeline.task.run.result': 'failure', 'error.type': 'payload' },
    });
    expect(spanNamed(collector, 'execute-starved').attributes['error.type']).toBe('payload');
    const attempts = pathsOf(collector).filter((path) => path.includes('execute-again > attempt'));
    expect(attempts.filter((path) => /attempt \d$/.test(path))).toEqual([
      'RUN bad > execute-again > attempt 1',
      'RUN bad > execute-again > attempt 2',
    ]);
  });

  it('has the operations of Incus within the phases in which they were waited for', async () => {
    await using fake = await startFakeGuests();
    const env = { PIKACI_INCUS_SOCKET: fake.socketPath, PIKACI_INCUS_IMAGE: 'debian' };
    const argv = ['run', 'red', '--runtime', 'incus', '--verbose'];
    const { code, stdout, stderr } = await pikaci(argv, env);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expectOneTrace(collector);
    expect(pathsOf(collector)).toEqual(
      expect.arrayContaining([
        'RUN > execute-red > attempt 1 > prepare_runtime > incus create',
        'RUN > execute-red > attempt 1 > prepare_runtime > incus start',
      ]),
    );
    expect(spanNamed(collector, 'prepare-red-runner').attributes['pikaci.node.kind']).toBe(
      'prepare-runtime',
    );
    const attempt = spanNamed(collector, 'attempt 1');
    expect(stdout).toContain(`red | parent 00-${traceId()}-${attempt.spanId}-01\n`);
    expect(attempt.attributes).toMatchObject({
      'pikaci.incus.image': 'debian',
      'pikaci.incus.instance': like(/^pikaci-/),
      'process.exit.code': 7,
    });
    expect(spanNamed(collector, 'incus create').kind).toBe(3);
  });

  it('goes on with the trace of TRACEPARENT, and jobs go on with it', async () => {
    const [trace, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const { stdout } = await pikaci(['run', 'unit', '--verbose'], {
      TRACEPARENT: `00-${trace}-${parent}-01`,
    });
    const root = spanNamed(collector, 'RUN');
    expect(root).toMatchObject({ traceId: trace, parentSpanId: parent });
    const attempt = spanNamed(collector, 'attempt 1');
    expect(stdout).toContain(`unit | parent 00-${trace}-${attempt.spanId}-01\n`);
  });

  it('has the trace that is not kept stay so', async () => {
    const { code, stdout, stderr } = await pikaci(['run', 'unit', '--verbose'], {
      TRACEPARENT: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('unit | parent \n');
    expect(collector.requests).toEqual([]);
  });

  it('leaves the plan as it is without', async () => {
    const planOf = async (env: Variables) => {
      await pikaci(['run', 'unit'], env);
      const runs = join(workspace.root, '.pikaci', 'runs');
      const runId = readdirSync(runs).toSorted().at(-1) ?? '';
      const plan = readFileSync(join(runs, runId, 'plan.json'), 'utf8');
      rmSync(join(runs, runId), { recursive: true });
      return plan.replaceAll(runId, '<run>').replace(/"created_at": ".*"/, '');
    };
    const traced = await planOf({});
    expect(collector.requests).toHaveLength(1);
    expect(traced).toBe(await planOf({ OTEL_SDK_DISABLED: 'true' }));
  });

  it('is there for a run that was cancelled, and for what is done again and gone on with', async () => {
    // What continues the run continues its trace, also where nobody says any more which one that is.
    const io = world({ TRACEPARENT: `00-${'4b'.repeat(16)}-${'f0'.repeat(8)}-01` });
    const running = pikaci(['run', 'endless', '--verbose'], {}, io);
    await expect.poll(() => io.stdout.text, { timeout: 30_000 }).toContain('endless | started');
    io.signals.emit('SIGINT');
    expect((await running).code).toBe(130);
    const first = collector.requests[0]?.spans ?? [];
    expect(first.find(({ name }) => name === 'RUN')?.attributes).toMatchObject({
      'cicd.pipeline.result': 'cancellation',
      'process.exit.code': 130,
    });
    const resumedIo = world();
    const resumed = pikaci(['resume', '--verbose'], {}, resumedIo);
    await expect.poll(() => resumedIo.stdout.text, { timeout: 30_000 }).toContain('| started');
    resumedIo.signals.emit('SIGINT');
    await resumed;
    const second = collector.requests[1]?.spans ?? [];
    const rootOf = (spans: typeof first) => spans.find(({ name }) => name === 'RUN');
    expect(rootOf(second)?.spanId).toBe(rootOf(first)?.spanId);
    expect(rootOf(second)).toMatchObject({
      traceId: '4b'.repeat(16),
      parentSpanId: 'f0'.repeat(8),
    });
    expect(rootOf(second)?.attributes['pikaci.resumed']).toBe(1);
    expect(second.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['attempt 1', 'attempt 2']),
    );
    await pikaci(['run', 'unit']);
    await pikaci(['rerun', 'latest']);
    const rerun = rootOf(collector.requests[3]?.spans ?? []);
    expect(rerun?.attributes['pikaci.rerun_of']).toEqual(
      rootOf(collector.requests[2]?.spans ?? [])?.attributes['cicd.pipeline.run.id'],
    );
  });

  it('is there for a run of which nothing was left to run', async () => {
    workspace.write('tool.txt', '2\n');
    const { code } = await pikaci(['run', 'never', '--changed-since', 'HEAD', '--fail-on-skip']);
    expect(code).toBe(4);
    expect(collector.spans).toMatchObject([
      {
        name: 'RUN never',
        attributes: { 'cicd.pipeline.result': 'skip', 'process.exit.code': 4 },
      },
    ]);
  });

  it('is sent with the headers that are asked for, which nothing else holds', async () => {
    const secret = 'a-token-that-nobody-may-see';
    const { stdout, stderr } = await pikaci(['run', 'red', '--verbose'], {
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${secret}`,
    });
    expect(collector.requests[0]?.headers.authorization).toBe(`Bearer ${secret}`);
    const spans = JSON.stringify(collector.spans, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const files = readdirSync(join(workspace.root, '.pikaci'), {
      recursive: true,
      withFileTypes: true,
    }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(3);
    const written = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    for (const text of [stdout, stderr, spans, ...written]) expect(text).not.toContain(secret);
  });
});

describe('a collector that does not take the trace', () => {
  const red = { code: 1 };

  it('is told in one line, and the run ends as it would', async () => {
    const { code, stdout, stderr } = await pikaci(['run', 'red'], {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:password@127.0.0.1:1/?key=hidden',
    });
    expect({ code }).toEqual(red);
    expect(stderr).toMatch(
      /^warning: no trace: The trace was not exported to http:\/\/127\.0\.0\.1:1\/v1\/traces: .*ECONNREFUSED.*\n$/,
    );
    expect(stdout).not.toMatch(/^trace/m);
  });

  it('is not waited for longer than the variable says', async () => {
    collector.onHeld = () => undefined;
    const started = performance.now();
    const { code, stderr } = await pikaci(['run', 'red'], { OTEL_EXPORTER_OTLP_TIMEOUT: '150' });
    expect({ code }).toEqual(red);
    expect(stderr).toMatch(/: it did not take it within 150 ms\n$/);
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('is not waited for after Ctrl-C', async () => {
    const io = world({ OTEL_EXPORTER_OTLP_TIMEOUT: '600000' });
    collector.onHeld = () => void io.signals.emit('SIGINT');
    const { code, stderr } = await pikaci(['run', 'red'], {}, io);
    expect({ code }).toEqual(red);
    expect(stderr).toMatch(/: it was not waited for any longer\n$/);
  });

  it('is given two seconds by a run that was cancelled', async () => {
    const delays: number[] = [];
    const after: CliIo['timer']['after'] = (delayMs, callback) => {
      delays.push(delayMs);
      return systemTimer.after(Math.min(delayMs, 50), callback);
    };
    const io = { ...world({ OTEL_EXPORTER_OTLP_TIMEOUT: '600000' }), timer: { after } };
    collector.onHeld = () => undefined;
    const running = pikaci(['run', 'endless', '--verbose'], {}, io);
    await expect.poll(() => io.stdout.text, { timeout: 30_000 }).toContain('endless | started');
    io.signals.emit('SIGINT');
    const { code, stderr } = await running;
    expect(code).toBe(130);
    expect(stderr).toMatch(/: it did not take it within 2000 ms\n$/);
    expect(delays).toEqual([2000]);
  });

  it('is left alone where the settings are wrong, which is told before the run', async () => {
    const env: Partial<CliIo>['env'] = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    const { code, stderr } = await pikaci(['run', 'red'], env as Variables);
    expect({ code }).toEqual(red);
    expect(stderr).toBe(
      'warning: no trace: OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not a protocol that pikaci speaks (Set it to http/protobuf or http/json; collectors take both at port 4318.)\n',
    );
    expect(collector.requests).toEqual([]);
  });
});

describe('doctor', () => {
  it('says where traces go, and only where some do', async () => {
    const { stdout } = await pikaci(['doctor']);
    expect(stdout).toContain(`go to ${collector.url}/v1/traces (http/protobuf)`);
    const wrong = await pikaci(['doctor'], { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect(wrong.stdout).toMatch(/^warn +traces .*grpc/m);
    expect((await pikaci(['doctor'], { OTEL_TRACES_EXPORTER: 'none' })).stdout).not.toContain(
      'traces',
    );
  });
});
