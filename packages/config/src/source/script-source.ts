import { unreadable, type ReadSource } from './config-source.js';
import { parseScript, type Script } from './script-ast.js';
import { scriptDuplicates } from './script-duplicates.js';
import { scriptErrorPosition } from './script-error-position.js';
import { scriptErrorText } from './script-error-text.js';
import { evaluateScript } from './script-evaluate.js';
import { locateInScript } from './script-positions.js';
import { exportedConfig } from './script-resolve.js';
import { startOfFile, type SourcePosition } from './source-position.js';

/** Reads a configuration in TypeScript or JavaScript: parses it for places and runs it for its value. */
export async function readScriptSource(
  file: string,
  text: string,
  language: 'typescript' | 'javascript',
): Promise<ReadSource> {
  let script: Script;
  try {
    script = parseScript(text, language);
  } catch (error) {
    const { message, position } = syntaxError(error);
    return unreadable(`the file cannot be parsed: ${message}`, position);
  }
  const evaluation = await evaluateScript(file, text);
  if (!evaluation.ok) {
    const position = scriptErrorPosition(evaluation.error, file, script) ?? startOfFile;
    const text = scriptErrorText(evaluation.error, file);
    return unreadable(`the configuration threw an error: ${text}`, position);
  }
  if (!evaluation.hasDefault) {
    return unreadable(
      'the file has no default export',
      startOfFile,
      'End it with `export default defineConfig({ ... })`.',
    );
  }
  const exported = exportedConfig(script);
  return {
    ok: true,
    source: {
      value: evaluation.value,
      issues: scriptDuplicates(exported),
      warnings: [],
      locate: locateInScript(exported),
    },
  };
}

/** The parser's message, without the place that it writes at the end, and that place. */
function syntaxError(error: unknown): { message: string; position: SourcePosition } {
  const { message, loc } = error as Error & { loc?: { line: number; column: number } };
  const position = loc ? { line: loc.line, column: loc.column + 1 } : startOfFile;
  return { message: message.replace(/\s*\(\d+:\d+\)$/, '').replace(/\.$/, ''), position };
}
