import type { PayloadConfig } from '@pikaci/model';
import { archiveKind } from './kinds/archive-kind.js';
import { commandKind } from './kinds/command-kind.js';
import { directoryKind } from './kinds/directory-kind.js';
import { nixKind } from './kinds/nix-kind.js';
import type { PayloadKind } from './payload-kind.js';

type Kinds = {
  readonly [Kind in PayloadConfig['kind']]: PayloadKind<Extract<PayloadConfig, { kind: Kind }>>;
};

/** Every kind of payload there is. */
const kinds: Kinds = {
  command: commandKind,
  directory: directoryKind,
  archive: archiveKind,
  nix: nixKind,
};

/** The kind of a payload. It is only ever given payloads of its own kind. */
export function kindOf(payload: PayloadConfig): PayloadKind<PayloadConfig> {
  return kinds[payload.kind];
}
