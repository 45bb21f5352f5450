import { Refusal, type FakeAnswer } from './answer.js';
import type { FakeInstance } from './fake-instance.js';
import { jsonBody } from './json-body.js';
import { operationOn } from './operation-on.js';
import type { RoutedRequest } from './router.js';
import type { World } from './world.js';

/** Answers a request that starts or stops an instance. */
export function changeState(
  world: World,
  instance: FakeInstance,
  request: RoutedRequest,
): FakeAnswer {
  const { action } = jsonBody(request);
  switch (action) {
    case 'start':
      return world.operations.run(operationOn('Starting instance', instance.name, request), () =>
        start(world, instance),
      );
    case 'stop':
      return world.operations.run(operationOn('Stopping instance', instance.name, request), () => {
        if (!instance.running) throw new Refusal(400, 'The instance is already stopped');
        world.stop(instance);
      });
    default:
      throw new Refusal(400, `Unknown state change action: "${String(action)}"`);
  }
}

/** Starts an instance, unless that is to fail. */
export function start(world: World, instance: FakeInstance): void {
  if (instance.running) throw new Refusal(500, 'The instance is already running');
  const planned = world.failingStarts.findIndex(
    ({ instance: name }) => name === undefined || name === instance.name,
  );
  const [failing] = planned >= 0 ? world.failingStarts.splice(planned, 1) : [];
  const log = failing?.log ?? mountFailure(instance);
  if (log) throw startFailure(instance, log);
  instance.running = true;
  instance.starts += 1;
  instance.mountDevices();
  instance.openSockets();
  world.tellLifecycle('instance-started', instance);
}

/** Merged-usr images have a link at /var/run, and a device whose path goes through a link cannot be mounted at start. */
function mountFailure(instance: FakeInstance): readonly string[] | undefined {
  const paths = Object.values(instance.definition.devices).map((device) => device['path'] ?? '');
  if (!paths.some((path) => path.startsWith('/var/run/'))) return undefined;
  return [
    'conf - ../src/lxc/conf.c:lxc_setup:4419 - Failed to setup mount entries',
    `start - ../src/lxc/start.c:do_start:1272 - Failed to setup container "${instance.name}"`,
  ];
}

/** A real server needs half a second. */
const SETTLE_MS = 60;

/** Only the log says why; the operation's error names a helper program. */
function startFailure(instance: FakeInstance, log: readonly string[]): Refusal {
  const lines = log.map((line) => `lxc ${instance.name} 20260101000000.000 ERROR    ${line}\n`);
  instance.lxcLog += lines.join('');
  instance.settlingUntil = performance.now() + SETTLE_MS;
  const helper = `/usr/libexec/incus/incusd forkstart ${instance.name} /containers /lxc.conf`;
  return new Refusal(500, `Failed to run: ${helper}: exit status 1`);
}
