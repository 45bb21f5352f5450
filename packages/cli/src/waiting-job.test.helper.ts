import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { join } from 'node:path';

/** A workspace whose job `unit` makes the file `begun` there, and passes when somebody makes `go`. */
export function workspaceWithWaitingJob(settings: object = {}): TestWorkspace {
  const workspace = createTestWorkspace({ git: true });
  workspace.write('.gitignore', '.pikaci\nbegun\ngo\n');
  const [begun, go] = ['begun', 'go'].map((name) => join(workspace.root, name));
  const run = `: >${begun}; until [ -e ${go} ]; do sleep 0.02; done`;
  const jobs = { unit: { run, ...settings } };
  workspace.write('pikaci.config.json', JSON.stringify({ schemaVersion: 1, jobs }));
  workspace.commit();
  return workspace;
}
