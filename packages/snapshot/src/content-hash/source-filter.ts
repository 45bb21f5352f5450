/** Which entries of a workspace the first version of the content hash leaves out. */
export const contentHashProfiles = ['full', 'staged-linux-rust', 'staged-linux-followup'] as const;
export type ContentHashProfile = (typeof contentHashProfiles)[number];

/** At any depth. */
const neverKept = ['.git', '.pikaci', '.direnv', 'target'];
/** Below the top alone: there they are the caches of packages, and at the top they are kept. */
const keptAtTop = ['node_modules', '.gradle', 'DerivedData', 'build'];
/** At the top alone. */
const droppedAtTop: Readonly<Record<ContentHashProfile, readonly string[]>> = {
  full: [],
  'staged-linux-rust': ['ios', 'android'],
  'staged-linux-followup': ['ios'],
};

/** Tells by name alone which entries of a workspace count, as the format that records were in before ours had it. */
export function sourceFilter(
  profile: ContentHashProfile,
): (name: string, depth: number) => boolean {
  const atTop = new Set([...neverKept, ...droppedAtTop[profile]]);
  const below = new Set([...neverKept, ...keptAtTop]);
  return (name, depth) => !(depth === 0 ? atTop : below).has(name);
}
