import type { Benchmark } from '../report/benchmark.js';
import { jobOutput } from './job-output.js';
import { masker } from './masker.js';
import { memory } from './memory.js';
import { payloadHit } from './payload-hit.js';
import { payloadMount } from './payload-mount.js';
import { screen } from './screen.js';
import { snapshotFirst } from './snapshot-first.js';
import { snapshotOneChange } from './snapshot-one-change.js';
import { snapshotUnchanged } from './snapshot-unchanged.js';
import { startup } from './startup.js';

/** In the order in which they run. Those that change their repository come last of those that share it. */
export const benchmarks: readonly Benchmark[] = [
  payloadMount,
  payloadHit,
  snapshotFirst,
  snapshotUnchanged,
  snapshotOneChange,
  memory,
  masker,
  jobOutput,
  startup,
  screen,
];
