import type { FirstConfig } from './make-first-config.js';

/** A configuration in TypeScript, with its comments. */
export function formatTypescript({ config, comments }: FirstConfig): string {
  const [introduction, body] = [commentLines(comments.get('')), formatObject(config, '', comments)];
  return [
    ...introduction,
    "import { defineConfig } from '@pikaci/config';",
    '',
    `export default defineConfig(${body});`,
    '',
  ].join('\n');
}

function formatObject(object: object, path: string, comments: FirstConfig['comments']): string {
  const lines = Object.entries(object).flatMap(([key, value]) => {
    const below = path === '' ? key : `${path}/${key}`;
    const text = `${keyText(key)}: ${formatValue(value, below, comments)},`;
    return [...commentLines(comments.get(below)), ...text.split('\n')];
  });
  return `{\n${indented(lines)}\n}`;
}

function formatValue(value: unknown, path: string, comments: FirstConfig['comments']): string {
  if (Array.isArray(value)) return formatList(value, path, comments);
  if (typeof value === 'object' && value !== null) return formatObject(value, path, comments);
  return typeof value === 'string' ? quoted(value) : String(value);
}

function formatList(
  list: readonly unknown[],
  path: string,
  comments: FirstConfig['comments'],
): string {
  const items = list.map((item) => formatValue(item, path, comments));
  if (items.every((item) => !item.includes('\n'))) return `[${items.join(', ')}]`;
  return `[\n${indented(items.flatMap((item) => `${item},`.split('\n')))}\n]`;
}

function commentLines(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split('\n').map((line) => `// ${line}`);
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/u.test(key) ? key : quoted(key);
}

/** Single quotes where they do, as most formatters have it. */
function quoted(text: string): string {
  return /^[^'\\\p{Cc}\u2028\u2029]*$/u.test(text) ? `'${text}'` : JSON.stringify(text);
}
