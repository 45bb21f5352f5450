import type { RegisterCommand } from '../register-command.js';
import { registerConfigPrint } from './config-print.js';
import { registerConfigSchema } from './config-schema.js';

/** `config`: what pikaci makes of the configuration file. */
export const registerConfig: RegisterCommand = (program, runAction) => {
  const group = program.command('config').description('show the configuration as it is understood');
  for (const register of [registerConfigPrint, registerConfigSchema]) register(group, runAction);
};
