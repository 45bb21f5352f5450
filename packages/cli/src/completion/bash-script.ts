import { allCommands, type CompletedCommand } from './describe-program.js';
import { optionPatterns, subcommandPaths, valueCases } from './cases.js';

/** The completion for bash from 3.2 on, as a script that is sourced. Where nothing is known, files are offered. */
export function bashScript(program: CompletedCommand): string {
  const commands = allCommands(program);
  return `# Completion of ${program.name} for bash. To load it: source <(${program.name} completion bash)
_${program.name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at='' skip='' words='' word i
  COMPREPLY=()
  # "--option=value" comes as three words.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then continue; fi
    if [[ -n $skip ]]; then
      skip=''
      continue
    fi
    case "$word" in
      -*)
        case "$at $word" in
          ${optionPatterns(commands).join(' | ')}) skip=1 ;;
        esac
        ;;
      *)
        case "$at/$word" in
          ${subcommandPaths(commands).join(' | ')}) at="$at/$word" ;;
        esac
        ;;
    esac
  done
  if [[ -n $skip ]]; then
    case "$at $prev" in
${valueCases(commands)
  .map(({ patterns, choices }) => `      ${patterns.join(' | ')}) words='${choices.join(' ')}' ;;`)
  .join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    case "$at" in
${commands.map((command) => `      '${command.path}') words='${flagsOf(command).join(' ')}' ;;`).join('\n')}
    esac
  else
    case "$at" in
${commands.map((command) => `      '${command.path}') words='${wordsOf(command).join(' ')}' ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _${program.name} ${program.name}
`;
}

const flagsOf = ({ options }: CompletedCommand) => options.flatMap(({ flags }) => flags);

const wordsOf = ({ commands, words }: CompletedCommand) => [
  ...commands.map(({ name }) => name),
  ...words,
];
