import type { KeyInput, KeyInputChange } from '@pikaci/model';

/** What of a key's inputs is new, another or gone; in the order of the inputs, what is gone last. */
export function compareKeyInputs(
  before: readonly KeyInput[],
  after: readonly KeyInput[],
): KeyInputChange[] {
  const earlier = new Map(before.map(({ name, value }) => [name, value]));
  const later = new Map(after.map(({ name, value }) => [name, value]));
  const changes: KeyInputChange[] = [];
  for (const [name, value] of later) {
    const known = earlier.get(name) ?? null;
    if (known !== value) changes.push({ name, before: known, after: value });
  }
  for (const [name, value] of earlier) {
    if (!later.has(name)) changes.push({ name, before: value, after: null });
  }
  return changes;
}
