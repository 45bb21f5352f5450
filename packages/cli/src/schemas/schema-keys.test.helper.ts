import { outputJsonSchema, type JsonSchema, type OutputName } from '@pikaci/model';

type Node = JsonSchema & {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
};

/** Every key of a schema with the types that it may have, one a line, with a `?` where it may
 * be absent: `list runs[] abandoned: boolean`. */
export function schemaKeys(name: OutputName): readonly string[] {
  const { $defs = {}, ...root } = outputJsonSchema(name) as Node;
  const shared = Object.entries($defs).flatMap(([id, node]) => keysBelow(`<${id}>`, node));
  return [...keysBelow(name, root), ...shared];
}

function keysBelow(path: string, node: Node): string[] {
  const always = new Set(node.required);
  const own = Object.entries(node.properties ?? {}).flatMap(([key, value]) => [
    `${path} ${key}${always.has(key) ? '' : '?'}: ${typeOf(value)}`,
    ...keysBelow(`${path} ${key}`, value),
  ]);
  const items = node.items === undefined ? [] : keysBelow(`${path}[]`, node.items);
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((choice) =>
    keysBelow(`${path}${kindOf(choice)}`, choice),
  );
  return [...own, ...items, ...choices];
}

/** What tells one choice from the others: the word that its first key always has. */
function kindOf({ properties = {} }: Node): string {
  const [tag] = Object.values(properties);
  return tag !== undefined && 'const' in tag ? `(${String(tag['const'])})` : '';
}

function typeOf(node: Node): string {
  if (node.$ref !== undefined) return `<${node.$ref.split('/').at(-1) ?? ''}>`;
  const choices = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  if (choices.length > 0) return [...new Set(choices.map(typeOf))].sort().join('|');
  const types = node.type === undefined ? ['any'] : [node.type].flat();
  return types.map((type) => (type === 'array' ? `${typeOf(node.items ?? {})}[]` : type)).join('|');
}
