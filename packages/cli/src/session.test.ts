import { describe, expect, it } from 'vitest';
import { capturedIo } from './captured-io.test.helper.js';
import { createSession } from './session.js';

const sessionOf = (stdoutIsTerminal: boolean, env: Record<string, string>, color = true) => {
  const { isLive, ...session } = createSession(capturedIo({ stdoutIsTerminal, env }), {
    output: 'human',
    color,
  });
  return [isLive, session.color, session.style.symbols.passed];
};

describe('what may be written to standard output', () => {
  it.each([
    ['a terminal: all', true, {}, [true, true, '✓']],
    ['a pipe: text alone', false, {}, [false, false, '✓']],
    ['a dumb terminal: text alone', true, { TERM: 'dumb' }, [false, false, '✓']],
    ['a console with few signs', true, { TERM: 'linux' }, [true, true, '√']],
    ['a pipe from such a console', false, { TERM: 'linux' }, [false, false, '✓']],
    ['NO_COLOR', true, { NO_COLOR: '1' }, [false, false, '✓']],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, [true, true, '✓']],
    ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, [false, true, '✓']],
    ['FORCE_COLOR that says no', false, { FORCE_COLOR: '0' }, [false, false, '✓']],
    ['both: NO_COLOR wins', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, [false, false, '✓']],
  ])('%s', (_, stdoutIsTerminal, env, expected) => {
    expect(sessionOf(stdoutIsTerminal, env)).toEqual(expected);
  });

  it('--no-color wins over all', () => {
    expect(sessionOf(true, { FORCE_COLOR: '1' }, false)).toEqual([false, false, '✓']);
  });
});
