import { runEventFileSchema } from '../event.js';
import { jobRecordSchema } from '../records/job-record.js';
import { planRecordSchema } from '../records/plan-record.js';
import { preparedOutputsRecordSchema } from '../records/prepared-outputs-record.js';
import { runRecordSchema } from '../records/run-record.js';
import { gcOutputSchema } from '../run-garbage.js';
import {
  configPrintOutputSchema,
  initOutputSchema,
  schemasOutputSchema,
} from './config-outputs.js';
import { errorOutputSchema } from './error-output.js';
import { jobExplanationOutputSchema, payloadExplainOutputSchema } from './explanation-outputs.js';
import { listOutputSchema } from './list-output.js';
import { logLineOutputSchema } from './log-line-output.js';
import {
  doctorOutputSchema,
  gcPinOutputSchema,
  sweepDryRunOutputSchema,
  sweepOutputSchema,
} from './machine-outputs.js';
import { printedOutput } from './output.js';
import { payloadGcOutputSchema } from './payload-gc-output.js';
import { payloadListOutputSchema, payloadShowOutputSchema } from './payload-outputs.js';
import { payloadVerifyOutputSchema } from './payload-verify-output.js';
import { artifactsOutputSchema, logsMetadataSchema, reportOutputSchema } from './run-outputs.js';
import { showOutputSchema } from './show-output.js';
import {
  contentHashOutputSchema,
  snapshotDiffOutputSchema,
  snapshotHashOutputSchema,
  snapshotShowOutputSchema,
} from './snapshot-outputs.js';

