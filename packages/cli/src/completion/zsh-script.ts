import { allCommands, type CompletedCommand } from './describe-program.js';
import { optionPatterns, subcommandPaths, valueCases } from './cases.js';

/** The completion for zsh, as a file in $fpath or as a script that is sourced. Where nothing is known, files are offered. */
export function zshScript(program: CompletedCommand): string {
  const commands = allCommands(program);
  return `#compdef ${program.name}
# Completion of ${program.name} for zsh. To load it, after compinit: source <(${program.name} completion zsh)
_${program.name}() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} at='' skip='' word i
  local -a known
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
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
  if [[ -z $skip && $cur == --*=* ]]; then
    prev=\${cur%%=*}
    skip=1
    compset -P '*='
  fi
  if [[ -n $skip ]]; then
    case "$at $prev" in
${valueCases(commands)
  .map(
    ({ patterns, choices }) =>
      `      ${patterns.join(' | ')}) known=(${choices.map(quoted).join(' ')}) ;;`,
  )
  .join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    case "$at" in
${commands.map((command) => `      '${command.path}') known=(${flagsOf(command).join(' ')}) ;;`).join('\n')}
    esac
  else
    case "$at" in
${commands.map((command) => `      '${command.path}') known=(${wordsOf(command).join(' ')}) ;;`).join('\n')}
    esac
  fi
  if ((\${#known})); then
    _describe '${program.name}' known
  else
    _files
  fi
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _${program.name} "$@"
else
  compdef _${program.name} ${program.name}
fi
`;
}

const flagsOf = ({ options }: CompletedCommand) =>
  options.flatMap(({ flags, description }) => flags.map((flag) => described(flag, description)));

const wordsOf = ({ commands, words }: CompletedCommand) => [
  ...commands.map(({ name, description }) => described(name, description)),
  ...words.map(quoted),
];

/** `_describe` takes what is behind the first colon for the description. */
const described = (word: string, description: string) =>
  quoted(`${word.replaceAll(':', '\\:')}:${description}`);

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
