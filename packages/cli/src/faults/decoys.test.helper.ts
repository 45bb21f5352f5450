import { createIncusClient, type IncusClient, type Instance } from '@pikaci/incus-client';
import { hostname } from 'node:os';

/** Instances that nearly look like ours, and are somebody else's. */
export interface Decoys {
  /** What became of them: each one that was touched, in words. */
  touched(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

const deadOwner = { pid: 999_999, host: hostname(), bootId: 'another-boot', startTicks: '1' };

function marks(stateRoot: string, changes: Readonly<Record<string, string | null>>) {
  const all: Record<string, string | null> = {
    'user.pikaci.run-id': '20260101T000000Z-00000000',
    'user.pikaci.job-id': 'job-1',
    'user.pikaci.attempt': '1',
    'user.pikaci.state-root': stateRoot,
    'user.pikaci.host': hostname(),
    'user.pikaci.owner': JSON.stringify(deadOwner),
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

/** The marks of each: every one lacks something that makes an instance ours. */
function nearMisses(stateRoot: string): Readonly<Record<string, Record<string, string>>> {
  const foreign = { ...deadOwner, host: 'another-host' };
  return {
    'without-marks': {},
    'another-state-root': marks(`${stateRoot}-2`, {}),
    'another-host': marks(stateRoot, {
      'user.pikaci.host': 'another-host',
      'user.pikaci.owner': JSON.stringify(foreign),
    }),
    'without-run': marks(stateRoot, { 'user.pikaci.run-id': null }),
    'without-owner': marks(stateRoot, { 'user.pikaci.owner': null }),
    'without-attempt': marks(stateRoot, { 'user.pikaci.attempt': null }),
    'broken-owner': marks(stateRoot, { 'user.pikaci.owner': '{"pid":1}' }),
  };
}

/** Where decoys are created, and which. */
export interface DecoyGround {
  readonly socketPath: string;
  readonly image: string;
  /** How many kinds of decoys there are to be; all unless set. */
  readonly decoys?: number;
}

/** Creates decoys on a server. They bear names such as ours; none of them is started. */
export async function plantDecoys(
  server: DecoyGround,
  stateRoot: string,
  { prefix, first }: { readonly prefix: string; readonly first: number },
): Promise<Decoys> {
  const client = createIncusClient({ socketPath: server.socketPath });
  const image = await client.images.getAlias(server.image);
  if (!image.ok) throw new Error(image.error.message);
  const planted: Instance[] = [];
  const kinds = Object.values(nearMisses(stateRoot));
  const turned = [...kinds, ...kinds].slice(first % kinds.length);
  for (const [index, config] of turned.slice(0, server.decoys ?? kinds.length).entries()) {
    planted.push(await plant(client, `pikaci-${prefix}${index}`, image.value.fingerprint, config));
  }
  return {
    touched: async () => {
      const found = await Promise.all(planted.map((decoy) => change(client, decoy)));
      return found.flat();
    },
    remove: async () => {
      for (const { name } of planted) await client.instances.remove(name);
      client.close();
    },
  };
}

async function plant(
  client: IncusClient,
  name: string,
  fingerprint: string,
  config: Record<string, string>,
): Promise<Instance> {
  const created = await client.instances.create({ name, type: 'container', fingerprint, config });
  if (!created.ok) throw new Error(created.error.message);
  const read = await client.instances.get(name);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

async function change(client: IncusClient, planted: Instance): Promise<readonly string[]> {
  const { name } = planted;
  const found = await client.instances.get(name);
  if (!found.ok) return [`the foreign instance ${name} cannot be read: ${found.error.message}`];
  const same = JSON.stringify(found.value) === JSON.stringify(planted);
  return same ? [] : [`the foreign instance ${name} is not what it was`];
}