/** All that programs read, by the name under which `pikaci schema` has it. Nothing else is printed as JSON. */
export const outputs = {
  run: {
    ...printedOutput(
      'pikaci run record',
      'A run as it stands: what it was of, how it ended, and all of its jobs.',
      [
        'run --output json',
        'rerun --output json',
        'resume --output json',
        'status --json',
        'cancel --json',
      ],
      runRecordSchema,
    ),
    file: 'runs/<run id>/run.json',
  },
  job: {
    ...printedOutput(
      'pikaci job record',
      'A job of a run as it stands; the same as an element of `jobs` in the record of its run.',
      [],
      jobRecordSchema,
    ),
    file: 'runs/<run id>/jobs/<job id>/status.json',
  },
  event: {
    ...printedOutput(
      'pikaci event',
      'What happened in a run: one line of its event stream. Readers pass over kinds of events that they do not know.',
      ['run --output jsonl', 'rerun --output jsonl', 'resume --output jsonl'],
      runEventFileSchema,
    ),
    file: 'runs/<run id>/events.jsonl',
  },
  plan: {
    ...printedOutput(
      'pikaci plan',
      'The graph of a run. What `plan` prints has no run id and no times: equal inputs give equal bytes.',
      ['plan --json'],
      planRecordSchema,
    ),
    file: 'runs/<run id>/plan.json',
  },
  'prepared-outputs': {
    ...printedOutput(
      'pikaci prepared outputs',
      'The payloads that a run prepared, and where its jobs find them.',
      ['prepared-outputs --json'],
      preparedOutputsRecordSchema,
    ),
    file: 'runs/<run id>/prepared-outputs.json',
  },
  error: printedOutput(
    'pikaci error',
    'Printed instead of anything else by a command that failed before it had something to print.',
    ['every command'],
    errorOutputSchema,
  ),
  list: printedOutput(
    'pikaci list',
    'Targets and jobs that can be run, and runs that have been, newest first.',
    ['list --json'],
    listOutputSchema,
  ),
  show: printedOutput(
    'pikaci show',
    'All that is known of one run: its records, what the stores still have of it, and what can be done next.',
    ['show --json'],
    showOutputSchema,
  ),
  'logs-metadata': printedOutput(
    'pikaci logs metadata',
    'Where the logs of the jobs of a run are, and whether they are there.',
    ['logs --metadata-json'],
    logsMetadataSchema,
  ),
  'log-line': printedOutput(
    'pikaci line of a log',
    'A line that a job, or pikaci for it, has printed: one a line with jsonl, one array of them with json.',
    ['logs --output json', 'logs --output jsonl'],
    logLineOutputSchema,
  ),
  artifacts: printedOutput(
    'pikaci artifacts',
    'The files that the jobs of a run left, and with --extract those that were copied.',
    ['artifacts --json'],
    artifactsOutputSchema,
  ),
  report: printedOutput(
    'pikaci report',
    'The record of a run, and the end of what each of its jobs printed.',
    ['report --json'],
    reportOutputSchema,
  ),
  'job-explanation': printedOutput(
    'pikaci job explanation',
    'Why a job is run, or not, and which of its payloads a run would find.',
    ['plan --explain --json'],
    jobExplanationOutputSchema,
  ),
  'payload-list': printedOutput(
    'pikaci payload list',
    'The payloads that are kept.',
    ['payload list --json'],
    payloadListOutputSchema,
  ),
  'payload-show': printedOutput(
    'pikaci payload',
    'All that is known of one payload.',
    ['payload show --json'],
    payloadShowOutputSchema,
  ),
  'payload-explain': printedOutput(
    'pikaci payload explanation',
    'Whether a run would find a payload and those it depends on, and why not.',
    ['payload explain --json'],
    payloadExplainOutputSchema,
  ),
  'payload-verify': printedOutput(
    'pikaci payload verification',
    'How payloads compare with what they were when they were built.',
    ['payload verify --json'],
    payloadVerifyOutputSchema,
  ),
  'payload-gc': printedOutput(
    'pikaci collection of payloads',
    'Which payloads were removed, or would be, and which stay.',
    ['payload gc --json'],
    payloadGcOutputSchema,
  ),
  'snapshot-show': printedOutput(
    'pikaci snapshot',
    'What a snapshot is, where it lies, and which runs were on it.',
    ['snapshot show --json'],
    snapshotShowOutputSchema,
  ),
  'snapshot-diff': printedOutput(
    'pikaci difference of snapshots',
    'Which paths were added, removed or changed from one snapshot to another.',
    ['snapshot diff --json'],
    snapshotDiffOutputSchema,
  ),
  'snapshot-hash': printedOutput(
    'pikaci snapshot identity',
    'What a snapshot of the workspace taken now would be called.',
    ['snapshot hash --json'],
    snapshotHashOutputSchema,
  ),
  'content-hash': printedOutput(
    'pikaci content hash',
    'The hash that the earlier record format has of a workspace, or of a snapshot.',
    ['snapshot hash --hash v1 --json', 'snapshot show --hash v1 --json'],
    contentHashOutputSchema,
  ),
  sweep: printedOutput(
    'pikaci sweep',
    'What was found of processes that are gone, and what became of it.',
    ['sweep --json'],
    sweepOutputSchema,
  ),
  'sweep-dry-run': printedOutput(
    'pikaci sweep, dry run',
    'What processes that are gone have left.',
    ['sweep --dry-run --json'],
    sweepDryRunOutputSchema,
  ),
  gc: printedOutput(
    'pikaci collection of runs',
    'Which old runs were removed, or would be, and which stay.',
    ['gc --json'],
    gcOutputSchema,
  ),
  'gc-pin': printedOutput(
    'pikaci pin',
    'Whether a run is kept for good now.',
    ['gc --pin --json', 'gc --unpin --json'],
    gcPinOutputSchema,
  ),
  doctor: printedOutput(
    'pikaci doctor',
    'What is there of what pikaci needs, what is missing, what to do.',
    ['doctor --json'],
    doctorOutputSchema,
  ),
  init: printedOutput(
    'pikaci init',
    'What a first configuration was made of, and what was written.',
    ['init --json'],
    initOutputSchema,
  ),
  'config-print': {
    ...printedOutput(
      'pikaci configuration as understood',
      'Every setting with its defaults filled in, and who said so.',
      ['config print --json'],
      configPrintOutputSchema,
    ),
    keys: 'as written' as const,
  },
  schemas: printedOutput(
    'pikaci schemas',
    'The schemas that pikaci has.',
    ['schema --json'],
    schemasOutputSchema,
  ),
};

export type OutputName = keyof typeof outputs;
