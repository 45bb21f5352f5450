import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { outputFiles } from './job-output.test.helper.js';

/** A repository with what jobs print, of which each run of the suite gets a copy. */
export function createFaultWorkspace(): TestWorkspace {
  const workspace = createTestWorkspace({ git: true });
  for (const [path, content] of Object.entries(outputFiles)) {
    mkdirSync(dirname(join(workspace.root, path)), { recursive: true });
    writeFileSync(join(workspace.root, path), content);
  }
  workspace.write('.gitignore', '.pikaci\n');
  workspace.commit();
  return workspace;
}

/** Copies it, with a configuration. */
export function copyWorkspace(from: TestWorkspace, to: string, config: unknown): void {
  cpSync(from.root, to, { recursive: true });
  writeFileSync(join(to, 'pikaci.config.json'), JSON.stringify(config, null, 2));
}
