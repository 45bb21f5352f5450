// `npm test`: types, format, lint, unit and integration tests, and, where a private Incus can be brought up, the tests
// against the real server. Ends with the totals. What it started, it stops.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { failuresOf } from './failures.mjs';
import { noLabReason } from './no-lab-reason.mjs';
import { createSteps } from './steps.mjs';

const root = join(import.meta.dirname, '..', '..');
const lab = join(root, 'tools', 'incus-lab', 'incus-lab.sh');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const reports = await mkdtemp(join(tmpdir(), 'pikaci-test-'));
const steps = createSteps(root);
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

/** Counts a step that is one check of its own. */
function count(title, passed) {
  if (passed) {
    totals.passed += 1;
  } else {
    totals.failed += 1;
    failures.push(`${title}: its output is above`);
  }
}

const check = async (title, command, args) =>
  count(title, (await steps.run(title, command, args)) === 0);

async function vitest(projects, environment = {}, options = []) {
  const report = join(reports, `${projects.join('-')}.json`);
  const code = await steps.run(
    `tests: ${projects.join(', ')}`,
    bin('vitest'),
    [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...options,
    ],
    environment,
  );
  const result = await readFile(report, 'utf8').then(JSON.parse, () => null);
  totals.passed += result?.numPassedTests ?? 0;
  totals.skipped += result?.numPendingTests ?? 0;
  // A file that cannot be loaded fails without a single failed test.
  totals.failed += Math.max(result?.numFailedTests ?? 0, code === 0 ? 0 : 1);
  const failed = failuresOf(result, root);
  if (failed.length === 0 && code !== 0)
    failed.push(`tests: ${projects.join(', ')}: exit code ${code}`);
  failures.push(...failed);
}

/** What the lab says of itself, as environment variables for the tests. */
async function labEnvironment() {
  const printed = await steps.capture(lab, ['env']);
  return Object.fromEntries(
    printed
      .split('\n')
      .filter((line) => line.startsWith('PIKACI_TEST_'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

const missing = noLabReason({ platform: process.platform, uid: process.getuid?.() });
const wasUp = missing === null && (await steps.succeeds(lab, ['status']));
// The lab is downloaded and built while the other steps use the processors.
const labUp = missing === null ? steps.background('incus-lab', lab, ['up', 'images']) : null;
try {
  await check('types', 'npm', ['run', '--silent', 'typecheck']);
  await check('format', bin('prettier'), ['--check', '--log-level', 'warn', '.']);
  await check('lint', 'npm', ['run', '--silent', 'lint']);
  await vitest(['unit', 'integration']);
  if (labUp === null) {
    console.log(`\nThe tests against a real Incus were left out: ${missing}.`);
    if (process.env.CI === 'true') {
      console.log('With CI=true that is a failure.');
      count('the private Incus', false);
    }
  } else if ((await labUp) === 0) {
    const environment = await labEnvironment();
    // They wait for the server most of the time.
    await vitest(['incus'], environment, ['--maxWorkers', String(2 * availableParallelism())]);
    // Apart, since they kill the server.
    await vitest(['incus-restart'], environment);
  } else {
    console.log('\nThe private Incus did not come up; its output is above.');
    count('the private Incus', false);
  }
} finally {
  await labUp;
  if (missing === null && !wasUp) await steps.run('stop the private Incus', lab, ['down']);
  await rm(reports, { recursive: true, force: true });
}

// Again at the end, where also those see it who are shown the last lines only.
if (failures.length > 0) console.log(`\n== failed\n${failures.join('\n\n')}`);
if (totals.skipped > 0)
  console.log(`\n${totals.skipped} skipped: what this machine or user cannot show`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 && !steps.interrupted() ? 0 : 1;
