import { raw, Refusal, sync } from './answer.js';
import type { FakeInstance } from './fake-instance.js';
import type { RoutedRequest, Routes } from './router.js';
import type { World } from './world.js';

/** Logs of instances, and recorded output of their commands. */
export function logRoutes(world: World): Routes {
  const named = ({ params, project }: RoutedRequest): FakeInstance =>
    world.get(params['name'] ?? '', project);
  const fileOf = ({ params }: RoutedRequest): string => params['file'] ?? '';
  return {
    'GET /1.0/instances/:name/logs': (request) =>
      sync([`/1.0/instances/${named(request).name}/logs/lxc.log`]),
    'GET /1.0/instances/:name/logs/exec-output': (request) => {
      const { name, execOutput } = named(request);
      return sync(
        [...execOutput.keys()].map((file) => `/1.0/instances/${name}/logs/exec-output/${file}`),
      );
    },
    'GET /1.0/instances/:name/logs/exec-output/:file': (request) => {
      const content = named(request).execOutput.get(fileOf(request));
      if (!content) throw new Refusal(404, 'not found');
      return raw(content);
    },
    'DELETE /1.0/instances/:name/logs/exec-output/:file': (request) => {
      if (!named(request).execOutput.delete(fileOf(request))) throw new Refusal(404, 'not found');
      return sync({});
    },
    'GET /1.0/instances/:name/logs/:file': (request) => {
      const { lxcLog } = named(request);
      if (fileOf(request) !== 'lxc.log')
        throw new Refusal(400, `Log file name "${fileOf(request)}" not valid`);
      return raw(Buffer.from(lxcLog));
    },
  };
}
