import { exitCodes } from '@pikaci/model';
import { formatSchemas } from '@pikaci/report';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printJsonText, printText } from '../output/print.js';
import { findSchema, publishedSchemas } from '../schemas/published-schemas.js';
import type { Session } from '../session.js';
import type { RegisterCommand } from './register-command.js';

/** `schema`: what programs may rely on in the JSON that pikaci prints and records. */
export const registerSchema: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('schema')
    .argument('[name...]', 'a schema, or a command that prints JSON; all are listed without it')
    .description('print the JSON Schema of what programs read: records, events, other output')
    .addHelpText(
      'after',
      `
Examples:
  npx pikaci schema                    which there are, and what prints them
  npx pikaci schema event              a line of --output jsonl, and of events.jsonl
  npx pikaci schema payload list       what a command prints with --json
  npx pikaci schema config > pikaci.schema.json

What a version of a schema promises: keys stay, with their types and meanings. New keys, new kinds of events and new
words in lists of words come without a new version; readers pass over what they do not know.`,
    );
  addJsonOption(command).action((words: string[], _, self: Command) =>
    runAction(self, (session) => Promise.resolve(schema(session, words))),
  );
};

function schema(session: Session, words: readonly string[]): number {
  if (words.length === 0) return listSchemas(session);
  const found = findSchema(words);
  if (!found.ok) return finishWithFailure(session, found.error);
  printJsonText(session, found.value.make());
  return exitCodes.passed;
}

function listSchemas(session: Session): number {
  const schemas = publishedSchemas().map(({ name, id, version, title, printedBy, file }) => ({
    name,
    id,
    version,
    title,
    printedBy,
    file,
  }));
  if (session.isForPrograms) printJson(session, 'schemas', { schemas });
  else printText(session, formatSchemas(schemas, session.style));
  return exitCodes.passed;
}
