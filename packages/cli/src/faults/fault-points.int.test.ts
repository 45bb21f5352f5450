import { faultPoints } from '@pikaci/model';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundlePikaci } from './bundle-pikaci.test.helper.js';
import { startFakeGuests } from './fake-guests.test.helper.js';
import { planFaultRun } from './fault-plan.test.helper.js';
import { createFaultWorkspace } from './fault-workspace.test.helper.js';
import { createFaultWorld, reachedPoints } from './fault-world.test.helper.js';
import { runFaultyPikaci } from './run-faulty-pikaci.test.helper.js';

it('reaches every fault point in a plain run', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'pikaci-faults-'));
  const workspace = createFaultWorkspace();
  await using fake = await startFakeGuests();
  const server = { socketPath: fake.socketPath, image: 'tiny', sharesFiles: true };
  const plan = { ...planFaultRun(0), fault: null, interruptAfter: null };
  const world = await createFaultWorld(plan, server, workspace);
  const program = await bundlePikaci(directory);
  const ended = await runFaultyPikaci(world, { program, argv: ['run'], fault: null });
  const missed = faultPoints.filter((point) => !reachedPoints(world).includes(point));
  expect(missed, ended.stdout + ended.stderr).toEqual([]);
  await world.remove();
  workspace.remove();
  rmSync(directory, { recursive: true, force: true });
});
