import { describe, expect, it } from 'vitest';
import { fishScript } from './fish-script.js';
import { zshScript } from './zsh-script.js';
import type { CompletedCommand } from './describe-program.js';

const leaf: CompletedCommand = {
  path: '/go',
  name: 'go',
  description: "a: it's \\ $HOME `x`",
  options: [
    { flags: ['-s', '--speed'], description: "it's", takesValue: true, choices: ['slow', 'fast'] },
    { flags: ['--file'], description: 'a file', takesValue: true, choices: [] },
  ],
  words: ['latest'],
  commands: [],
};
const program: CompletedCommand = {
  path: '',
  name: 'p',
  description: '',
  options: [],
  words: [],
  commands: [leaf],
};

describe('the completion for fish', () => {
  const lines = fishScript(program).split('\n');

  it('quotes what people wrote', () => {
    expect(lines).toContain(
      `complete -c p -n '__p_at \\'\\'' -f -a go -d 'a: it\\'s \\\\ $HOME \`x\`'`,
    );
  });

  it('has values where they are known, and files else', () => {
    const at = `complete -c p -n '__p_at \\'/go\\''`;
    expect(lines).toContain(`${at} -s s -l speed -x -a 'slow fast' -d 'it\\'s'`);
    expect(lines).toContain(`${at} -l file -r -d 'a file'`);
    expect(lines).toContain(`${at} -f -a 'latest'`);
  });
});

describe('the completion for zsh', () => {
  const script = zshScript(program);

  it('quotes what people wrote', () => {
    expect(script).toContain(`'') known=('go:a: it'\\''s \\ $HOME \`x\`') ;;`);
  });

  it('has values where they are known', () => {
    expect(script).toContain(`'/go -s' | '/go --speed') known=('slow' 'fast') ;;`);
    expect(script).toContain(`'/go -s' | '/go --speed' | '/go --file') skip=1 ;;`);
  });
});
