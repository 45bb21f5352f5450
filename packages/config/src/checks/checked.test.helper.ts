import { pikaciConfigSchema, type PikaciConfigInput } from '@pikaci/model';
import type { ConfigCheck } from '../config-issue.js';
import { formatConfigPath } from '../config-path.js';

/** What a check says of a configuration: `path: message` for each issue. */
export function checked(check: ConfigCheck, input: Partial<PikaciConfigInput>): string[] {
  const config = pikaciConfigSchema.parse({ schemaVersion: 1, jobs: {}, ...input });
  return check(config).map(({ path, message }) => `${formatConfigPath(path)}: ${message}`);
}

type Mounts = NonNullable<NonNullable<PikaciConfigInput['payloads']>[string]['mounts']>;

/** A payload of which only the mounts matter. */
export function payloadWith(
  mounts: Mounts,
  more: { readonly devicePrefix?: string; readonly stageAt?: string } = {},
): NonNullable<PikaciConfigInput['payloads']>[string] {
  return { kind: 'directory', source: '/source', mounts, ...more };
}
