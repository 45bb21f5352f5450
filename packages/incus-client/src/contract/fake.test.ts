import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOnHost, startFakeIncus } from '@pikaci/testkit';
import { createIncusClient } from '../client.js';
import type { ConnectToServer } from './contract-server.js';
import { incusContract } from './incus-contract.js';

/** The guests of the fake get their terminals from util-linux. */
const hasTerminals = spawnSync('script', ['--version']).status === 0;

const connect: ConnectToServer = async () => {
  const fake = await startFakeIncus({ onExec: runOnHost() });
  const client = createIncusClient({ socketPath: fake.socketPath });
  const hostDirectory = await mkdtemp(join(tmpdir(), 'contract-'));
  await writeFile(join(hostDirectory, 'hello'), 'from the host');
  return {
    client,
    image: 'tiny',
    hostDirectory,
    async close() {
      client.close();
      await fake[Symbol.asyncDispose]();
      await rm(hostDirectory, { recursive: true });
    },
  };
};

incusContract('the fake server', connect, { hasTerminals });
