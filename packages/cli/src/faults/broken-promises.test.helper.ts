import type { Aftermath } from './aftermath.test.helper.js';
import { damagedCaches } from './promises/caches.test.helper.js';
import { touchedForeign } from './promises/foreign.test.helper.js';
import { leakedInstances } from './promises/instances.test.helper.js';
import { leftovers } from './promises/leftovers.test.helper.js';
import { lostOutput } from './promises/logs.test.helper.js';
import { leftProcesses } from './promises/processes.test.helper.js';
import { brokenRecords } from './promises/records.test.helper.js';
import { toldSecrets } from './promises/secrets.test.helper.js';
import { wrongVerdicts } from './promises/verdicts.test.helper.js';

/** What pikaci promises, whatever happens to it. */
export const promises = {
  records: brokenRecords,
  instances: leakedInstances,
  foreign: touchedForeign,
  caches: damagedCaches,
  leftovers,
  secrets: toldSecrets,
  verdicts: wrongVerdicts,
  processes: leftProcesses,
  output: (world: Aftermath) => lostOutput(world).problems,
} satisfies Record<string, (world: Aftermath) => readonly string[] | Promise<readonly string[]>>;
export type PromiseName = keyof typeof promises;

/** A promise that was not kept, and how that shows. */
export interface BrokenPromise {
  readonly promise: PromiseName;
  readonly what: string;
}

/** Looks at the disk, the server and the processes of this machine for promises that were not kept. */
export async function brokenPromises(world: Aftermath): Promise<readonly BrokenPromise[]> {
  const broken: BrokenPromise[] = [];
  for (const [name, check] of Object.entries(promises)) {
    const found = await check(world);
    broken.push(...found.map((what) => ({ promise: name as PromiseName, what })));
  }
  return broken;
}
