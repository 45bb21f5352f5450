import { join, relative } from 'node:path';
import type { Aftermath } from '../aftermath.test.helper.js';
import { namesIn, pathsBelow, readBytes, readJson } from '../disk.test.helper.js';
import { outputFiles } from '../job-output.test.helper.js';
import { lstatSync } from 'node:fs';

/** Payloads and snapshots hold what they were made of, all of it and nothing else. */
export function damagedCaches(world: Aftermath): readonly string[] {
  return [...damagedPayloads(world), ...damagedSnapshots(world)];
}

function damagedPayloads({ stateRoot }: Aftermath): readonly string[] {
  const store = join(stateRoot, 'cache', 'payloads');
  const payloads = namesIn(store).filter((name) => /^[0-9a-f]{16,}$/.test(name));
  return payloads.flatMap((key) => {
    const payload = join(store, key);
    if (readJson(join(payload, 'payload.json')) === null) return [`payload ${key} has no record`];
    const names = namesIn(join(payload, 'output'));
    const words = readBytes(join(payload, 'output', 'words'));
    const isWhole = names.length === 1 && words.equals(outputFiles['data/words']);
    return isWhole ? [] : [`payload ${key} is not what was built`];
  });
}

function damagedSnapshots({ stateRoot, workspaceRoot }: Aftermath): readonly string[] {
  const snapshots = join(stateRoot, 'cache', 'snapshots');
  const names = namesIn(snapshots).filter((name) => /^[0-9a-f]{16,}$/.test(name));
  return names.flatMap((name) => {
    const tree = join(snapshots, name, 'snapshot');
    const marker = readJson(join(tree, 'pikaci-snapshot.json'));
    const differs = differences(workspaceRoot, tree);
    return [
      ...(marker === null ? [`snapshot ${name} has no marker`] : []),
      ...differs.map((path) => `snapshot ${name} differs in ${path}`),
    ];
  });
}

function differences(workspaceRoot: string, tree: string): readonly string[] {
  const wanted = filesBelow(workspaceRoot).filter((path) => !path.startsWith('.git/'));
  const found = filesBelow(tree).filter((path) => path !== 'pikaci-snapshot.json');
  return [...new Set([...wanted, ...found])].filter(
    (path) => !readBytes(join(workspaceRoot, path)).equals(readBytes(join(tree, path))),
  );
}

function filesBelow(root: string): readonly string[] {
  const files = pathsBelow(root).filter((path) => lstatSync(path).isFile());
  return files.map((path) => relative(root, path));
}
