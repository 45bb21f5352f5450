import { createSnapshotStore } from './index.js';

/** Takes snapshots in a process of its own, and prints what became of each as one line of JSON. */
export async function takeMany(request: {
  readonly stateRoot: string;
  readonly workspaceRoots: readonly string[];
  /** Where temporary files go, instead of where they go by themselves. */
  readonly temporary?: string;
}): Promise<void> {
  if (request.temporary !== undefined) process.env['TMPDIR'] = request.temporary;
  const store = createSnapshotStore({ stateRoot: request.stateRoot });
  for (const root of request.workspaceRoots) {
    const taken = await store.take(root);
    console.log(JSON.stringify(taken.ok ? { ...taken.value } : { error: taken.error }));
  }
}
