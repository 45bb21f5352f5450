import { relative } from 'node:path';

/** Lines of a failure's message that are shown: enough for what was expected and where it was. */
const MESSAGE_LINES = 15;

const head = (message) =>
  message
    .split('\n')
    .slice(0, MESSAGE_LINES)
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');

/**
 * What failed in one report of Vitest (`--reporter=json`), a text each: file, title and the beginning of the message.
 * The files are named as seen from `root`. Of a file that could not be loaded there is no test: its message is given.
 */
export function failuresOf(report, root) {
  return (report?.testResults ?? []).flatMap((file) => {
    const name = relative(root, file.name);
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && file.status === 'failed') {
      return [`${name}\n${head(file.message || 'the file could not be run')}`];
    }
    return failed.map(
      (test) => `${name} > ${test.fullName}\n${head((test.failureMessages ?? []).join('\n'))}`,
    );
  });
}
