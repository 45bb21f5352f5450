import { describe, expect, it } from 'vitest';
import { findCiBase } from './ci-base.js';

const sha = 'a'.repeat(40);
const zeros = '0'.repeat(40);
const github = { GITHUB_ACTIONS: 'true' };
const push = { ...github, GITHUB_EVENT_NAME: 'push' };
const woodpecker = { CI: 'woodpecker' };

type Env = Record<string, string>;
const find = (env: Env, eventText: string | null = null) => findCiBase({ env, eventText });
const event = (value: unknown) => JSON.stringify(value);

describe('findCiBase', () => {
  it.each<[string, Env, string | null, string[]]>([
    [
      'GitHub Actions',
      { ...github, GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main' },
      null,
      ['origin/main'],
    ],
    ['GitHub Actions', push, event({ before: sha }), [sha]],
    ['Forgejo Actions', { ...push, FORGEJO_ACTIONS: 'true' }, event({ before: sha }), [sha]],
    [
      'Forgejo Actions',
      { ...github, FORGEJO_ACTIONS: 'true', GITEA_ACTIONS: 'true', GITHUB_BASE_REF: 'v1' },
      null,
      ['origin/v1'],
    ],
    [
      'Gitea Actions',
      { ...github, GITEA_ACTIONS: 'true', GITHUB_BASE_REF: 'a/b' },
      null,
      ['origin/a/b'],
    ],
    [
      'GitLab CI',
      {
        GITLAB_CI: 'true',
        CI_MERGE_REQUEST_DIFF_BASE_SHA: sha,
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
        CI_COMMIT_BEFORE_SHA: zeros,
      },
      null,
      [sha, 'origin/main'],
    ],
    ['GitLab CI', { GITLAB_CI: 'true', CI_COMMIT_BEFORE_SHA: sha }, null, [sha]],
    [
      'Buildkite',
      { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main' },
      null,
      ['origin/main'],
    ],
    [
      'Woodpecker',
      { ...woodpecker, CI_PIPELINE_EVENT: 'pull_request', CI_COMMIT_TARGET_BRANCH: 'main' },
      null,
      ['origin/main'],
    ],
    [
      'Woodpecker',
      {
        ...woodpecker,
        CI_PIPELINE_EVENT: 'push',
        CI_PREV_COMMIT_SHA: sha,
        CI_PREV_PIPELINE_EVENT: 'push',
      },
      null,
      [sha],
    ],
  ])('finds on %s, with %j and %j, %j', (service, env, text, revisions) => {
    const base = find(env, text);
    expect(base?.service).toBe(service);
    expect(base?.candidates.map(({ revision }) => revision)).toEqual(revisions);
    expect(base?.fix).not.toBe('');
  });

  it.each<[Env, string | null, string]>([
    [push, event({ before: zeros }), 'nothing before it'],
    [push, event({}), 'does not say'],
    [push, event({ before: 7 }), 'does not say'],
    [push, 'no json', 'does not say'],
    [push, null, 'does not say'],
    [
      { ...github, GITHUB_EVENT_NAME: 'schedule', GITHUB_BASE_REF: '' },
      null,
      'the event schedule has no base',
    ],
    [{ GITLAB_CI: 'true', CI_COMMIT_BEFORE_SHA: zeros }, null, 'nothing before it'],
    [{ GITLAB_CI: 'true' }, null, 'nothing before it'],
    [
      {
        BUILDKITE: 'true',
        BUILDKITE_PULL_REQUEST: 'false',
        BUILDKITE_PULL_REQUEST_BASE_BRANCH: '',
      },
      null,
      'only builds of pull requests',
    ],
    [{ ...woodpecker, CI_PIPELINE_EVENT: 'cron', CI_PREV_COMMIT_SHA: sha }, null, 'the event cron'],
    [{ ...woodpecker, CI_PIPELINE_EVENT: 'push' }, null, 'nothing before it'],
    [
      {
        ...woodpecker,
        CI_PIPELINE_EVENT: 'push',
        CI_PREV_COMMIT_SHA: sha,
        CI_PREV_PIPELINE_EVENT: 'pull_request',
      },
      null,
      'not that of a push',
    ],
  ])('finds nothing with %j and %j, and says why', (env, text, why) => {
    const base = find(env, text);
    expect(base?.candidates).toEqual([]);
    expect(base?.why).toContain(why);
  });

  it.each<[Env]>([[{}], [{ CI: 'true' }], [{ GITHUB_ACTIONS: 'false', GITLAB_CI: '' }]])(
    'knows no service in %j',
    (env) => {
      expect(find(env)).toBeNull();
    },
  );
});
