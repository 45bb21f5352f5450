import { ok, type BuildCommand, type BuildRuntime } from '@pikaci/model';
import { createPayloadRig, type PayloadRig } from '@pikaci/testkit';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPayloadStore } from '../create-payload-store.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

it('hands on to the build what ends it, with grace and without', async () => {
  const commands: BuildCommand[] = [];
  const runtime: BuildRuntime = {
    id: 'process',
    identify: () => Promise.resolve(ok([])),
    run: (command) => {
      commands.push(command);
      writeFileSync(join(command.outputDir, 'x'), '');
      return Promise.resolve(ok({ ending: 'exited', exitCode: 0, signal: null }));
    },
  };
  const store = createPayloadStore({
    stateRoot: rig.stateRoot,
    runtimes: new Map([['process', runtime]]),
  });
  const [signal, force] = [new AbortController().signal, new AbortController().signal];
  const mounts = [{ name: 'x', guestPath: '/opt/x' }];
  const payload = { kind: 'command', run: 'x', mounts };
  const prepared = await store.prepare(rig.request(payload, { signal, force }));
  expect(prepared.ok).toBe(true);
  expect(commands).toHaveLength(1);
  expect(commands[0]?.signal).toBe(signal);
  expect(commands[0]?.force).toBe(force);
});
