import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { allCommands, describeProgram } from './describe-program.js';

function exampleProgram(): Command {
  const program = new Command('p').version('1', '--version').option('-C, --cwd <dir>', 'where');
  program
    .command('list')
    .argument('<run>', 'a run')
    .addOption(new Option('--format <format>', 'how').choices(['a', 'b']))
    .addOption(new Option('--old').hideHelp());
  const group = program.command('group').description('some');
  group.command('deep').addArgument(new Argument('<kind>').choices(['x', 'y']));
  return program;
}

describe('describeProgram', () => {
  const described = describeProgram(exampleProgram());
  const at = (path: string) => allCommands(described).find((one) => one.path === path)!;
  const flagsAt = (path: string) => at(path).options.flatMap(({ flags }) => flags);

  it('finds each command at its path', () => {
    expect(allCommands(described).map(({ path }) => path)).toEqual([
      '',
      '/list',
      '/group',
      '/group/deep',
    ]);
    expect(at('/group')).toMatchObject({ name: 'group', description: 'some' });
  });

  it('gives a command the options above it, but for the version, and no hidden ones', () => {
    expect(flagsAt('')).toEqual(['--version', '-C', '--cwd', '-h', '--help']);
    expect(flagsAt('/list')).toEqual(['--format', '-C', '--cwd', '-h', '--help']);
    expect(flagsAt('/group/deep')).toEqual(['-C', '--cwd', '-h', '--help']);
  });

  it('knows which options take a value, and which ones they may have', () => {
    expect(at('/list').options.map(({ takesValue }) => takesValue)).toEqual([true, true, false]);
    expect(at('/list').options[0]?.choices).toEqual(['a', 'b']);
  });

  it('knows words for arguments', () => {
    expect(at('/list').words).toEqual(['latest', 'latest-failed']);
    expect(at('/group/deep').words).toEqual(['x', 'y']);
    expect(at('/group').words).toEqual([]);
  });
});
