import { Refusal, sync, type FakeAnswer } from './answer.js';
import { checkDevices, checkName, checkProfiles, definitionOf } from './definition.js';
import type { FakeInstance } from './fake-instance.js';
import { parseFilter } from './filter.js';
import {
  devicesOf,
  jsonBody,
  listOf,
  objectOf,
  textOf,
  textsOf,
  type JsonObject,
} from './json-body.js';
import { operationOn } from './operation-on.js';
import type { RoutedRequest, Routes } from './router.js';
import { changeState, start } from './state-change.js';
import type { World } from './world.js';

/** Instances: create, read, change, delete. */
export function instanceRoutes(world: World): Routes {
  const named = ({ params, project }: RoutedRequest): FakeInstance =>
    world.get(params['name'] ?? '', project);
  return {
    'GET /1.0/instances': ({ project, query }) => {
      const matches = parseFilter(query.get('filter'));
      const all = world
        .instances(project)
        .map((instance) => instance.describe(world.profiles))
        .filter((instance) => matches(objectOf(instance)));
      return sync(all);
    },
    'POST /1.0/instances': (request) => create(world, request),
    'GET /1.0/instances/:name': (request) => {
      const instance = named(request);
      return sync(instance.describe(world.profiles), { etag: `"${instance.etag}"` });
    },
    'GET /1.0/instances/:name/state': (request) => sync(stateOf(named(request))),
    'PUT /1.0/instances/:name/state': (request) => changeState(world, named(request), request),
    'PATCH /1.0/instances/:name': (request) => {
      const instance = named(request);
      return change(instance, request, merged(instance, jsonBody(request)));
    },
    'PUT /1.0/instances/:name': (request) => {
      const body = jsonBody(request);
      if (textsOf(body['config'])['volatile.uuid'] === undefined)
        throw new Refusal(400, "Volatile idmap keys can't be deleted by the user");
      return change(named(request), request, body);
    },
    'DELETE /1.0/instances/:name': (request) => {
      const instance = named(request);
      if (instance.running || instance.settling) throw new Refusal(400, 'Instance is running');
      const operation = operationOn('Deleting instance', instance.name, request);
      return world.operations.run(operation, () => world.remove(instance));
    },
  };
}

function create(world: World, request: RoutedRequest): FakeAnswer {
  const body = jsonBody(request);
  const { project } = request;
  const name = textOf(body['name'], '');
  const type = textOf(body['type'], 'container');
  const definition = definitionOf(body);
  checkName(name);
  checkProfiles(world, definition);
  const operation = operationOn('Creating instance', name, request);
  return world.operations.run(operation, () => {
    const source = objectOf(body['source']);
    const image = [...world.images].find(
      ([alias, { fingerprint }]) =>
        alias === source['alias'] || fingerprint === source['fingerprint'],
    )?.[1];
    if (!image) throw new Refusal(500, 'Image not provided for instance creation');
    if (image.type !== type) {
      const types = `"${image.type}" doesn't match instance type "${type}"`;
      throw new Refusal(500, `Requested image's type ${types}`);
    }
    const record = 'Failed creating instance record';
    if (world.find(name, project)) {
      const constraint = 'UNIQUE constraint failed: instances.project_id, instances.name';
      const why = `Add instance info to the database: Failed to create "instances" entry`;
      throw new Refusal(500, `${record}: ${why}: ${constraint}`);
    }
    checkDevices(definition.devices, `${record}: Failed initializing instance: `);
    const instance = world.add(name, project, type, definition, image.fingerprint);
    world.tellLifecycle('instance-created', instance);
    if (body['start'] === true) start(world, instance);
  });
}

function stateOf(instance: FakeInstance): object {
  const { running, agentRunning, execs, starts } = instance;
  const processes = agentRunning ? 1 + execs.size : -1;
  return {
    status: running ? 'Running' : 'Stopped',
    status_code: running ? 103 : 102,
    pid: running ? 4242 + starts : 0,
    processes: running ? processes : 0,
  };
}

function merged(instance: FakeInstance, patch: JsonObject): JsonObject {
  const { definition } = instance;
  const config = { ...definition.config, ...textsOf(patch['config']) };
  return {
    ...definition,
    ...patch,
    config: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== '')),
    devices: { ...definition.devices, ...devicesOf(patch['devices']) },
    profiles: listOf(patch['profiles'], definition.profiles),
  };
}

function change(instance: FakeInstance, request: RoutedRequest, body: JsonObject): FakeAnswer {
  if (instance.settling) {
    const busy = 'Instance is busy running a "stop" operation';
    throw new Refusal(500, `Failed to create instance update operation: ${busy}`);
  }
  const expected = request.headers['if-match'];
  if (expected !== undefined && expected !== instance.etag)
    throw new Refusal(412, `ETag doesn't match: ${instance.etag} vs ${expected}`);
  const next = definitionOf(body);
  checkDevices(next.devices, '');
  Object.assign(instance.definition, next);
  if (instance.running) instance.mountDevices();
  return sync({});
}
