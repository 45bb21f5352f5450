import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobRig, type JobRig } from './job-rig.test.helper.js';
import { namespaceUsers } from './namespace-users.test.helper.js';

let rig: JobRig;

/** Prints how a connection to a port of the host's loopback ended. */
const connect = (port: number) =>
  `node -e 'require("node:net").connect(${port}, "127.0.0.1")
    .on("connect", () => { console.log("connected"); process.exit(); })
    .on("error", (error) => console.log(error.code))'`;

describe.each(namespaceUsers)('a job without network, as %s', (_user, options) => {
  beforeEach(() => {
    rig = createJobRig(options);
  });
  afterEach(() => rig.remove());

  it('sees a loopback of its own alone, and cannot make itself another interface', async () => {
    const outcome = await rig.run(
      `PATH=$PATH:/usr/sbin:/sbin; tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d ' '
       if ip link add dummy0 type dummy 2>/dev/null; then exit 9; fi
       if nsenter --net=/proc/1/ns/net true 2>/dev/null; then exit 8; fi`,
      { network: 'none' },
    );
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(rig.output.stdout.toString()).toBe('lo\n');
  });

  it('does not reach what listens on this machine, which other jobs do', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await rig.run(connect(port), { network: 'none' });
    // Refused by its own loopback, which is up.
    expect(rig.output.stdout.toString()).toBe('ECONNREFUSED\n');
    await rig.run(connect(port));
    expect(rig.output.stdout.toString()).toBe('connected\n');
    server.close();
  });
});
