import { describe, expect, it } from 'vitest';
import { formatArtifacts } from './artifacts-view.js';

describe('formatArtifacts', () => {
  it('shows job, size and path of each, and the sum', () => {
    const artifacts = [
      { job: 'unit', path: 'coverage/index.html', sizeBytes: 2048 },
      { job: 'e2e', path: 'a\u001b[2J\nb', sizeBytes: 1 },
    ];
    const leftOut = [{ job: 'e2e', path: 'link', reason: 'it is a link' }];
    expect(formatArtifacts({ runId: 'r', artifacts, leftOut })).toBe(`run r: 2 artifacts
  unit  2.0 KiB  coverage/index.html
  e2e   1 B      a b
  left out: link of e2e: it is a link
  2.0 KiB together`);
  });

  it('says when there are none', () => {
    expect(formatArtifacts({ runId: 'r', artifacts: [], leftOut: [] })).toBe('run r: no artifacts');
  });
});
