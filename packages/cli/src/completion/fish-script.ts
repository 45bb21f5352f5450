import { allCommands, type CompletedCommand, type CompletedOption } from './describe-program.js';
import { optionPatterns, subcommandPaths } from './cases.js';

/** The completion for fish from 3.0 on, as a script that is sourced. Where nothing is known, files are offered. */
export function fishScript(program: CompletedCommand): string {
  const commands = allCommands(program);
  return `# Completion of ${program.name} for fish. To load it: ${program.name} completion fish | source
set -g __${program.name}_commands ${subcommandPaths(commands).join(' ')}
set -g __${program.name}_values ${optionPatterns(commands).join(' ')}
function __${program.name}_at
    set -l at ''
    set -l skip ''
    set -l typed (commandline -opc)
    set -e typed[1]
    for word in $typed
        if test -n "$skip"
            set skip ''
        else if string match -q -- '-*' $word
            if contains -- "$at $word" $__${program.name}_values
                set skip 1
            end
        else if contains -- "$at/$word" $__${program.name}_commands
            set at "$at/$word"
        end
    end
    test "$at" = "$argv[1]"
end
${commands.flatMap((command) => linesOf(program.name, command)).join('\n')}
`;
}

function linesOf(name: string, command: CompletedCommand): string[] {
  const at = `complete -c ${name} -n ${quoted(`__${name}_at ${quoted(command.path)}`)}`;
  return [
    ...command.commands.map((one) => `${at} -f -a ${one.name} -d ${quoted(one.description)}`),
    ...(command.words.length === 0 ? [] : [`${at} -f -a ${quoted(command.words.join(' '))}`]),
    ...command.options.map((option) => `${at} ${optionWords(option)}`),
  ];
}

function optionWords({ flags, description, takesValue, choices }: CompletedOption): string {
  return [
    ...flags.map((flag) =>
      flag.startsWith('--') ? `-l ${flag.slice('--'.length)}` : `-s ${flag.slice('-'.length)}`,
    ),
    ...(choices.length > 0 ? [`-x -a ${quoted(choices.join(' '))}`] : takesValue ? ['-r'] : []),
    `-d ${quoted(description)}`,
  ].join(' ');
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
