import { outputJsonSchema, type RunEvent } from '@pikaci/model';
import { earlierEventKeys } from './earlier-events.test.helper.js';
import { eventKinds, exampleLine } from './event-examples.test.helper.js';

interface KeySchema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly items?: KeySchema;
  readonly enum?: readonly string[];
  readonly $ref?: string;
  readonly anyOf?: readonly KeySchema[];
}

/** The schema of one kind of event. */
export interface KindSchema {
  readonly description: string;
  readonly properties: Readonly<Record<string, KeySchema>>;
}

/** What every line has. */
const usual = ['event', 'schema_version', 'sequence', 'time'];

/** The schemas of the kinds of events, by kind. */
export function kindSchemas(): ReadonlyMap<string, KindSchema> {
  const { oneOf } = outputJsonSchema('event') as unknown as { readonly oneOf: KindSchema[] };
  return new Map(
    oneOf.map((schema) => [
      (schema.properties['event'] as { readonly const?: string }).const ?? '',
      schema,
    ]),
  );
}

/** What EVENTS.md says of each kind: when it comes, its keys, and a line of it. */
export function eventSections(): string {
  const schemas = kindSchemas();
  return eventKinds.map((kind) => section(kind, schemas.get(kind))).join('\n');
}

function section(kind: RunEvent['event'], schema: KindSchema | undefined): string {
  if (schema === undefined) throw new Error(`there is no schema of ${kind}`);
  const isEarlier = Object.hasOwn(earlierEventKeys, kind);
  const rows = Object.entries(schema.properties)
    .filter(([key]) => !usual.includes(key))
    .map(([key, value]) => `| \`${key}\` | ${typeText(value)} | ${value.description ?? ''} |`);
  return `### \`${kind}\`

${schema.description}${isEarlier ? ' The earlier format has it as well, with these keys.' : ''}

| key | type | what it is |
| --- | --- | --- |
${rows.join('\n')}

\`\`\`text
${shortLine(kind)}
\`\`\`
`;
}

/** A line in which records, which have a schema of their own, are shortened to their first keys. */
function shortLine(kind: RunEvent['event']): string {
  const line = JSON.parse(exampleLine(kind)) as Record<string, unknown>;
  for (const key of ['job', 'run']) {
    const record = line[key];
    if (typeof record !== 'object' || record === null) continue;
    const isFirst = ([name]: readonly [string, unknown]) =>
      ['id', 'run_id', 'description', 'status', 'exit_code', 'message'].includes(name);
    const first = Object.entries(record).filter(isFirst);
    line[key] = { ...Object.fromEntries(first), '…': '…' };
  }
  return JSON.stringify(line);
}

function typeText(schema: KeySchema): string {
  const { $ref, anyOf, type } = schema;
  if ($ref !== undefined)
    return `${$ref.split('/').at(-1) ?? ''} record`.replace('failure record', 'failure');
  if (anyOf !== undefined) return anyOf.map(typeText).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(', ');
  const types = [type ?? 'anything'].flat();
  const isList = types[0] === 'array';
  return isList ? `list of ${typeText(schema.items ?? {})}` : types.join(' or ');
}
