import type { Aftermath } from '../aftermath.test.helper.js';

/** What merely looks like ours is as it was. */
export function touchedForeign({ decoys }: Aftermath): Promise<readonly string[]> {
  return decoys.touched();
}
