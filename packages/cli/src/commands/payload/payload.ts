import { registerPayloadExplain } from './explain.js';
import { registerPayloadGc } from './gc.js';
import { registerPayloadList } from './list.js';
import { registerPayloadShow } from './show.js';
import { registerPayloadVerify } from './verify.js';
import type { RegisterCommand } from '../register-command.js';

/** Every command on payloads, in the order of the help. */
const commands = [
  registerPayloadList,
  registerPayloadShow,
  registerPayloadExplain,
  registerPayloadVerify,
  registerPayloadGc,
];

/** `payload`: what is in the store of payloads, and what becomes of it. */
export const registerPayload: RegisterCommand = (program, runAction) => {
  const group = program
    .command('payload')
    .description('show, explain, verify and remove the payloads that are kept')
    .addHelpText('after', '\nExample:\n  npx pikaci payload gc --max-size 20GiB --dry-run');
  for (const register of commands) register(group, runAction);
};
