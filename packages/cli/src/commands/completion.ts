import { Argument } from 'commander';
import { bashScript } from '../completion/bash-script.js';
import { describeProgram, type CompletedCommand } from '../completion/describe-program.js';
import { fishScript } from '../completion/fish-script.js';
import { zshScript } from '../completion/zsh-script.js';
import type { RegisterCommand } from './register-command.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

const scripts: Readonly<Record<Shell, (program: CompletedCommand) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `completion`: what a shell needs to complete commands, options and their values. */
export const registerCompletion: RegisterCommand = (program, runAction) => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell that completes').choices([...shells]))
    .description('print a script with which a shell completes commands, options and their values')
    .addHelpText(
      'after',
      `
It completes the word "pikaci". Where only npx finds the program, add: alias pikaci='npx pikaci'

Examples:
  source <(npx pikaci completion bash)      in ~/.bashrc
  source <(npx pikaci completion zsh)       in ~/.zshrc, after compinit
  npx pikaci completion fish | source       in ~/.config/fish/config.fish`,
    )
    .action((shell: Shell, _, self: typeof program) =>
      runAction(self, (session) => {
        session.io.stdout.write(scripts[shell](describeProgram(program)));
        return Promise.resolve(0);
      }),
    );
};
