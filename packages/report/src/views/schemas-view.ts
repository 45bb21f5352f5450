import type { OutputValue, schemasOutputSchema } from '@pikaci/model';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';

type ListedSchemas = OutputValue<typeof schemasOutputSchema>['schemas'];

/** One line a schema: its name, its version, and where what it describes is found. */
export function formatSchemas(schemas: ListedSchemas, style: Style = plainStyle): string {
  const rows = schemas.map(({ name, version, printedBy, file }) => [
    name,
    style.dim(`v${version}`),
    [...(file === null ? [] : [file]), ...printedBy].join(', '),
  ]);
  return alignColumns(rows, '').join('\n');
}
