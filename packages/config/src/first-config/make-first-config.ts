import type { PikaciConfigInput } from '@pikaci/model';
import type { FoundJob, FoundPayload, FoundTarget, FoundTool } from './found-tool.js';

/** A configuration with what is to be said of its parts. */
export interface FirstConfig {
  readonly config: PikaciConfigInput;
  /** Comments by the path of a key, its parts joined by `/`; that of the whole file is at the empty path. */
  readonly comments: ReadonlyMap<string, string>;
}

/** The target that has all jobs. */
const targetId = 'ci';

const introduction = `What pikaci runs for this project: "npx pikaci run" runs it, "npx pikaci list" shows it.
Jobs run as plain processes, each on a snapshot of the files that git does not ignore. With
"--runtime incus --image NAME" they run in instances of an image that has what they call.`;

const sections: readonly (readonly [path: string, text: string])[] = [
  ['', introduction],
  ['defaultTarget', 'What runs when nothing is named.'],
  [
    'payloads',
    'Directories that are built once, kept by what went into them, and mounted read-only into jobs.',
  ],
  [
    'targets',
    `Sets of jobs with a name. With paths: ['src/**'] a target is left out where --changed-since finds no change there.`,
  ],
];

/** Some keys that most people want soon. */
const jobsText = `Each job is a command in a working tree of its own; they run side by side. Further keys of a job:
needs: [other-job], env: { NAME: value }, timeoutSeconds: 600, artifacts: ['coverage/**'].`;

const placeholderText = `Nothing was found that tells how this project is tested. Change the command below, or write more jobs.
${jobsText}`;

/** The job of a project that tells nothing of how it is tested. */
const placeholder: FoundJob = {
  name: 'test',
  config: {
    run: 'echo "put the command that tests this project into the configuration of pikaci"',
  },
};

/** The first configuration of a project with these tools: all their jobs, in one target. */
export function makeFirstConfig(tools: readonly FoundTool[]): FirstConfig {
  const found = tools.flatMap(({ jobs }) => jobs);
  const jobs = found.length === 0 ? [placeholder] : found;
  const used = new Set(jobs.flatMap(({ config }) => config.payloads ?? []));
  const all = tools.flatMap((tool) => tool.payloads);
  const payloads = [...new Map(all.map((payload) => [payload.id, payload])).values()].filter(
    ({ id }) => used.has(id),
  );
  const targets = tools.flatMap((tool) => tool.targets ?? []);
  const jobsComment = found.length === 0 ? placeholderText : jobsText;
  return {
    config: configOf(jobs, payloads, targets),
    comments: new Map([
      ...sections,
      ['jobs', jobsComment],
      ...payloads.flatMap(({ id, comments }) => commentsBelow(`payloads/${id}`, comments)),
      ...jobs.flatMap(({ name, comments }) => commentsBelow(`jobs/${name}`, comments ?? {})),
      ...targets.map(({ id, comment }) => [`targets/${id}`, comment] as const),
    ]),
  };
}

function configOf(
  jobs: readonly FoundJob[],
  payloads: readonly FoundPayload[],
  targets: readonly FoundTarget[],
): PikaciConfigInput {
  return {
    schemaVersion: 1,
    defaultTarget: targetId,
    ...(payloads.length === 0
      ? {}
      : { payloads: Object.fromEntries(payloads.map(({ id, config }) => [id, config])) }),
    jobs: Object.fromEntries(jobs.map(({ name, config }) => [name, config])),
    targets: {
      [targetId]: { jobs: jobs.map(({ name }) => name) },
      ...Object.fromEntries(targets.map(({ id, config }) => [id, config])),
    },
  };
}

function commentsBelow(
  path: string,
  comments: Readonly<Record<string, string>>,
): readonly (readonly [string, string])[] {
  return Object.entries(comments).map(([key, text]) => [`${path}/${key}`, text]);
}
