import { neutraliseLine } from '../output/neutralise.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';

/** One value of the configuration. */
export interface Setting {
  /** Such as `jobs.unit.run`. */
  readonly path: string;
  /** As JSON. */
  readonly value: string;
  /** Who said so: a place in the file, a variable, a flag, or `default`. */
  readonly origin: string;
}

/** Settings for people: one a line, so that `grep` finds them. */
export function formatSettings(settings: readonly Setting[], style: Style = plainStyle): string {
  const rows = settings.map(({ path, value, origin }) => [
    neutraliseLine(path, false),
    neutraliseLine(value, false),
    origin === 'default' ? style.dim(origin) : neutraliseLine(origin, false),
  ]);
  return alignColumns(rows, '').join('\n');
}
