import { describe, expect, it } from 'vitest';
import { listedFiles } from './listed-files.js';

const list = (text: string) =>
  listedFiles({ text, source: 'changed.txt', workspaceRoot: '/home/me/space' });

describe('listedFiles', () => {
  it.each([
    ['', []],
    ['web/a.ts\n\nb c.md\n', ['web/a.ts', 'b c.md']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['./web//a.ts\n', ['web/a.ts']],
    ['/home/me/space/web/a.ts', ['web/a.ts']],
    ['sub/module/\n', ['sub/module']],
    ['two\nlines\0"quoted"\0', ['two\nlines', '"quoted"']],
    ['..hidden\n', ['..hidden']],
  ])('reads %j', (text, files) => {
    expect(list(text)).toEqual({ ok: true, value: files });
  });

  it.each(['a\n../other/b\n', 'a\n/home/me/spaces/b', 'a\nweb/../../b'])(
    'refuses a file outside of the workspace: %j',
    (text) => {
      expect(list(text)).toMatchObject({
        ok: false,
        error: { kind: 'selection', location: { file: 'changed.txt', line: 2 } },
      });
    },
  );

  it('refuses a name that git has quoted, since no pattern would match it', () => {
    expect(list('"web/\\303\\244.ts"\n')).toMatchObject({
      ok: false,
      error: { kind: 'selection', hint: 'Make the list with "git diff --name-only -z".' },
    });
  });
});
