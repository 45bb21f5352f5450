import { describe, expect, it } from 'vitest';
import { installableProblem, workspaceFlake, workspaceFlakeUrl } from './nix-installable.js';

const urlOf = (installable: string): string | null => {
  const flake = workspaceFlake(installable);
  return flake === null ? null : workspaceFlakeUrl(flake, '/a b/copy');
};

describe('an installable of the workspace', () => {
  it.each([
    ['.#deps', 'path:/a%20b/copy#deps'],
    ['.', 'path:/a%20b/copy'],
    ['#deps', 'path:/a%20b/copy#deps'],
    ['path:.#deps', 'path:/a%20b/copy#deps'],
    ['./nix/sub#a.b', 'path:/a%20b/copy/nix/sub#a.b'],
    ['path:./nix%20x#a', 'path:/a%20b/copy/nix%20x#a'],
    ['./100%?dir=x#a', 'path:/a%20b/copy/100%25?dir=x#a'],
    ['./a/../b/#x', 'path:/a%20b/copy/b#x'],
  ])('%s is the flake %s of a copy', (installable, url) => {
    expect(urlOf(installable)).toBe(url);
    expect(installableProblem(installable)).toBeNull();
  });

  it.each(['nixpkgs#hello', 'github:o/r/1234#x', '/nix/store/abc-x', 'git+https://x/y#z', '.x#y'])(
    '%s is none',
    (installable) => {
      expect(workspaceFlake(installable)).toBeNull();
      expect(installableProblem(installable)).toBeNull();
    },
  );
});

it.each([
  ['--impure', 'is an option'],
  ['.#a .#b', 'no single installable'],
  ['../other#x', 'leads out of the workspace'],
  ['./a/../../b#x', 'leads out of the workspace'],
  ['path:./%2e%2e#x', 'leads out of the workspace'],
  ['path:./%zz#x', 'is no URL'],
  ['/home/me/flake#x', 'outside of the workspace'],
  ['path:/home/me#x', 'outside of the workspace'],
  ['git+file:///home/me#x', 'outside of the workspace'],
])('refuses %s, which %s', (installable, words) => {
  expect(installableProblem(installable)).toContain(words);
});
