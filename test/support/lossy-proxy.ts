// A proxy before PostgreSQL that loses the reply to a COMMIT: the server has committed, and the client never hears of it.
import { connect, createServer, type Server, type Socket } from 'node:net';

export class LossyProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly url: string;
  /** How many replies it will still lose. */
  losses = 0;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @param databaseUrl the real one; connections to `url` go there */
  static async start(databaseUrl: string): Promise<LossyProxy> {
    const real = new URL(databaseUrl);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const proxy = new LossyProxy(server, url.href);
    server.on('connection', (client) => proxy.#join(client, connect(Number(real.port), real.hostname)));
    return proxy;
  }

  #join(client: Socket, server: Socket): void {
    let writes = false;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      writes ||= bytes.includes('insert into halyard.audit_entry');
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      // The tag of CommandComplete, PostgreSQL's message format "C".
      if (writes && this.losses > 0 && bytes.includes('COMMIT\0')) {
        this.losses -= 1;
        client.destroy();
      } else client.write(bytes);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
