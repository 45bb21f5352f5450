import type { MatrixConfig, MatrixValue } from '@pikaci/model';

/** The values of one job of a matrix, by axis, as text. */
export type Combination = Readonly<Record<string, string>>;

/** More jobs than this are hardly meant. */
export const mostCombinations = 256;

/**
 * All combinations of a matrix: the first axis changes slowest; then those of `include`, without those that are there
 * already. No more than one over {@link mostCombinations} are made. Null when an axis has something else than values.
 */
export function combinationsOf({
  include,
  exclude,
  ...axes
}: MatrixConfig): readonly Combination[] | null {
  const values = Object.entries(axes).map(([axis, some]) => [axis, some.flatMap(asValue)] as const);
  if (values.some(([axis, some]) => some.length !== axes[axis]?.length)) return null;
  const excluded = exclude.map(asTexts);
  const product = productOf(values).filter(
    (combination) => !excluded.some((part) => isPartOf(part, combination)),
  );
  const all = [...product];
  for (const one of include.map(asTexts)) {
    if (!all.some((other) => isPartOf(one, other) && isPartOf(other, one))) all.push(one);
  }
  return all;
}

/** None for what is no value. */
function asValue(value: MatrixConfig[string][number]): readonly MatrixValue[] {
  return typeof value === 'object' ? [] : [value];
}

function productOf(axes: readonly (readonly [string, readonly MatrixValue[]])[]): Combination[] {
  if (axes.length === 0) return [];
  let product: Combination[] = [{}];
  for (const [axis, values] of axes) {
    product = product
      .slice(0, mostCombinations + 1)
      .flatMap((combination) => values.map((value) => ({ ...combination, [axis]: String(value) })));
  }
  return product.slice(0, mostCombinations + 1);
}

function asTexts(values: Readonly<Record<string, MatrixValue>>): Combination {
  return Object.fromEntries(Object.entries(values).map(([axis, value]) => [axis, String(value)]));
}

function isPartOf(part: Combination, whole: Combination): boolean {
  return Object.entries(part).every(([axis, value]) => whole[axis] === value);
}
