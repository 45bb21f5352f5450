import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIncusClient } from '../client.js';
import { incusContract } from './incus-contract.js';

const { PIKACI_TEST_INCUS_SOCKET: socketPath, PIKACI_TEST_INCUS_IMAGE: image } = process.env;
if (!socketPath || !image)
  throw new Error(
    'these tests need a real Incus server: run `tools/incus-lab/incus-lab.sh up images`, ' +
      'then set PIKACI_TEST_INCUS_SOCKET and PIKACI_TEST_INCUS_IMAGE as `tools/incus-lab/incus-lab.sh env` prints them',
  );

incusContract('a real server', async () => {
  const client = createIncusClient({ socketPath });
  const hostDirectory = await mkdtemp(join(tmpdir(), 'contract-'));
  // Guests' users are nobody to the host.
  await chmod(hostDirectory, 0o755);
  await writeFile(join(hostDirectory, 'hello'), 'from the host');
  return {
    client,
    image,
    hostDirectory,
    async close() {
      client.close();
      await rm(hostDirectory, { recursive: true });
    },
  };
});
