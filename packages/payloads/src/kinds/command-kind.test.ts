import { ok, type BuildCommand, type BuildRuntime } from '@pikaci/model';
import { createPayloadRig, prepared, shellBuildRuntimes, type PayloadRig } from '@pikaci/testkit';
import { readFileSync, writeFileSync } from 'node:fs';
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
  prepared(await store.prepare(rig.request(payload, { signal, force })));
  expect(commands).toHaveLength(1);
  expect(commands[0]?.signal).toBe(signal);
  expect(commands[0]?.force).toBe(force);
});

it('gives the build its inputs with the executable bit where it was, and nowhere else', async () => {
  rig.write('script', '', 0o755);
  rig.write('text', '', 0o600);
  const store = createPayloadStore({ stateRoot: rig.stateRoot, runtimes: shellBuildRuntimes });
  const run = 'stat -c "%n %a" script text > "$PIKACI_OUTPUT/modes"';
  const payload = { kind: 'command', run, inputs: ['*'], mounts: [] };
  const { storePath } = prepared(await store.prepare(rig.request(payload)));
  expect(readFileSync(join(storePath, 'modes'), 'utf8')).toBe('script 755\ntext 644\n');
});
