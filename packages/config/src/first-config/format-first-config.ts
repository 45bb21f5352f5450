import { isCollection, isMap, isScalar, isSeq, Document, type Pair } from 'yaml';
import type { FirstConfig } from './make-first-config.js';
import { formatTypescript } from './format-typescript.js';

/** The formats in which a first configuration can be written. JSON has no comments. */
export const firstConfigFormats = ['yaml', 'json', 'ts'] as const;
export type FirstConfigFormat = (typeof firstConfigFormats)[number];

/** The text of a configuration file. */
export function formatFirstConfig(first: FirstConfig, format: FirstConfigFormat): string {
  switch (format) {
    case 'yaml':
      return formatYaml(first);
    case 'json':
      return `${JSON.stringify(first.config, null, 2)}\n`;
    case 'ts':
      return formatTypescript(first);
  }
}

/** Longest line that a list of words is written on. */
const lineWidth = 100;

function formatYaml({ config, comments }: FirstConfig): string {
  const document = new Document(config);
  document.commentBefore = commentText(comments.get(''));
  decorate(document.contents, '', comments);
  return document.toString({ flowCollectionPadding: false, lineWidth, singleQuote: true });
}

/** Puts comments before their keys, an empty line before each part of the file, and lists of words on one line. */
function decorate(node: unknown, path: string, comments: FirstConfig['comments']): void {
  if (isSeq(node)) node.flow = node.items.every((item) => !isCollection(item));
  if (!isMap(node)) return;
  for (const pair of node.items as readonly Pair[]) {
    if (!isScalar(pair.key)) continue;
    const below = path === '' ? String(pair.key.value) : `${path}/${String(pair.key.value)}`;
    pair.key.commentBefore = commentText(comments.get(below));
    pair.key.spaceBefore = path === '' && isMap(pair.value);
    decorate(pair.value, below, comments);
  }
}

function commentText(text: string | undefined): string | null {
  return text === undefined ? null : text.replace(/^/gmu, ' ');
}
