import type { PayloadConfig } from '@pikaci/model';
import { isWithinRelative, relativePathProblem } from '@pikaci/paths';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { pathIssue } from './path-issue.js';
import { repeats } from './distinct.js';

/** Entry points have names of their own, and lie in a mount: elsewhere no job would find them. */
export const checkPayloadEntrypoints: ConfigCheck = (config) =>
  Object.entries(config.payloads).flatMap(([id, payload]) =>
    entrypointIssues(id, payload, ['payloads', id, 'entrypoints']),
  );

function entrypointIssues(id: string, payload: PayloadConfig, path: ConfigPath): ConfigIssue[] {
  const { entrypoints, mounts } = payload;
  if (entrypoints.length === 0) return [];
  if (mounts === undefined) {
    return [
      {
        message: `payload \`${id}\` declares entrypoints and no mounts`,
        path,
        part: 'value',
        hint: 'Declare its mounts too, or the entrypoints in the manifest that its build writes.',
      },
    ];
  }
  const names = entrypoints.map(({ name }) => name);
  const twice = repeats(names, (name) => name).map(({ again }): ConfigIssue => ({
    message: `payload \`${id}\` has two entrypoints of the name \`${again}\``,
    path: [...path, names.lastIndexOf(again), 'name'],
    part: 'value',
  }));
  return [
    ...twice,
    ...entrypoints.flatMap((entrypoint, index) => {
      const isMounted = mounts.some((mount) => isWithinRelative(mount.path, entrypoint.path));
      const problem =
        relativePathProblem(entrypoint.path) ?? (isMounted ? null : 'lies in none of the mounts');
      return pathIssue([...path, index, 'path'], entrypoint.path, problem);
    }),
  ];
}
