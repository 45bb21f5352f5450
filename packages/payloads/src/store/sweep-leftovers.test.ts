import {
  payloadDecisionsDirectory,
  payloadsDirectory,
  removedPayloadsDirectory,
} from '@pikaci/paths';
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

it('removes a lock that was not finished when its process was killed, and no other', async () => {
  const stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-sweep-'));
  const directory = payloadsDirectory(stateRoot);
  mkdirSync(directory, { recursive: true });
  const living = `..lock-key.${process.pid}-0123456789ab.tmp`;
  for (const name of ['..lock-key.999999999-0123456789ab.tmp', living]) {
    writeFileSync(join(directory, name), '');
  }
  await sweepLeftovers(stateRoot);
  expect(readdirSync(directory)).toEqual([living]);
  rmSync(stateRoot, { recursive: true });
});
