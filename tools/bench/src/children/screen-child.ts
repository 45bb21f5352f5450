import { openSync, writeSync } from 'node:fs';
import { systemClock } from '@pikaci/model';
import { createReporter, systemTicker, type OutputFormat } from '@pikaci/report';
import { momentsOf, runFinished, type LongRun } from '../screen/long-run.js';
import { answer, question } from './child.js';

/** Which run is reported, and how. */
export interface ScreenQuestion {
  readonly run: LongRun;
  readonly format: OutputFormat;
  readonly isTerminal: boolean;
  readonly verbose: boolean;
}

/** What that took, from the first event to the last. */
export interface ScreenAnswer {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly wallMs: number;
  readonly drawings: number;
  readonly bytes: number;
  /** Longest time between two drawings. */
  readonly longestGapMs: number;
}

/** Between two looks at what is to be heard, in milliseconds. */
const paceMs = 5;

const asked = question<ScreenQuestion>();
answer(await play(asked));

/** Has a reporter hear a run, as fast as it would go on. */
async function play({ run, ...options }: ScreenQuestion): Promise<ScreenAnswer> {
  const moments = momentsOf(run);
  const sink = createSink();
  const reporter = createReporter({
    ...options,
    stdout: sink,
    color: options.isTerminal,
    columns: () => 140,
    rows: () => 40,
    clock: systemClock,
    ticker: systemTicker,
    recordPath: null,
  });
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  let next = 0;
  await new Promise<void>((resolve) => {
    const pace = setInterval(() => {
      const nowMs = performance.now() - startMs;
      for (; (moments[next]?.atMs ?? Infinity) <= nowMs; next += 1) {
        const moment = moments[next];
        if (moment === undefined) break;
        if ('event' in moment) reporter.onEvent(moment.event);
        else reporter.onOutput(moment.jobId, 'stdout', moment.chunk);
      }
      if (next < moments.length) return;
      clearInterval(pace);
      resolve();
    }, paceMs);
  });
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = performance.now() - startMs;
  const { drawings, bytes, longestGapMs } = sink;
  reporter.onEvent(runFinished());
  reporter.close();
  return {
    cpuPercent: (user + system) / 1000 / (wallMs / 100),
    wallMs,
    drawings,
    bytes,
    longestGapMs,
  };
}

/** Takes bytes as a terminal does: one call of the system for each drawing. */
function createSink() {
  const terminal = openSync('/dev/null', 'w');
  let lastMs: number | null = null;
  const sink = {
    drawings: 0,
    bytes: 0,
    longestGapMs: 0,
    write(text: string): boolean {
      const nowMs = performance.now();
      if (lastMs !== null) sink.longestGapMs = Math.max(sink.longestGapMs, nowMs - lastMs);
      lastMs = nowMs;
      sink.drawings += 1;
      sink.bytes += writeSync(terminal, text);
      return true;
    },
    on: () => undefined,
  };
  return sink;
}
