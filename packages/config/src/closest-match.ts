/**
 * The candidate that was most likely meant by a word; null when none is close. Case and separators do not count, so that
 * `timeout_seconds` finds `timeoutSeconds`; nor does a missing end, so that `timeout` does.
 */
export function closestMatch(word: string, candidates: Iterable<string>): string | null {
  const wanted = normalise(word);
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = matchDistance(wanted, normalise(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `, did you mean \`x\`?` for the closest candidate; empty when none is close. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const match = closestMatch(word, candidates);
  return match === null ? '' : `, did you mean \`${match}\`?`;
}

/** Four letters of a beginning are no accident; three (`run` of `runtime`) may be. */
const shortestBeginning = 4;

function matchDistance(wanted: string, candidate: string): number {
  const distance = editDistance(wanted, candidate);
  // A third of the letters may be wrong, and always one: more, and the words have little in common.
  const allowed = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
  // A word of one letter is one edit away from every other.
  if (distance <= allowed && distance < Math.max(wanted.length, candidate.length)) return distance;
  const isBeginning = wanted.length >= shortestBeginning && candidate.startsWith(wanted);
  return isBeginning ? distance : Infinity;
}

function normalise(word: string): string {
  return word.toLowerCase().replace(/[-_. ]/g, '');
}

/** How many letters to insert, remove, replace or swap with their neighbour to get from one word to another. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replace = (last[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = i > 1 && j > 1 && swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(replace, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    [beforeLast, last] = [last, row];
  }
  return last[to.length] ?? 0;
}
