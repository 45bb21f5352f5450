import type {
  Failure,
  FailureLocation,
  JobRecord,
  Masker,
  PlanRecord,
  RunRecord,
  TestResults,
  UnstampedRunEvent,
} from '@pikaci/model';

/*
 * Secrets are taken out of what other programs and people say. Words of the format, such as a status or an id, are never
 * touched: a secret that happens to be one of them would make a record that nobody can read.
 */

export function maskFailure(masker: Masker, failed: Failure): Failure {
  return {
    ...failed,
    message: masker.text(failed.message),
    reason: masked(masker, failed.reason),
    hint: masked(masker, failed.hint),
    location: failed.location === null ? null : maskLocation(masker, failed.location),
  };
}

function maskLocation(masker: Masker, location: FailureLocation): FailureLocation {
  return { ...location, file: masked(masker, location.file) };
}

export function maskJob(masker: Masker, job: JobRecord): JobRecord {
  if (masker.isEmpty) return job;
  return {
    ...job,
    message: masked(masker, job.message),
    failure: job.failure === null ? null : maskFailure(masker, job.failure),
    attempts: job.attempts.map((one) => ({
      ...one,
      message: masked(masker, one.message),
      testResults: maskTestResults(masker, one.testResults),
    })),
    artifacts: job.artifacts.map((path) => masker.text(path)),
    testResults: maskTestResults(masker, job.testResults),
    notes: job.notes.map((note) => masker.text(note)),
  };
}

function maskTestResults(masker: Masker, results: TestResults | null): TestResults | null {
  if (results === null) return null;
  const failedTests = results.failedTests.map((test) => ({
    ...test,
    name: masker.text(test.name),
    suite: masked(masker, test.suite),
    className: masked(masker, test.className),
    file: masked(masker, test.file),
    message: masked(masker, test.message),
  }));
  return { ...results, failedTests };
}

export function maskRun(masker: Masker, run: RunRecord): RunRecord {
  if (masker.isEmpty) return run;
  return {
    ...run,
    message: masked(masker, run.message),
    failure: run.failure === null ? null : maskFailure(masker, run.failure),
    jobs: run.jobs.map((job) => maskJob(masker, job)),
  };
}

/** The configuration's own texts: whoever writes a secret into a command finds it there, and nowhere else. */
export function maskPlan(masker: Masker, plan: PlanRecord): PlanRecord {
  if (masker.isEmpty) return plan;
  const nodes = plan.nodes.map((node) => {
    if (node.kind !== 'execute') return node;
    const env = node.env.map(({ name, value }) => ({ name, value: masker.text(value) }));
    const command = masker.text(node.execute.command);
    return { ...node, env, execute: { ...node.execute, command } };
  });
  return { ...plan, nodes };
}

export function maskEvent(masker: Masker, event: UnstampedRunEvent): UnstampedRunEvent {
  if (masker.isEmpty) return event;
  switch (event.event) {
    case 'prepare_finished':
      return {
        ...event,
        failure: event.failure === null ? null : maskFailure(masker, event.failure),
      };
    case 'job_started':
    case 'job_attempt_finished':
    case 'job_finished':
    case 'job_skipped':
      return { ...event, job: maskJob(masker, event.job) };
    case 'job_waiting':
      return { ...event, inside: event.inside.map((who) => masker.text(who)) };
    case 'cancel_requested':
      return { ...event, reason: masker.text(event.reason) };
    case 'run_finished':
      return { ...event, run: maskRun(masker, event.run) };
    case 'run_started':
    case 'snapshot_taken':
    case 'plan_made':
    case 'prepare_started':
    case 'job_phase':
    case 'run_resumed':
      return event;
    default: {
      const never: never = event;
      return never;
    }
  }
}

function masked(masker: Masker, text: string | null): string | null {
  return text === null ? null : masker.text(text);
}
