import { describe, expect, it } from 'vitest';
import { resolveRunId } from './run-reference.js';

const ids = ['20260308T000001Z-bbbb0001', '20260307T000002Z-aaaa0002', '20260307T000001Z-aaaa0001'];

describe('resolveRunId', () => {
  it('takes an exact id, also where it is the beginning of another', () => {
    expect(resolveRunId('run', ['run-2', 'run'])).toEqual({ ok: true, value: 'run' });
  });

  it('takes a beginning that only one id has', () => {
    expect(resolveRunId('20260308', ids)).toEqual({ ok: true, value: ids[0] });
  });

  it('lists the ids that an ambiguous beginning could mean', () => {
    expect(resolveRunId('20260307', ids)).toMatchObject({
      ok: false,
      error: { kind: 'selection', reason: `it could be ${ids[1] ?? ''}, ${ids[2] ?? ''}` },
    });
  });

  it('names the closest ids for an unknown one', () => {
    const result = resolveRunId('20260307T000001Z-cccc', ids);
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'selection', message: 'There is no run `20260307T000001Z-cccc`' },
    });
    expect(result.ok ? '' : result.error.hint).toMatch(
      /^The closest are 20260307T000001Z-aaaa0001,/,
    );
  });

  it('says that nothing was run where there is no id at all', () => {
    expect(resolveRunId('2026', [])).toMatchObject({
      error: { hint: expect.stringContaining('npx pikaci run') as string },
    });
  });

  it.each(['../run', 'a/b', '.', '..', '', '/etc', 'a\0b', 'x'.repeat(81)])(
    'refuses %j before it becomes part of a path',
    (reference) => {
      expect(resolveRunId(reference, [reference])).toMatchObject({
        ok: false,
        error: { kind: 'selection' },
      });
    },
  );
});
