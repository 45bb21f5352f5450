import type { FindTools, FoundJob, FoundPayload } from './found-tool.js';
import { firstOf, pythonTestDirectories, type ProjectFiles } from './project-files.js';

/** Files that say that there is a Python project. */
const projectFiles = ['pyproject.toml', 'requirements.txt', 'setup.py', 'setup.cfg'];

/** Files of which each is there for pytest alone. */
const pytestFiles = ['pytest.ini', '.pytest.ini', 'conftest.py'];

/** Files that may speak of pytest: as something to install, or with its settings. */
const maySpeakOfPytest = [
  ...projectFiles,
  'requirements-dev.txt',
  'requirements-test.txt',
  'dev-requirements.txt',
  'tox.ini',
];

const packagesId = 'python-packages';
const packagesPath = '.python-packages';

/** Python by pyproject.toml, requirements.txt or setup.py: pytest where a file speaks of it, else unittest. */
export const findPython: FindTools = (files) => {
  const found = projectFiles.filter((path) => files.has(path));
  if (found.length === 0) return [];
  const payloads = files.has('uv.lock') ? [] : packagesPayload(files);
  return [
    {
      id: 'python',
      files: found,
      jobs: [testJob(files, payloads)],
      payloads,
      notes: files.has('uv.lock') || payloads.length > 0 ? [] : [machineNote],
    },
  ];
};

const machineNote =
  'the Python job uses what is installed on this machine; requirements.txt would become a payload';

function testJob(files: ProjectFiles, payloads: readonly FoundPayload[]): FoundJob {
  const python = files.has('uv.lock') ? 'uv run --frozen python' : 'python3';
  const run = `${python} -m ${usesPytest(files) ? 'pytest' : unittest(files)}`;
  if (payloads.length === 0) return { name: 'test', config: { run } };
  return {
    name: 'test',
    config: { run, payloads: [packagesId], env: { PYTHONPATH: packagesPath } },
  };
}

function usesPytest(files: ProjectFiles): boolean {
  if (firstOf(files, pytestFiles) !== null) return true;
  return maySpeakOfPytest.some((path) => /\bpytest\b/u.test(files.get(path) ?? ''));
}

/** Discovery does not go into directories that are no packages, unless it begins there. */
function unittest(files: ProjectFiles): string {
  const directory = pythonTestDirectories.find((name) =>
    [...files.keys()].some((path) => path.startsWith(`${name}/`) && path.endsWith('.py')),
  );
  return `unittest discover${directory === undefined ? '' : ` --start-directory ${directory}`}`;
}

/** The packages of the requirements. A file that leads to files of the project itself needs more inputs than can be told. */
function packagesPayload(files: ProjectFiles): readonly FoundPayload[] {
  const names = ['requirements.txt', 'requirements-dev.txt', 'requirements-test.txt'].filter(
    (name) => files.has(name),
  );
  const leadsToFiles = names.some((name) =>
    /^\s*(-e|--editable|\.|file:)/mu.test(files.get(name) ?? ''),
  );
  if (!names.includes('requirements.txt') || leadsToFiles) return [];
  const requirements = names.map((name) => `--requirement ${name}`).join(' ');
  return [
    {
      id: packagesId,
      config: {
        kind: 'command',
        run: `python3 -m pip install --target "$PIKACI_OUTPUT" ${requirements}`,
        inputs: ['requirements*.txt'],
        mounts: [{ name: packagesId, workspacePath: packagesPath }],
      },
      comments: {
        run: 'What it puts into $PIKACI_OUTPUT becomes the payload.',
        inputs: 'All that the build sees; it is done again when one of these files changes.',
        mounts: 'Where jobs find it; PYTHONPATH leads Python there.',
      },
    },
  ];
}
