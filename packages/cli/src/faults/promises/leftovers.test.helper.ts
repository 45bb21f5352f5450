import { relative } from 'node:path';
import type { Aftermath } from '../aftermath.test.helper.js';
import { pathsBelow } from '../disk.test.helper.js';

/** What is only there while something is being made, or while a process lives, and what it is. */
const passing: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)\.staging[^/]*$/, 'a staging directory'],
  [/\.tmp$/, 'a temporary file'],
  [/(^|\/)\.(lock|adopted)[^/]*$/, 'a lock'],
  [/^cache\/payload-leases\/[^/]+$/, 'a lease of a payload'],
  [/^(run-)?leases\/[^/]+$/, 'a lease of a run'],
  [/\/requests\/[^/]+$/, 'a request'],
  [/\/staged\/\.[^/]+$/, 'a link that was to be renamed'],
  [/^runs\/[^/]+\/jobs\/[^/]+\/(attempts\/\d+\/)?layers$/, 'a working tree'],
];

/** Nothing half-made and nothing of a process that is gone is left under the state root. */
export function leftovers({ stateRoot }: Aftermath): readonly string[] {
  return pathsBelow(stateRoot).flatMap((path) => {
    const found = passing.find(([pattern]) => pattern.test(relative(stateRoot, path)));
    return found === undefined ? [] : [`${found[1]} is left: ${relative(stateRoot, path)}`];
  });
}
