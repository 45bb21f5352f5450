import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { bundlePikaci } from './bundle-pikaci.test.helper.js';
import type { FaultBench } from './fault-run.test.helper.js';
import { createFaultWorkspace } from './fault-workspace.test.helper.js';

/** What all fault runs of a file share: the bundled program and the workspace. */
export function useFaultBench(): () => FaultBench {
  let directory: string;
  let bench: FaultBench;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'pikaci-faults-'));
    bench = { program: await bundlePikaci(directory), workspace: createFaultWorkspace() };
  });
  afterAll(() => {
    bench.workspace.remove();
    rmSync(directory, { recursive: true, force: true });
  });
  return () => bench;
}
