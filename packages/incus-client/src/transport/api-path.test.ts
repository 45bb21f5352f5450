import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiPath, below, lastSegment, withQuery } from './api-path.js';

describe('API paths', () => {
  it('escape every name so that it stays one segment', () => {
    const names = fc.string({ minLength: 1 }).filter((name) => name !== '.' && name !== '..');
    fc.assert(
      fc.property(names, (name) => {
        expect(lastSegment(apiPath('instances', name))).toBe(name);
      }),
    );
  });

  it('keep the query a path has when values and segments are added', () => {
    const operation = '/1.0/operations/abc?project=ci';
    expect(below(operation, 'wait')).toBe('/1.0/operations/abc/wait?project=ci');
    expect(withQuery(operation, { project: 'other', secret: 'a b' })).toBe(
      '/1.0/operations/abc?project=ci&secret=a+b',
    );
    expect(lastSegment(operation)).toBe('abc');
  });

  it('leave out values that are undefined', () => {
    expect(withQuery('/1.0', { project: undefined, recursion: 1 })).toBe('/1.0?recursion=1');
  });
});
