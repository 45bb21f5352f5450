import { nxJob, type PikaciConfig } from '@pikaci/model';
import type { ConfigPath } from '../config-path.js';

/** A configuration with one job for each Nx target, to be checked as all its jobs would be. */
export interface SampledConfig {
  readonly config: PikaciConfig;
  readonly sourcePath: (path: ConfigPath) => ConfigPath;
}

/** Which projects there are only Nx can tell; what their jobs have in common can be checked without. */
export function withNxSamples(config: PikaciConfig): SampledConfig {
  const samples = new Map<string, string>();
  const jobs = { ...config.jobs };
  for (const [targetId, { nx }] of Object.entries(config.targets)) {
    if (nx === undefined) continue;
    let id = `${targetId}-nx`;
    while (Object.hasOwn(jobs, id)) id += '-';
    samples.set(id, targetId);
    jobs[id] = nxJob(nx, 'project');
  }
  return {
    config: samples.size === 0 ? config : { ...config, jobs },
    sourcePath: (path) => {
      const [section, id, ...rest] = path;
      const targetId = section === 'jobs' ? samples.get(String(id)) : undefined;
      return targetId === undefined ? path : ['targets', targetId, 'nx', 'job', ...rest];
    },
  };
}
