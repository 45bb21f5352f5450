import { readFile } from 'node:fs/promises';
import { ok, type Outcome } from '@pikaci/model';
import {
  changedSinceCommit,
  findCommit,
  partingPoint,
  repositoryHint,
  type ChangedWorkspace,
} from './changed-since.js';
import type { Changes } from './changes.js';
import { findCiBase, isOn, type BaseCandidate, type CiBase } from './ci-base.js';
import { askGit, type GitPlace } from './git-call.js';

/**
 * The files of a workspace that differ from the base of the change, which is found by itself: what the CI service tells
 * of it, and elsewhere the default branch of `origin`, `main` or `master`. Whatever is missing for that makes the
 * changes unknown, with the reason and what to do.
 */
export async function changedByItself(workspace: ChangedWorkspace): Promise<Outcome<Changes>> {
  const place = { cwd: workspace.workspaceRoot, env: workspace.env };
  const base = await findBase(place);
  if (!base.ok) return base;
  const { service, fix, isCi } = base.value;
  if (base.value.candidates.length === 0) return ok(unknown([service, base.value.why]));
  const found = await firstCommit(place, base.value);
  if (!found.ok) return found;
  if (found.value.kind === 'unknown') return ok(found.value.changes);
  const { candidate, commit } = found.value;
  const told = `${candidate.revision}, ${candidate.what}${service === null ? '' : ` (${service})`}`;
  const isItself = isCi ? await holdsNothingNew(place, commit) : ok(false);
  if (!isItself.ok) return isItself;
  if (isItself.value) {
    return ok(unknown([told, 'what is checked out holds no commit that is not in it']));
  }
  const changes = await changedSinceCommit(workspace, candidate.revision, commit);
  if (!changes.ok) return changes;
  return ok(
    changes.value.kind === 'unknown'
      ? unknown([told, changes.value.why], fix)
      : { ...changes.value, note: `changes since ${told}` },
  );
}

interface Base extends Omit<CiBase, 'service'> {
  /** Null where none tells a base. */
  readonly service: string | null;
  /** True where nobody works: there, a tree without a change of its own is a sign of a wrong base. */
  readonly isCi: boolean;
}

async function findBase(place: GitPlace): Promise<Outcome<Base>> {
  const eventText = await readEvent(place.env['GITHUB_EVENT_PATH'] ?? '');
  const told = findCiBase({ env: place.env, eventText });
  if (told !== null) return ok({ ...told, isCi: true });
  const branch = await defaultBranch(place);
  if (!branch.ok) return branch;
  const what = 'the default branch';
  const names = [branch.value, 'origin/main', 'origin/master', 'main', 'master'];
  return ok({
    service: null,
    candidates: [...new Set(names)].flatMap((revision) =>
      revision === null ? [] : [{ revision, what }],
    ),
    why: '',
    fix: 'name a base with --changed-since',
    isCi: isOn(place.env['CI']),
  });
}

async function readEvent(path: string): Promise<string | null> {
  return path === '' ? null : readFile(path, 'utf8').catch(() => null);
}

/** Such as `origin/main`; null when the clone does not know. */
async function defaultBranch(place: GitPlace): Promise<Outcome<string | null>> {
  const head = ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD'];
  const answer = await askGit(place, head);
  if (!answer.ok) return answer;
  const name = answer.value.stdout.trim();
  return ok(answer.value.exitCode === 0 && name !== '' ? name : null);
}

type FirstCommit =
  | { readonly kind: 'found'; readonly candidate: BaseCandidate; readonly commit: string }
  | { readonly kind: 'unknown'; readonly changes: Changes };

/** The first candidate that is in the clone. */
async function firstCommit(place: GitPlace, base: Base): Promise<Outcome<FirstCommit>> {
  let hint: string | null = null;
  let reason = '';
  for (const candidate of base.candidates) {
    const found = await findCommit(place, candidate.revision);
    if (!found.ok) return found;
    if (found.value.kind === 'commit') {
      return ok({ kind: 'found', candidate, commit: found.value.name });
    }
    hint ??= repositoryHint(found.value.reason);
    if (hint !== null) reason = found.value.reason.split('\n')[0] ?? '';
  }
  const names = base.candidates.map(({ revision }) => revision).join(', ');
  const isMissing = hint === null;
  const why = isMissing ? `not in this clone: ${names}` : reason;
  return ok({ kind: 'unknown', changes: unknown([base.service, why], hint ?? base.fix) });
}

/** True when everything that is committed is in the other commit, too. */
async function holdsNothingNew(place: GitPlace, commit: string): Promise<Outcome<boolean>> {
  const head = await findCommit(place, 'HEAD');
  if (!head.ok) return head;
  const parted = await partingPoint(place, commit);
  if (!parted.ok) return parted;
  return ok(head.value.kind === 'commit' && parted.value === head.value.name);
}

/** @param fix what makes it known the next time */
function unknown([about, why]: readonly [string | null, string], fix?: string): Changes {
  const what = about === null ? why : `${about}: ${why}`;
  const note = `changes unknown, everything runs: ${what}${fix === undefined ? '' : `; next: ${fix}`}`;
  return { kind: 'unknown', why, note };
}
