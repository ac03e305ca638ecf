// A way to a server that counts what comes from it.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class CountingProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Bytes of the server's so far. */
  received = 0;

  private constructor(target: URL) {
    this.#server = createServer({ noDelay: true }, (client) => {
      const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      }
      server.on('data', (bytes) => {
        this.received += bytes.length;
      });
      client.pipe(server).pipe(client);
    });
  }

  static async open(target: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(target));
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  /** The same URL by way of the proxy. */
  urlOf(target: string): string {
    const url = new URL(target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
