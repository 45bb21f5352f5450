import { execFileSync } from 'node:child_process';

/** Each level is entered before the next is made: from far away the path would be longer than the kernel takes. */
const script = `
const { mkdirSync, writeFileSync } = require('node:fs');
const [name, levels] = process.argv.slice(1);
for (let level = 0; level < Number(levels); level += 1) {
  mkdirSync(name);
  process.chdir(name);
}
writeFileSync('leaf', 'deep');
`;

/** Makes directories inside each other, all of the same name, and a file `leaf` in the innermost. */
export function makeDeepDirectories(root: string, name: string, levels: number): void {
  execFileSync(process.execPath, ['-e', script, name, String(levels)], { cwd: root });
}
