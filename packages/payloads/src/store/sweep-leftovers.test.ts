import { payloadDecisionsDirectory, removedPayloadsDirectory } from '@pikaci/paths';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweepLeftovers } from './sweep-leftovers.js';

it('removes the half-written memories of processes that are gone', async () => {
  const stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-sweep-'));
  const directories = [payloadDecisionsDirectory(stateRoot), removedPayloadsDirectory(stateRoot)];
  for (const directory of directories) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, '.key.999999999-0123456789ab.tmp'), '');
    writeFileSync(join(directory, 'key'), '');
  }
  await sweepLeftovers(stateRoot);
  for (const directory of directories) expect(readdirSync(directory)).toEqual(['key']);
  rmSync(stateRoot, { recursive: true });
});
