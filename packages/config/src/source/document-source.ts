import { LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { ConfigIssue } from '../config-issue.js';
import { unreadable, type ConfigSource, type ReadSource } from './config-source.js';
import { documentDuplicates } from './document-duplicates.js';
import { locateInDocument, nodePlace, type PositionOf } from './document-positions.js';
import { jsonSyntaxError } from './json-syntax.js';
import { positionAtOffset, startOfFile } from './source-position.js';

/** Reads a configuration in YAML 1.2, with anchors, aliases and merge keys. */
export function readYamlSource(text: string): ReadSource {
  const { document, positionOf } = parse(text);
  if (document.errors.length > 0) {
    const issues = document.errors.map((error) => syntaxIssue(error, positionOf));
    return { ok: false, issues };
  }
  const dangling = unresolvedAliases(document, positionOf);
  if (dangling.length > 0) return { ok: false, issues: dangling };
  try {
    return { ok: true, source: source(document, positionOf, document.toJS()) };
  } catch (error) {
    // So many aliases within aliases that the document would explode.
    const reason = error instanceof Error ? error.message : String(error);
    return unreadable(`the file cannot be read: ${reason}`, startOfFile);
  }
}

/** Reads a configuration in JSON, strictly: what other programs refuse is refused here as well. */
export function readJsonSource(text: string): ReadSource {
  const error = jsonSyntaxError(text);
  if (error !== null) {
    return unreadable(
      `the file is no valid JSON: ${error.message}`,
      positionAtOffset(text, error.offset),
    );
  }
  const value: unknown = JSON.parse(text);
  const { document, positionOf } = parse(text);
  return { ok: true, source: source(document, positionOf, value) };
}

function parse(text: string): { document: Document.Parsed; positionOf: PositionOf } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    // Duplicate keys are found by our own walk, which knows their path.
    uniqueKeys: false,
    prettyErrors: false,
    // Otherwise the library prints warnings of its own.
    logLevel: 'error',
  });
  const positionOf: PositionOf = (offset) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return { document, positionOf };
}

function source(document: Document.Parsed, positionOf: PositionOf, value: unknown): ConfigSource {
  return {
    value,
    issues: documentDuplicates(document, positionOf),
    warnings: document.warnings.map((warning) => syntaxIssue(warning, positionOf)),
    locate: locateInDocument(document, positionOf),
  };
}

function syntaxIssue(
  error: { readonly message: string; readonly pos: readonly [number, number] },
  positionOf: PositionOf,
): ConfigIssue {
  const message = `the file is no valid YAML: ${error.message}`;
  const [start, end] = error.pos;
  const position = { ...positionOf(start), end: positionOf(end) };
  return { message, path: [], part: 'value', position };
}

function unresolvedAliases(document: Document.Parsed, positionOf: PositionOf): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      const position = nodePlace(alias, positionOf) ?? startOfFile;
      const message = `no anchor \`&${alias.source}\` stands before the alias \`*${alias.source}\``;
      issues.push({ message, path: [], part: 'value', position });
    },
  });
  return issues;
}
