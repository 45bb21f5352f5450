import { fail, failure, ok, type RunRecord } from '@pikaci/model';
import {
  failedOutcome,
  fakePorts,
  passedOutcome,
  preparedPayloadFor,
  runRequestOf,
  type FakePorts,
  type FakePortsScript,
} from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { layout } from './driven-run.test.helper.js';
import { executeRun } from './execute-run.js';

const value = 'hunter2-and-more';
const config = {
  secrets: { TOKEN: { env: 'TOKEN' } },
  payloads: { deps: { kind: 'command' as const, run: 'make' } },
  jobs: {
    unit: { run: `login ${value}`, secrets: ['TOKEN'], payloads: ['deps'], retry: { job: 1 } },
    other: { run: 'x' },
  },
};

async function execute(
  script: FakePortsScript,
  prepareSecrets: (ports: FakePorts) => void = () => undefined,
): Promise<{ record: RunRecord; ports: FakePorts }> {
  const ports = fakePorts({ secrets: { TOKEN: value }, ...script });
  prepareSecrets(ports);
  const ended = await executeRun({ ...runRequestOf(config), layout }, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return { record: ended.value, ports };
}

const memory = (ports: FakePorts) => ports.store.runs.get(layout.runId)!;

describe('executeRun, with secrets', () => {
  it('reads each once, before anything starts, and gives them to the jobs that have them', async () => {
    const { record, ports } = await execute({});
    expect(record.status).toBe('passed');
    expect(ports.secrets.asked).toEqual([['TOKEN']]);
    const given = ports.process.executions.map(({ job, secrets }) => [job.id, secrets]);
    expect(given).toContainEqual(['unit', [{ secret: 'TOKEN', as: 'env', name: 'TOKEN', value }]]);
    expect(given).toContainEqual(['other', []]);
    for (const { masker } of ports.process.executions) expect(masker.text(value)).toBe('***');
  });

  it('starts nothing when one cannot be had', async () => {
    const { record, ports } = await execute({ secrets: {} });
    expect(record).toMatchObject({ status: 'failed', failureKind: 'config', jobs: [] });
    expect(record.message).toContain('The secret `TOKEN` cannot be read');
    expect(ports.payloads.requests).toEqual([]);
    expect(ports.process.executions).toEqual([]);
  });

  it('lets them into no record, event, log or output', async () => {
    const said = `no entry with ${value}`;
    const { ports } = await execute({
      process: {
        run: async ({ job, observer }) => {
          observer.onLog(said);
          const failed = failure('job', said, { reason: said, hint: said });
          const noted = { notes: [said], artifacts: [`${value}.txt`] };
          return job.id === 'unit'
            ? { ...failedOutcome('job', said), failure: failed, ...noted }
            : passedOutcome(noted);
        },
        close: async () => [said],
      },
      prepare: async (request) => {
        request.onLog(Buffer.from(said.slice(0, 20)));
        request.onLog(Buffer.from(said.slice(20)));
        return request.payloadId === 'deps'
          ? ok(preparedPayloadFor(request))
          : fail('payload', said);
      },
    });
    const { runs, plans, jobs, events, logs } = memory(ports);
    const reported = [ports.reporter.events, ports.reporter.prepareOutput];
    const everything = JSON.stringify([runs, plans, jobs, events, [...logs], reported]);
    expect(everything).not.toContain(value);
    expect(everything).toContain('no entry with ***');
    expect(ports.reporter.prepareOutput).toEqual(['prepare-deps no entry with ***']);
    expect(plans[0]?.nodes.at(-2)).toMatchObject({ execute: { command: 'login ***' } });
  });

  it('shows warnings, and writes them to the logs of the jobs that have secrets', async () => {
    const { ports } = await execute({}, (given) => {
      given.secrets.warnings = ['TOKEN is short'];
    });
    expect(ports.reporter.warnings).toEqual(['TOKEN is short']);
    const log = (id: string) => memory(ports).logs.get(`${layout.jobsDir}/${id}/host.log`) ?? '';
    expect(log('unit')).toContain('[pikaci] warning: TOKEN is short\n');
    expect(log('other')).not.toContain('warning');
  });

  it('says which artifacts hold a secret', async () => {
    const { record } = await execute(
      { process: { run: async () => passedOutcome({ artifacts: ['report.txt'] }) } },
      (ports) => {
        const read = ports.secrets.read.bind(ports.secrets);
        ports.secrets.read = async (names) => {
          const secrets = await read(names);
          if (!secrets.ok) return secrets;
          const findIn = async (paths: readonly string[]) =>
            paths.map((path) => ({ path, secret: 'TOKEN' }));
          return ok({ ...secrets.value, findIn });
        };
      },
    );
    expect(record.jobs[0]).toMatchObject({
      status: 'passed',
      notes: ['artifact report.txt holds the secret TOKEN'],
    });
  });
});
