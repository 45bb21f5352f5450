import { join } from 'node:path';
import type { FaultJob } from './job-kinds.test.helper.js';
import { namesIn, objects, readBytes, readJson, text, type Json } from './disk.test.helper.js';
import type { FaultWorld } from './fault-world.test.helper.js';

/** A run as it lies on disk. */
export interface RecordedRun {
  readonly id: string;
  readonly dir: string;
  /** Null when there is none, or it is no JSON. */
  readonly record: Json | null;
  readonly jobs: readonly Json[];
  /** Each line of the events; null for one that is no JSON. */
  readonly events: readonly (Json | null)[];
}

export function recordedRuns({ stateRoot }: Pick<FaultWorld, 'stateRoot'>): readonly RecordedRun[] {
  const runs = join(stateRoot, 'runs');
  return namesIn(runs).map((id) => {
    const dir = join(runs, id);
    const record = readJson(join(dir, 'run.json'));
    const jobs = objects(record?.['jobs']);
    return { id, dir, record, jobs, events: eventsIn(join(dir, 'events.jsonl')) };
  });
}

function eventsIn(file: string): readonly (Json | null)[] {
  const lines = readBytes(file).toString().split('\n');
  // What comes after the last line end is a torn line, unless it is nothing.
  const whole = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  return whole.map((line) => {
    try {
      return JSON.parse(line) as Json;
    } catch {
      return null;
    }
  });
}

/** A job of the plan with the record of its last attempt, and where its files are. */
export interface RecordedJob {
  readonly run: RecordedRun;
  readonly planned: FaultJob;
  readonly record: Json;
  readonly dir: string;
}

export function recordedJobs(world: FaultWorld): readonly RecordedJob[] {
  return recordedRuns(world).flatMap((run) =>
    run.jobs.flatMap((record) => {
      const planned = world.plan.jobs.find(({ id }) => id === record['id']);
      const dir = join(run.dir, 'jobs', text(record['id']));
      return planned === undefined ? [] : [{ run, planned, record, dir }];
    }),
  );
}
