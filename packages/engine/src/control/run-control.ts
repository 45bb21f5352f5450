import { setMaxListeners } from 'node:events';
import { stopReason, type StopCause } from './stop-cause.js';

/** What ends one job: its own cancel, or what ends the whole run. */
export interface JobControl {
  /** Aborted to end the job with grace. */
  readonly signal: AbortSignal;
  /** Aborted, never before `signal`, to end it at once. */
  readonly force: AbortSignal;
  /** Why it is to end; null while it is not. */
  readonly cause: StopCause | null;
}

/** Everything that can end a run or a job before its time, in one place. */
export class RunControl {
  readonly #stop = new AbortController();
  readonly #force = new AbortController();
  readonly #jobs = new Map<string, OwnJobControl>();
  #cause: StopCause | null = null;

  constructor() {
    // Every job listens, and Node takes more than ten listeners for a leak, and says so on standard error.
    setMaxListeners(0, this.#stop.signal, this.#force.signal);
  }

  /** Aborted when nothing is to start any more, and what runs is to end. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborted, never before `signal`, when what runs is to end at once. */
  get force(): AbortSignal {
    return this.#force.signal;
  }

  /** Why the run is stopped; null while it is not. */
  get cause(): StopCause | null {
    return this.#cause;
  }

  /**
   * Stops the run. The first cause holds, but for a `fail-fast`, which gives way to what a person or a limit asks.
   * @returns false when nothing has changed
   */
  stop(cause: StopCause): boolean {
    const holds = this.#cause !== null && this.#cause.kind !== 'fail-fast';
    if (holds || this.#cause?.kind === cause.kind) return false;
    this.#cause = cause;
    this.#stop.abort(stopReason(cause));
    return true;
  }

  /** Ends at once what runs. Returns false when that was so already. */
  forceAll(cause: StopCause): boolean {
    if (this.#force.signal.aborted) return false;
    this.stop(cause);
    this.#force.abort(stopReason(cause));
    return true;
  }

  /** The control of a job, whether it has begun or not. */
  job(jobId: string): JobControl {
    return this.#job(jobId);
  }

  /** Cancels one job. Returns false when nothing has changed. */
  cancelJob(jobId: string, reason: string, now: boolean): boolean {
    return this.#job(jobId).cancel(reason, now);
  }

  #job(jobId: string): OwnJobControl {
    const job = this.#jobs.get(jobId) ?? new OwnJobControl(this);
    this.#jobs.set(jobId, job);
    return job;
  }
}

class OwnJobControl implements JobControl {
  readonly signal: AbortSignal;
  readonly force: AbortSignal;
  readonly #run: RunControl;
  readonly #stop = new AbortController();
  readonly #force = new AbortController();
  #own: StopCause | null = null;

  constructor(run: RunControl) {
    this.#run = run;
    this.signal = AbortSignal.any([run.signal, this.#stop.signal]);
    this.force = AbortSignal.any([run.force, this.#force.signal]);
  }

  get cause(): StopCause | null {
    return this.#own ?? this.#run.cause;
  }

  cancel(reason: string, now: boolean): boolean {
    const isNew = !this.signal.aborted;
    const isHarder = now && !this.force.aborted;
    if (isNew) {
      this.#own = { kind: 'cancel', reason };
      this.#stop.abort(reason);
    }
    if (isHarder) this.#force.abort(reason);
    return isNew || isHarder;
  }
}
