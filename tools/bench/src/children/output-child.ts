import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createProcessRuntime } from '@pikaci/host-process';
import type { PlannedJob } from '@pikaci/model';
import { createMasker } from '@pikaci/secrets';
import { mostMemoryBytes } from '../machine/most-memory.js';
import { benchSecrets } from '../output/output-bytes.js';
import { answer, question } from './child.js';

/** How much a job is to print, and where it runs. */
export interface OutputQuestion {
  readonly megabytes: number;
  readonly dir: string;
}

export interface OutputAnswer {
  readonly maxRssBytes: number;
  readonly tookMs: number;
}

const logLimitBytes = 16 * 1024 * 1024;

const asked = question<OutputQuestion>();
const startedMs = performance.now();
await runJob(asked);
answer({
  maxRssBytes: mostMemoryBytes(),
  tookMs: performance.now() - startedMs,
} satisfies OutputAnswer);

async function runJob({ megabytes, dir }: OutputQuestion): Promise<void> {
  const bytes = megabytes * 1_000_000;
  await mkdir(join(dir, 'snapshot'));
  let heard = 0;
  const outcome = await createProcessRuntime().run({
    runId: '20260307T000001Z-aaaa0001',
    job: plannedJob(dir, `head -c ${bytes} /dev/zero | tr '\\0' x`),
    payloads: [],
    attempt: 1,
    secrets: [],
    masker: createMasker(benchSecrets(50)),
    signal: new AbortController().signal,
    force: new AbortController().signal,
    observer: {
      onOutput: (_, chunk) => (heard += chunk.length),
      onPhase: () => undefined,
      onLog: () => undefined,
    },
  });
  if (outcome.verdict !== 'passed' || heard !== bytes) throw new Error(outcome.message);
}

function plannedJob(dir: string, command: string): PlannedJob {
  return {
    id: 'job',
    description: 'prints a lot',
    command,
    runtime: 'process',
    placement: 'local',
    env: {},
    services: [],
    timeoutSeconds: 600,
    cancelGraceSeconds: 1,
    retry: { infrastructure: 0, job: 0 },
    when: 'success',
    allowFailure: false,
    concurrency: null,
    secrets: [],
    logLimitBytes,
    network: 'default',
    limits: {},
    artifacts: [],
    artifactsWhen: 'always',
    artifactsLimitBytes: null,
    reports: { junit: [] },
    user: null,
    hostContext: {
      sourceRoot: dir,
      workspaceSnapshotDir: join(dir, 'snapshot'),
      workspaceSnapshotHash: 'hash',
      workspaceMode: 'overlay',
      workspaceReadOnly: false,
      jobDir: join(dir, 'job'),
      artifactsDir: join(dir, 'job/artifacts'),
      hostLogPath: join(dir, 'job/host.log'),
      guestLogPath: join(dir, 'job/artifacts/guest.log'),
      stagedPayloadMounts: [],
      sharedCaches: [],
    },
  };
}
