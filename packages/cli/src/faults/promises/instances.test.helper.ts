import { createIncusClient } from '@pikaci/incus-client';
import type { Aftermath } from '../aftermath.test.helper.js';

/** Nothing of ours is left on the server. */
export async function leakedInstances({
  server,
  stateRoot,
}: Aftermath): Promise<readonly string[]> {
  const client = createIncusClient({ socketPath: server.socketPath });
  const listed = await client.instances.list();
  client.close();
  if (!listed.ok) return [`the instances cannot be listed: ${listed.error.message}`];
  return listed.value
    .filter(({ config }) => isOurs(config, stateRoot))
    .map(({ name }) => `the instance ${name} is left`);
}

/** Every mark is there: a decoy lacks one. */
function isOurs(config: Readonly<Record<string, string>>, stateRoot: string): boolean {
  const marks = ['run-id', 'attempt', 'host', 'owner'].map((name) => config[`user.pikaci.${name}`]);
  if (config['user.pikaci.state-root'] !== stateRoot) return false;
  const isDecoy = marks[2] === 'another-host' || marks[3] === '{"pid":1}';
  const forPayload = config['user.pikaci.payload-id'] !== undefined;
  return !isDecoy && (forPayload || marks.every((mark) => mark !== undefined));
}
