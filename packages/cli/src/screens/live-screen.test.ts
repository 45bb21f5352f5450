import { EventEmitter } from 'node:events';
import { createLiveScreen, createTextSink } from '@pikaci/report';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTerminalScreen } from './terminal-screen.test.helper.js';

/** What happens to a screen, one after the other. */
type Deed =
  | { readonly print: readonly string[] }
  | { readonly block: readonly string[] }
  | { readonly columns: number }
  | { readonly changed: string; readonly at: number };

/** A block with another line at a place, or one more. */
function changedAt(block: readonly string[], at: number, line: string): readonly string[] {
  const place = at % (block.length + 1);
  return [...block.slice(0, place), line, ...block.slice(place + 1)];
}

/** More than any block takes. */
const rows = 60;

/** A live screen on a terminal. */
function rig() {
  const terminal = createTerminalScreen(60, rows);
  const written: string[] = [];
  let columns = 60;
  let block: readonly string[] = [];
  let tick = (): void => undefined;
  const output = Object.assign(new EventEmitter(), { write: (text: string) => written.push(text) });
  const screen = createLiveScreen({
    sink: createTextSink(output),
    frame: () => block.map((line) => line.slice(0, Math.floor((columns - 1) / 2))),
    columns: () => columns,
    ticker: (_, onTick) => {
      tick = onTick;
      return () => undefined;
    },
  });
  const drain = async () => {
    // The terminal driver makes both of each line feed.
    const text = written.splice(0).join('').replaceAll('\n', '\r\n');
    await terminal.write(Buffer.from(text));
  };
  const apply = async (deed: Deed) => {
    if ('print' in deed) screen.print(deed.print);
    else if ('block' in deed) block = deed.block;
    else if ('changed' in deed) block = changedAt(block, deed.at, deed.changed);
    else {
      columns = deed.columns;
      terminal.resize(columns, rows);
    }
    tick();
    await drain();
  };
  const frame = () => block.map((line) => line.slice(0, Math.floor((columns - 1) / 2)));
  const close = async () => {
    screen.close();
    await drain();
  };
  return { terminal, apply, frame, close };
}

const line = fc.string({
  minLength: 5,
  maxLength: 50,
  unit: fc.constantFrom('a', 'b', '-', '漢', '▸'),
});
const deeds = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ changed: line, at: fc.nat(5) }) },
    fc.record({ print: fc.array(line, { minLength: 1, maxLength: 3 }) }),
    fc.record({ block: fc.array(line, { maxLength: 6 }) }),
    fc.record({ columns: fc.integer({ min: 20, max: 80 }) }),
  ),
  { maxLength: 25 },
);

describe('a live screen on a terminal', () => {
  it(
    'shows all lines that stay and the block below them, whatever changes and however wide it becomes',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(deeds, async (all) => {
          const { terminal, apply, frame, close } = rig();
          const printed: string[] = [];
          for (const deed of all) {
            await apply(deed);
            if ('print' in deed) printed.push(...deed.print);
            expect(terminal.text()).toBe([...printed, ...frame()].join('\n'));
          }
          await close();
          expect(terminal.text()).toBe(printed.join('\n'));
        }),
        // A wide character for which the last column is not enough goes to the next row.
        { numRuns: 150, examples: [[[{ columns: 20 }, { print: ['aa漢a漢a漢a漢漢漢aa漢'] }]]] },
      );
    },
  );
});
