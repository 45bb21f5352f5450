import { Refusal, sync } from './answer.js';
import type { Routes } from './router.js';
import type { World } from './world.js';

/** What a 6.0.4 server can do beyond the first API, as far as clients of the fake ask. */
const extensions = [
  'operation_wait',
  'instance_create_start',
  'container_exec_recording',
  'container_exec_signal_handling',
  'container_exec_user_group_cwd',
  'container_disk_shift',
  'disk_io_bus',
  'disk_io_cache',
  'disk_volume_subpath',
  'api_filtering_extended',
  'projects',
  'virtual-machines',
];

/** The server itself, its projects, profiles, image aliases and operations. */
export function serverRoutes(world: World): Routes {
  return {
    'GET /1.0': () =>
      sync({
        auth: 'trusted',
        api_extensions: extensions,
        api_status: 'stable',
        api_version: '1.0',
        config: {},
        environment: {
          server: 'incus',
          server_version: '6.0.4',
          server_name: 'fake',
          server_clustered: false,
          project: 'default',
          kernel_version: '6.1.0',
          driver: 'lxc',
          storage: 'dir',
          architectures: ['x86_64'],
        },
      }),
    'GET /1.0/images/aliases/:alias': ({ params: { alias = '' } }) => {
      const image = world.images.get(alias);
      if (!image) throw new Refusal(404, 'Image alias not found');
      const { fingerprint: target, type } = image;
      return sync({ name: alias, target, type, description: '' });
    },
    'GET /1.0/profiles/:name': ({ params: { name = '' } }) => {
      const profile = world.profiles.get(name);
      if (!profile) throw new Refusal(404, 'Profile not found');
      return sync({ name, description: '', ...profile });
    },
    'GET /1.0/projects/:name': ({ params: { name = '' } }) => {
      const config = world.projects.get(name);
      if (!config) throw new Refusal(404, 'Project not found');
      return sync({ name, description: '', config });
    },
    'GET /1.0/operations': () => sync({ running: world.operations.running() }),
    'GET /1.0/operations/:id': ({ params: { id = '' } }) => sync(world.operations.get(id)),
    'GET /1.0/operations/:id/wait': ({ params: { id = '' }, query }) =>
      world.operations.wait(id, query.get('timeout')),
    'DELETE /1.0/operations/:id': ({ params: { id = '' } }) => {
      world.operations.get(id);
      throw new Refusal(400, "This operation can't be cancelled");
    },
  };
}
