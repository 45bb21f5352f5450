import { Refusal } from './answer.js';
import { objectOf, textOf, type JsonObject } from './json-body.js';

/** Reads a filter of clauses `path eq value` joined by `and`, which is what clients use. */
export function parseFilter(filter: string | null): (instance: JsonObject) => boolean {
  if (filter === null || filter.trim() === '') return () => true;
  const clauses = filter.split(' and ').map((clause) => {
    const [, path = '', operator, value] = /^\s*(\S+) (eq|ne) "?([^"]*?)"?\s*$/.exec(clause) ?? [];
    if (operator === undefined) throw new Refusal(400, 'Invalid filter: clause has no operator');
    return (instance: JsonObject) => (lookUp(instance, path) === value) === (operator === 'eq');
  });
  return (instance) => clauses.every((clause) => clause(instance));
}

/** Configuration keys hold dots, too: `config.user.owner` is the key `user.owner`. */
function lookUp(instance: JsonObject, path: string): string {
  const [head = '', ...rest] = path.split('.');
  return rest.length === 0
    ? textOf(instance[head], '')
    : textOf(objectOf(instance[head])[rest.join('.')], '');
}
