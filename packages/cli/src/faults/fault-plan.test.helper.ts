import {
  runFaultPoints,
  type FaultPoint,
  type PikaciConfigInput,
  type RuntimeId,
} from '@pikaci/model';
import { jobKinds, jobScript, type FaultJob, type JobKind } from './job-kinds.test.helper.js';
import { SeededRandom } from './seeded-random.test.helper.js';

export const faultActions = ['kill', 'error', 'delay'] as const;
export type FaultAction = (typeof faultActions)[number];

/** What happens at a fault point, at which time that it is reached. */
export interface PlannedFault {
  readonly point: FaultPoint;
  /** Counts from 1. */
  readonly occurrence: number;
  readonly action: FaultAction;
  /** Of the error that is thrown. */
  readonly code: string;
  readonly delayMs: number;
}

/** What somebody does after the fault. */
export const followUps = ['resume', 'run', 'list'] as const;
export type FollowUp = (typeof followUps)[number];

/** All that a seed decides. */
export interface FaultPlan {
  readonly seed: number;
  readonly jobs: readonly FaultJob[];
  /** Null: nothing is made to happen. */
  readonly fault: PlannedFault | null;
  /** Interrupts pikaci after so many events; null: nobody does. */
  readonly interruptAfter: number | null;
  readonly followUp: FollowUp;
  readonly secret: string;
}

/** Most jobs are quick; the others take a second, or print megabytes. */
const usualKinds: readonly JobKind[] = ['passes', 'passes', 'fails', 'spawns', 'leaks', 'keeps'];
const codes = ['ENOSPC', 'EIO', 'ECONNRESET'];

/** Seeds that follow one another go through all points, and through all actions at each. */
export function planFaultRun(seed: number): FaultPlan {
  const random = new SeededRandom(seed);
  const jobs = planJobs(random);
  return {
    seed,
    jobs,
    fault: planFault(seed, jobs, random),
    interruptAfter: random.chance(0.15) ? random.between(4, 20) : null,
    followUp: random.pick(followUps),
    secret: `t0ken"with\\all/+of it-${seed}-${random.between(0, 0xffffffff).toString(16)}`,
  };
}

function planFault(seed: number, jobs: readonly FaultJob[], random: SeededRandom): PlannedFault {
  const point = runFaultPoints[seed % runFaultPoints.length] ?? 'engine.planned';
  const turn = Math.floor(seed / runFaultPoints.length);
  return {
    point,
    occurrence: random.between(1, certainOccurrences(point, jobs)),
    action: faultActions[turn % faultActions.length] ?? 'kill',
    code: random.pick(codes),
    delayMs: random.between(50, 250),
  };
}

/** How often a point is reached whatever happens. */
function certainOccurrences(point: FaultPoint, jobs: readonly FaultJob[]): number {
  const first = jobs.filter(({ needs }) => needs.length === 0);
  const guests = first.filter(({ runtime }) => runtime === 'incus').length;
  if (point === 'store.record-staged' || point === 'store.record-written') return 12;
  if (point === 'store.event-appended') return 12;
  if (point.startsWith('engine.job-')) return first.length;
  // Nothing is collected from a guest that has vanished.
  if (point.startsWith('incus.')) {
    return first.filter(({ runtime, kind }) => runtime === 'incus' && kind !== 'vanishes').length;
  }
  if (point === 'engine.node-started') return 1 + guests;
  return 1;
}

function planJobs(random: SeededRandom): readonly FaultJob[] {
  const jobs: FaultJob[] = [
    { ...jobOf('passes', 'incus', [], random), id: 'job-1', usesPayload: true },
    { ...jobOf('passes', 'process', [], random), id: 'job-2', usesPayload: true },
  ];
  const special = random.pick(jobKinds);
  const count = random.chance(0.7) ? random.between(3, 4) : random.between(5, 8);
  while (jobs.length < count) {
    const kind = jobs.length === 2 ? special : random.pick(usualKinds);
    const runtime = random.pick(['incus', 'process'] as const);
    const needs = random.chance(0.3) ? [random.pick(jobs).id] : [];
    jobs.push({ ...jobOf(kind, runtime, needs, random), id: `job-${jobs.length + 1}` });
  }
  return jobs;
}

function jobOf(
  kind: JobKind,
  runtime: RuntimeId,
  needs: readonly string[],
  random: SeededRandom,
): Omit<FaultJob, 'id'> {
  return {
    kind,
    runtime,
    needs,
    usesPayload: random.chance(0.4),
    usesSecret: kind === 'leaks' || random.chance(0.4),
    retries: random.chance(0.3) ? 1 : 0,
  };
}

/** Where jobs tell how far they came; null: nowhere. */
export interface MarksDirectories {
  readonly host: string;
  readonly guest: string | null;
}

/** The configuration that a plan stands for. */
export function configOf(
  { jobs }: Pick<FaultPlan, 'jobs'>,
  marks: MarksDirectories,
): PikaciConfigInput {
  return {
    schemaVersion: 1,
    defaultTarget: 'all',
    defaults: { cancelGraceSeconds: 1 },
    limits: { jobs: 4 },
    secrets: { FAULT_TOKEN: { env: 'FAULT_TOKEN' } },
    payloads: {
      words: {
        kind: 'command',
        run: `mkdir out && cat data/words >out/words && echo built >>'${marks.host}/payload'`,
        inputs: ['data/words'],
        output: 'out',
        mounts: [{ name: 'words', path: '.', workspacePath: 'words' }],
      },
    },
    jobs: Object.fromEntries(jobs.map((job) => [job.id, jobConfig(job, marks)])),
    targets: { all: { jobs: jobs.map(({ id }) => id) } },
  };
}

function jobConfig(job: FaultJob, marks: MarksDirectories): PikaciConfigInput['jobs'][string] {
  const marksDir = job.runtime === 'incus' ? marks.guest : marks.host;
  return {
    run: jobScript(job),
    runtime: job.runtime,
    needs: [...job.needs],
    payloads: job.usesPayload ? ['words'] : [],
    secrets: job.usesSecret ? ['FAULT_TOKEN'] : [],
    env: marksDir === null ? {} : { FAULT_MARKS: marksDir },
    timeoutSeconds: job.kind === 'hangs' ? 1 : 120,
    retry: { infrastructure: job.retries },
    artifacts: job.kind === 'keeps' ? ['kept/**'] : [],
  };
}
