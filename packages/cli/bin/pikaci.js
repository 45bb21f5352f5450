#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(entry)) {
  await import(entry.href);
} else {
  process.stderr.write('pikaci is not built yet. Run: npx nx run cli:build\n');
  process.exitCode = 2;
}
