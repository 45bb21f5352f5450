import { fileURLToPath } from 'node:url';
import { runProgram } from '../machine/run-program.js';

/** Runs one of the programs of this directory in a Node process of its own, and reads the JSON that it prints. */
export async function runChild<Answer>(name: string, question: unknown): Promise<Answer> {
  const program = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const printed = await runProgram(process.execPath, [program, JSON.stringify(question)]);
  return JSON.parse(printed) as Answer;
}

/** What the parent asks; in the child. */
export function question<Question>(): Question {
  return JSON.parse(process.argv[2] ?? 'null') as Question;
}

/** Answers the parent; in the child. */
export function answer(value: unknown): void {
  process.stdout.write(JSON.stringify(value));
}
