import { capturedIo } from './captured-io.test.helper.js';
import { runCli } from './run-cli.js';

/** What `--help` prints of a command: the words that lead to it. */
export async function helpOf(path: readonly string[]): Promise<string> {
  const io = capturedIo();
  await runCli([...path, '--help'], io);
  return io.stdout.text;
}

/** All commands that do something themselves, as the help lists them: the words that lead to each. */
export async function commandLeaves(
  path: readonly string[] = [],
): Promise<readonly (readonly string[])[]> {
  const names = await commandsOf(path);
  if (names.length === 0) return [path];
  const below: (readonly string[])[] = [];
  for (const name of names) below.push(...(await commandLeaves([...path, name])));
  return below;
}

/** The names of a command's own commands. */
async function commandsOf(path: readonly string[]): Promise<readonly string[]> {
  const [, listed = ''] = /^Commands:\n((?: {2}.*\n)*)/mu.exec(await helpOf(path)) ?? [];
  return [...listed.matchAll(/^ {2}([a-z]\S*)/gmu)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}
