import type { InitReport } from '@pikaci/model';
import { expect, it } from 'vitest';
import { formatInit } from './init-view.js';

const report: InitReport = {
  found: [
    { id: 'npm', files: ['package.json', 'package-lock.json'], jobs: ['npm-test', 'lint'] },
    { id: 'make', files: ['Makefile'], jobs: [] },
  ],
  notes: ['Makefile has no target test'],
  file: '/app/pikaci.config.yaml',
  written: true,
  text: 'jobs: {}\n',
  gitignore: 'added',
};

it('says what was found and written, and what comes next', () => {
  expect(formatInit(report)).toBe(`found
  npm   package.json, package-lock.json  jobs npm-test, lint
  make  Makefile                         no jobs
note: Makefile has no target test

wrote /app/pikaci.config.yaml
added .pikaci/, where runs are kept, to .gitignore

next
  npx pikaci plan  what a run would do
  npx pikaci run   run it`);
});

it('shows what would be written', () => {
  const text = formatInit({ ...report, written: false, gitignore: 'to-be-added' });
  expect(text).toContain(`
would write /app/pikaci.config.yaml
would add .pikaci/, where runs are kept, to .gitignore

jobs: {}`);
  expect(text).not.toContain('next');
});

it('says that a job is a placeholder, and nothing of git where there is nothing to say', () => {
  const text = formatInit({ ...report, found: [], notes: [], gitignore: 'no-repository' });
  expect(text).toContain('found\n  nothing that tells how this project is tested\n');
  expect(text).toContain('  edit /app/pikaci.config.yaml  its one job is a placeholder\n');
  expect(text).not.toContain('.gitignore');
});
