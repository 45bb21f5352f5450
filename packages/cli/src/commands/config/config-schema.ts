import { configJsonSchema } from '@pikaci/config';
import { exitCodes } from '@pikaci/model';
import { printJsonText } from '../../output/print.js';
import type { RegisterCommand } from '../register-command.js';

/** `config schema`: what editors check configuration files by; the same as `schema config`. */
export const registerConfigSchema: RegisterCommand = (group, runAction) => {
  const command = group
    .command('schema')
    .description('print the JSON Schema of configuration files, for editors: `$schema`')
    .addHelpText('after', '\nExample:\n  npx pikaci config schema > pikaci.schema.json');
  command.action((_, self: typeof command) =>
    runAction(self, (session) => {
      printJsonText(session, configJsonSchema());
      return Promise.resolve(exitCodes.passed);
    }),
  );
};
