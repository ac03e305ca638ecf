// A way to PostgreSQL that can be cut, made to swallow everything, or led to another database.
import { connect, createServer, type Server, type Socket } from 'node:net';

export class TcpProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: { host: string; port: number };
  /** What has been swallowed so far. */
  swallowedBytes = 0;
  #database: string | undefined;
  #mode: 'open' | 'closed' | 'swallowing' = 'open';

  private constructor(target: URL) {
    this.#target = { host: target.hostname, port: Number(target.port) };
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /** On any free port of 127.0.0.1, or on this one. */
  static async open(target: string, port = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    await new Promise<void>((resolve) => proxy.#server.listen(port, '127.0.0.1', resolve));
    return proxy;
  }

  /** The URL of a database by way of the proxy. */
  urlOf(database: string): string {
    const url = new URL(database);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as { port: number }).port);
    return url.href;
  }

  /** Ends every connection and takes no new one, as a server that is down. */
  cut(): void {
    this.#mode = 'closed';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets connections stand and passes nothing on, as a network that is gone without a word. */
  swallow(): void {
    this.#mode = 'swallowing';
  }

  heal(): void {
    this.#mode = 'open';
  }

  /** From now on whoever connects finds this database of the same server, whichever it asks for: both are tests' own. */
  lead(database: string): void {
    this.#database = database;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    if (this.#mode === 'closed') return void client.destroy();
    const server = connect({ ...this.#target, allowHalfOpen: true });
    this.#join(client, server);
    this.#join(server, client);
  }

  /** The first message asks for a database by its name; those of tests are equally long, so its length stays. */
  #led(startup: Buffer): Buffer {
    if (this.#database === undefined) return startup;
    return Buffer.from(
      startup.toString('latin1').replace(/halyard_test_[0-9a-f]{16}/, this.#database),
      'latin1',
    );
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    let isFirst = true;
    from.on('data', (bytes: Buffer) => {
      if (this.#mode === 'open') to.write(isFirst ? this.#led(bytes) : bytes);
      else this.swallowedBytes += bytes.length;
      isFirst = false;
    });
    from.on('end', () => {
      if (this.#mode === 'open') to.end();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
