import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A unix socket in front of another one, whose connections a test can cut. */
export interface CuttableProxy extends AsyncDisposable {
  readonly socketPath: string;
  /** Destroys every connection of the moment; later ones are forwarded again. */
  cut(): number;
  /** Refuses new connections until `allow` is called. */
  refuse(): void;
  allow(): void;
}

/** Starts a proxy in front of the unix socket at `target`. */
export async function createCuttableProxy(target: string): Promise<CuttableProxy> {
  const dir = await mkdtemp(join(tmpdir(), 'pikaci-proxy-'));
  const socketPath = join(dir, 'proxy.socket');
  const open = new Set<Socket>();
  let refusing = false;
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((client) => {
    track(client);
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    track(upstream);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const cut = () => {
    const count = open.size;
    for (const socket of open) socket.destroy();
    return count;
  };
  return {
    socketPath,
    cut,
    refuse: () => {
      refusing = true;
    },
    allow: () => {
      refusing = false;
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
