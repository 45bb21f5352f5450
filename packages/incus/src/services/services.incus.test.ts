import { createIncusClient } from '@pikaci/incus-client';
import type { PlannedService } from '@pikaci/model';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createIncusWorkbench,
  labSettings,
  type IncusWorkbench,
  type RunOptions,
} from '../fixtures/incus-job.js';
import { servicePlans } from './service-plan.js';

let bench: IncusWorkbench;
const runtimeDir = mkdtempSync(join(tmpdir(), 'pk-'));
const client = createIncusClient({ socketPath: labSettings().socket });
beforeAll(async () => {
  bench = await createIncusWorkbench();
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  rmSync(runtimeDir, { recursive: true });
});

/** A web server of busybox, which both images of the lab have. */
function web(changes: Partial<PlannedService> = {}): PlannedService {
  return {
    name: 'web',
    command:
      'mkdir www && echo "$PIKACI_SERVICE serves" >www/index.html && exec busybox httpd -f -p "127.0.0.1:$PORT" -h www',
    image: null,
    env: {},
    port: 'auto',
    readyCommand: null,
    readyTimeoutSeconds: 60,
    ...changes,
  };
}

const fetchFrom = (name: string) =>
  `busybox wget -q -O - "http://$PIKACI_SERVICE_${name}_HOST:$PIKACI_SERVICE_${name}_PORT/"`;

async function run(
  id: string,
  command: string,
  services: readonly PlannedService[],
  options: RunOptions = {},
) {
  const job = { services, ...options.job };
  const ran = await bench.run(command, { ...options, id, job, runtime: { runtimeDir } });
  const { execution } = await bench.execution(command, { id, job });
  return { ...ran, instances: servicePlans(execution).map(({ instance }) => instance) };
}

async function expectNothingLeft(instances: readonly string[]) {
  for (const name of instances) expect((await client.instances.get(name)).ok, name).toBe(false);
  expect(readdirSync(join(runtimeDir, 'services'))).toEqual([]);
}

describe('services in instances of their own', () => {
  it('are reached without any network, by root and by others, and are gone afterwards', async () => {
    const { outcome, log, left, instances } = await run(
      'reached',
      `${fetchFrom('WEB')} && ${fetchFrom('API')} && test ! -e www`,
      [
        web(),
        web({
          name: 'api',
          port: 8080,
          readyCommand: 'busybox wget -q -O - http://127.0.0.1:8080/',
        }),
      ],
      { job: { network: 'none', user: '1000' } },
    );
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(log).toBe('web serves\napi serves\n');
    expect(outcome.services).toMatchObject([
      { name: 'web', state: 'stopped', port: 20_000, instance: instances[0], exitCode: null },
      { name: 'api', state: 'stopped', port: 8080, instance: instances[1] },
    ]);
    const phases = outcome.execution?.phases.map(({ phase }) => phase);
    expect(phases).toContain('start_services');
    await outcome.released;
    expect(left).toEqual([]);
    await expectNothingLeft(instances);
  });

  it('may have an image of their own', async () => {
    const worker = web({
      image: labSettings().debianImage,
      port: null,
      command: 'exec sleep 3600',
      readyCommand: 'test -e /etc/debian_version',
    });
    const { outcome } = await run('image', 'test ! -e /etc/debian_version', [worker]);
    expect(outcome).toMatchObject({ verdict: 'passed', services: [{ state: 'stopped' }] });
  });

  it('that end before they are ready are the failure of the job', async () => {
    const { outcome, instances } = await run('unready', 'true', [
      web({ command: 'echo starting; echo "no such role" >&2; exit 3' }),
    ]);
    expect(outcome).toMatchObject({
      failure: { kind: 'job', message: 'service `web` exited with 3 before it was ready' },
      services: [{ state: 'failed', exitCode: 3 }],
    });
    expect(outcome.failure?.reason).toContain('no such role');
    const logPath = outcome.services?.[0]?.logPath ?? '';
    expect(readFileSync(logPath, 'utf8')).toContain('starting\n');
    await expectNothingLeft(instances);
  });

  it('that lose their instance are a matter of the machine, if the job fails with them', async () => {
    let stopped: Promise<unknown> = Promise.resolve();
    const lose = {
      id: 'lost',
      command: `echo up; until ! ${fetchFrom('WEB')}; do sleep 0.2; done; exit 7`,
    };
    const { execution } = await bench.execution(lose.command, {
      id: lose.id,
      job: { services: [web()] },
    });
    const [plan] = servicePlans(execution);
    const { outcome, instances } = await run(lose.id, lose.command, [web()], {
      onOutput: (text) => {
        if (!text.startsWith('up')) return;
        stopped = client.instances.setState(plan!.instance, { action: 'stop', force: true });
      },
    });
    await stopped;
    expect(outcome).toMatchObject({
      failure: { kind: 'infrastructure', message: 'the instance of service `web` was lost' },
      services: [{ state: 'ended' }],
    });
    await expectNothingLeft(instances);
  });

  it('end when the job is cancelled, and when its time is over', async () => {
    const cancel = new AbortController();
    const cancelled = await run('cancelled', 'echo up; sleep 60', [web()], {
      signal: cancel.signal,
      onOutput: () => cancel.abort(),
    });
    expect(cancelled.outcome).toMatchObject({
      failure: { kind: 'cancelled' },
      services: [{ state: 'stopped' }],
    });
    const late = await run('late', 'sleep 60', [web()], { job: { timeoutSeconds: 1 } });
    expect(late.outcome).toMatchObject({
      failure: { kind: 'timeout' },
      services: [{ state: 'stopped' }],
    });
    await expectNothingLeft([...cancelled.instances, ...late.instances]);
  });
});

it('the directories of sockets are for this user alone', () => {
  expect(statSync(join(runtimeDir, 'services')).mode & 0o777).toBe(0o700);
});
