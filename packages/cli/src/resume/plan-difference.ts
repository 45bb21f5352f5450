import { planRecordCodec, type PlanRecord } from '@pikaci/model';

type NodeText = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Differences that are named; of more there is only a number. */
const mostNamed = 4;

/** What differs between a recorded plan and one of now, in short; null when they are the same, byte for byte. */
export function planDifference(recorded: PlanRecord, current: PlanRecord): string | null {
  const [before, after] = [planRecordCodec.encode(recorded), planRecordCodec.encode(current)];
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  const [old, now] = [nodesOf(before), nodesOf(after)];
  const differences = [
    ...[...old.keys()].filter((id) => !now.has(id)).map((id) => `${id} is gone`),
    ...[...now.keys()].filter((id) => !old.has(id)).map((id) => `${id} is new`),
    ...[...now].flatMap(([id, node]) => changes(id, old.get(id) ?? node, node)),
    ...changes('the plan', withoutNodes(before), withoutNodes(after)),
  ];
  if (differences.length === 0) return 'the order of its nodes is another';
  const rest = differences.length - mostNamed;
  return `${differences.slice(0, mostNamed).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

function nodesOf(plan: unknown): NodeText {
  const { nodes } = plan as { readonly nodes: readonly Readonly<Record<string, unknown>>[] };
  return new Map(nodes.map((node) => [String(node['id']), node]));
}

function withoutNodes(plan: unknown): Readonly<Record<string, unknown>> {
  return { ...(plan as Readonly<Record<string, unknown>>), nodes: null };
}

function changes(
  what: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = keys.flatMap((key) => differingKeys(key, before[key], after[key]));
  return differing.length === 0 ? [] : [`${what}: ${differing.join(', ')}`];
}

/** One level deeper where both are objects: `execute.command` says more than `execute`. */
function differingKeys(key: string, before: unknown, after: unknown): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before) || !isObject(after)) return [key];
  const inner = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return inner
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `${key}.${name}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
