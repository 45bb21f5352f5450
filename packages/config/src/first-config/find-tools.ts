import { findCargo } from './find-cargo.js';
import { findGo } from './find-go.js';
import { findMake } from './find-make.js';
import { findPython } from './find-python.js';
import type { FindTools, FoundTool } from './found-tool.js';
import { findNode } from './node/find-node.js';
import type { ProjectFiles } from './project-files.js';

/** Every kind of project that is looked for, in the order of the configuration. A new one is one file and one line here. */
const finders: readonly FindTools[] = [findNode, findCargo, findGo, findPython, findMake];

/** The tools that a project is tested with, each with jobs. The ids of all jobs are distinct. */
export function findTools(files: ProjectFiles): readonly FoundTool[] {
  const tools = finders.flatMap((find) => find(files));
  const names = tools.flatMap(({ jobs }) => jobs.map(({ name }) => name));
  const isShared = (name: string) => names.filter((other) => other === name).length > 1;
  return tools.map((tool) => ({
    ...tool,
    jobs: tool.jobs.map((job) =>
      isShared(job.name) ? { ...job, name: `${tool.id}-${job.name}` } : job,
    ),
  }));
}
