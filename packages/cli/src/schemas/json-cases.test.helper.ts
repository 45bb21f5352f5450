import type { OutputName } from '@pikaci/model';

/** A command line that prints JSON, and the schema of that. */
export interface JsonCase {
  readonly argv: readonly string[];
  readonly schema: OutputName;
  /** Another state root than that of the workspace: one with a run that was broken off. */
  readonly isOfBrokenRun?: true;
  /** What has to be there, so that not only empty lists are tried. */
  readonly holds?: RegExp;
}

const of = (schema: OutputName, line: string, holds?: RegExp): JsonCase => ({
  schema,
  argv: line.split(' '),
  ...(holds === undefined ? {} : { holds }),
});
const ofBroken = (schema: OutputName, line: string, holds?: RegExp): JsonCase => ({
  ...of(schema, line, holds),
  isOfBrokenRun: true,
});
/** A list of this name that is not empty. */
const some = (...names: readonly string[]) =>
  new RegExp(names.map((name) => `(?=[^]*"${name}":\\s*\\[\\s*[^\\s\\]])`).join(''), 'u');

/** In this order: the later ones remove what the earlier ones look at. `OUT` and `NEW` are directories that are not there yet. */
export const jsonCases: readonly JsonCase[] = [
  of('run', 'run skip-target --changed-files /dev/null --output json', /"status": "skipped"/u),
  of('run', 'run green flaky --output json', some('payloads', 'artifacts', 'prepare_timings')),
  of('run', 'rerun --output json', /"rerun_of": "/u),
  of('run', 'run after --from after --output json', some('reused_results')),
  of('plan', 'plan all --json'),
  of(
    'job-explanation',
    'plan all --explain green --json',
    some('reasons', 'payloads', 'key_inputs'),
  ),
  of('list', 'list --json', some('targets', 'jobs', 'runs', 'damaged')),
  of('run', 'status latest --json'),
  of('run', 'status latest --watch --output jsonl'),
  of('run', 'cancel latest --json'),
  of('show', 'show latest-failed --json', some('payloads', 'jobs', 'next')),
  of('show', 'show latest --json', some('reused_results')),
  of('logs-metadata', 'logs latest-failed --metadata-json'),
  of('log-line', 'logs latest-failed --job green --kind guest --output jsonl', /"text":"hi"/u),
  of('artifacts', 'artifacts latest-failed --json', some('artifacts', 'left_out')),
  of('artifacts', 'artifacts latest-failed --extract OUT --json', some('copied')),
  of('artifacts', 'artifacts latest-failed --extract OUT --json', /"error": \{/u),
  of('report', 'report latest-failed --json', some('log_tails', 'lines')),
  of('prepared-outputs', 'prepared-outputs latest-failed --json', some('outputs', 'exposures')),
  of('payload-list', 'payload list --json', some('payloads', 'damaged')),
  of('payload-show', 'payload show words --json', some('key_inputs', 'other_keys')),
  of('payload-explain', 'payload explain words --json'),
  of('payload-verify', 'payload verify --json', some('payloads', 'differences')),
  of('snapshot-show', 'snapshot show latest --json', some('runs')),
  of('content-hash', 'snapshot show latest --hash v1 --json'),
  of('snapshot-hash', 'snapshot hash --json'),
  of('content-hash', 'snapshot hash --hash v1 --json'),
  of('snapshot-diff', 'snapshot diff FIRST latest --json', some('changes')),
  of('config-print', 'config print --json'),
  of('doctor', 'doctor --json'),
  of('init', 'init --json -C NEW'),
  of('schemas', 'schema --json'),
  of('gc-pin', 'gc --pin latest --json'),
  of('gc-pin', 'gc --unpin latest --json'),
  of('gc', 'gc --dry-run --json'),
  of('gc', 'gc --max-runs 1 --json', some('removed', 'kept', 'damaged')),
  of('payload-gc', 'payload gc --max-size 1B --json', some('removed', 'damaged')),
  of('payload-explain', 'payload explain words --output jsonl', /"removed":\{/u),
  ofBroken('list', 'list --json'),
  ofBroken('show', 'show latest --json'),
  ofBroken('sweep-dry-run', 'sweep --dry-run --json', some('abandoned')),
  ofBroken('sweep', 'sweep --json', some('closed')),
  ofBroken('error', 'resume --output json'),
  of('error', 'show nope --json'),
  of('error', 'list --nope --json'),
  of('error', 'schema nope --output json'),
];

/** Commands that print no JSON but a failure's, and why. */
export const withoutJson: Readonly<Record<string, string>> = {
  attach: 'it prints what a job printed',
  completion: 'it prints a script for a shell',
  shell: 'it passes on what a shell prints',
  'config schema': 'it prints a schema',
};
