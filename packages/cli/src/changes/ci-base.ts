/** What tells of the environment: its variables, and the event that a service like GitHub Actions keeps in a file. */
export interface CiEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of the file that `GITHUB_EVENT_PATH` names; null where there is none. */
  readonly eventText: string | null;
}

/** A commit with which what is checked out may be compared. */
export interface BaseCandidate {
  readonly revision: string;
  /** What it is, in words. */
  readonly what: string;
}

/** What a CI service tells about the commit that a change is based on. */
export interface CiBase {
  /** Its name. */
  readonly service: string;
  /** Best first; none when the service tells nothing. */
  readonly candidates: readonly BaseCandidate[];
  /** Why there is no candidate. */
  readonly why: string;
  /** How commits get into the clone that are not there. */
  readonly fix: string;
}

type Told = Omit<CiBase, 'service' | 'fix'>;

interface CiService {
  readonly name: string;
  readonly fix: string;
  readonly isHere: (env: CiEnvironment['env']) => boolean;
  readonly baseOf: (environment: CiEnvironment) => Told;
}

const wholeCheckout = 'give actions/checkout "fetch-depth: 0"';

/** Forgejo and Gitea say that they are GitHub, too, so they come first. */
const services: readonly CiService[] = [
  {
    name: 'Forgejo Actions',
    fix: wholeCheckout,
    isHere: (env) => isOn(env['FORGEJO_ACTIONS']),
    baseOf: githubBase,
  },
  {
    name: 'Gitea Actions',
    fix: wholeCheckout,
    isHere: (env) => isOn(env['GITEA_ACTIONS']),
    baseOf: githubBase,
  },
  {
    name: 'GitHub Actions',
    fix: wholeCheckout,
    isHere: (env) => isOn(env['GITHUB_ACTIONS']),
    baseOf: githubBase,
  },
  {
    name: 'GitLab CI',
    fix: 'set the variable GIT_DEPTH to 0',
    isHere: (env) => isOn(env['GITLAB_CI']),
    baseOf: gitlabBase,
  },
  {
    name: 'Buildkite',
    fix: 'run "git fetch origin" before, without --depth',
    isHere: (env) => isOn(env['BUILDKITE']),
    baseOf: buildkiteBase,
  },
  {
    name: 'Woodpecker',
    fix: 'run "git fetch --unshallow origin" before, or let the clone step do so',
    isHere: (env) => env['CI'] === 'woodpecker',
    baseOf: woodpeckerBase,
  },
];

/** What the CI service that pikaci runs in tells about the base of the change; null in none of those that are known. */
export function findCiBase(environment: CiEnvironment): CiBase | null {
  const service = services.find(({ isHere }) => isHere(environment.env));
  if (service === undefined) return null;
  return { service: service.name, fix: service.fix, ...service.baseOf(environment) };
}

function githubBase({ env, eventText }: CiEnvironment): Told {
  const target = env['GITHUB_BASE_REF'] ?? '';
  if (target !== '') return targetBranch(target);
  const event = env['GITHUB_EVENT_NAME'] ?? '';
  if (event !== 'push') return nothing(`the event ${event || 'without a name'} has no base`);
  const before = beforeOf(eventText);
  if (before === null) return nothing('the file of the event does not say what was there before');
  return commitBefore(before);
}

function gitlabBase({ env }: CiEnvironment): Told {
  const base = env['CI_MERGE_REQUEST_DIFF_BASE_SHA'] ?? '';
  const target = env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'] ?? '';
  const candidates = [
    ...(base === '' ? [] : [{ revision: base, what: 'the base of the merge request' }]),
    ...(target === '' ? [] : targetBranch(target, 'merge request').candidates),
  ];
  if (candidates.length > 0) return { candidates, why: '' };
  // All zeros also in pipelines that no push has started.
  return commitBefore(env['CI_COMMIT_BEFORE_SHA'] ?? '');
}

function buildkiteBase({ env }: CiEnvironment): Told {
  const target = env['BUILDKITE_PULL_REQUEST_BASE_BRANCH'] ?? '';
  if (target !== '') return targetBranch(target);
  return nothing('only builds of pull requests have a base');
}

function woodpeckerBase({ env }: CiEnvironment): Told {
  const target = env['CI_COMMIT_TARGET_BRANCH'] ?? '';
  if (target !== '') return targetBranch(target);
  const event = env['CI_PIPELINE_EVENT'] ?? '';
  if (event !== 'push') return nothing(`the event ${event || 'without a name'} has no base`);
  const before = env['CI_PREV_COMMIT_SHA'] ?? '';
  // The pipeline before may have been that of a pull request, whose commits nobody has tried on this branch.
  if (before !== '' && env['CI_PREV_PIPELINE_EVENT'] !== 'push') {
    return nothing('the pipeline before this one was not that of a push');
  }
  return commitBefore(before);
}

function targetBranch(branch: string, request = 'pull request'): Told {
  const what = `the branch that the ${request} is for`;
  return { candidates: [{ revision: `origin/${branch}`, what }], why: '' };
}

/** All zeros stand for a branch that is new. */
function commitBefore(sha: string): Told {
  if (/^0*$/u.test(sha)) return nothing('there was nothing before it on this branch');
  return { candidates: [{ revision: sha, what: 'what was there before the push' }], why: '' };
}

function nothing(why: string): Told {
  return { candidates: [], why };
}

function beforeOf(eventText: string | null): string | null {
  try {
    const event: unknown = JSON.parse(eventText ?? '');
    if (typeof event !== 'object' || event === null || !('before' in event)) return null;
    return typeof event.before === 'string' ? event.before : null;
  } catch {
    return null;
  }
}

/** Services set their variable to `true`; somebody who plays with it may set another one to `false`. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
