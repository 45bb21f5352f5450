import { appendFileSync, existsSync } from 'node:fs';
import { createConcurrencyGroups } from './create-concurrency-groups.js';

/** What a member of a group in a process of its own is told. */
export interface MemberOrder {
  readonly directory: string;
  readonly who: string;
  /** Each thing that happens is a line here. */
  readonly log: string;
  /** Once this file is there the member leaves. */
  readonly leaveFile: string;
}

/** Enters a group, stays until it is told to leave, and says what happens. */
export async function beMember({ directory, who, log, leaveFile }: MemberOrder): Promise<void> {
  const say = (what: string) => appendFileSync(log, `${who} ${what}\n`);
  const uid = process.getuid?.() ?? null;
  const place = await createConcurrencyGroups({ directory, uid, pollMs: 10 }).enter({
    group: 'deploy',
    limit: 1,
    who,
    signal: new AbortController().signal,
    onWait: (inside) => say(`waits for ${inside.join()}`),
  });
  if (!place.ok) throw new Error(place.error.message);
  say(`entered as ${process.pid}`);
  while (!existsSync(leaveFile)) await new Promise((resolve) => setTimeout(resolve, 10));
  say('leaves');
  await place.value.leave();
}
