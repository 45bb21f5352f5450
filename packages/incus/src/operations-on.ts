import type { IncusClient } from '@pikaci/incus-client';
import { z } from 'zod';

const operationsSchema = z.record(
  z.string(),
  z.array(z.object({ resources: z.record(z.string(), z.array(z.string())).nullish() })),
);

/** Whether the server still works on an instance of that name; also when the server cannot be asked just now. */
export async function isBeingMade(client: IncusClient, instance: string): Promise<boolean> {
  const read = await client.get('/1.0/operations?recursion=1', operationsSchema);
  if (!read.ok) return read.error.kind === 'connection';
  return (read.value['running'] ?? []).some(({ resources }) =>
    (resources?.['instances'] ?? []).some((path) => path.split('?')[0]?.endsWith(`/${instance}`)),
  );
}
