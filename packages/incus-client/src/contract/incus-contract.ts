import { describe } from 'vitest';
import type { ConnectToServer } from './contract-server.js';
import { createContract } from './create-contract.js';
import { execContract } from './exec-contract.js';
import { filesContract } from './files-contract.js';
import { lifeContract } from './life-contract.js';
import { serverContract } from './server-contract.js';
import { terminalContract } from './terminal-contract.js';

/**
 * What this client expects of an Incus server. The fake server and a real one are held against the same assertions, so
 * that what is tested with the fake is true.
 */
export function incusContract(
  name: string,
  connect: ConnectToServer,
  { hasTerminals = true }: { readonly hasTerminals?: boolean } = {},
): void {
  describe(`the Incus contract, kept by ${name}`, () => {
    serverContract(connect);
    createContract(connect);
    lifeContract(connect);
    filesContract(connect);
    execContract(connect);
    if (hasTerminals) terminalContract(connect);
  });
}
