// A way to a server that is as bad as networks get: slow, dripping, cut in the middle of a message, silent, or another program's.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Way =
  | { type: 'open' }
  /** Takes no connection and ends those that there are. */
  | { type: 'closed' }
  /** Every chunk comes so much later. */
  | { type: 'late'; byMs: number }
  /** A byte at a time. */
  | { type: 'dripping'; everyMs: number }
  /** Each connection ends after so many more bytes of the server's. */
  | { type: 'cut'; afterBytes: number }
  /** Each connection passes so many more bytes of the server's, and then nothing. */
  | { type: 'choked'; afterBytes: number }
  /** Connections are taken and stand, and nothing passes any more. */
  | { type: 'silent' }
  /** Every new connection is answered so, and ended. */
  | { type: 'stranger'; says: string };

export class RoughProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #way: Way = { type: 'open' };
  #database: string | undefined;
  /** Connections that were taken so far. */
  taken = 0;

  private constructor(target: URL) {
    this.#target = { host: target.hostname, port: Number(target.port) };
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  /** On any free port of 127.0.0.1. */
  static async open(target: string): Promise<RoughProxy> {
    const proxy = new RoughProxy(new URL(target));
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  /** The same URL by way of the proxy. */
  urlOf(target: string): string {
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** From now on, for connections that stand too. */
  become(way: Way): void {
    this.#way = way;
    if (way.type === 'closed' || way.type === 'stranger') this.#endAll();
  }

  /** Whoever connects from now on finds this database of the same server, whichever it asks for; undefined: the one it asks for. */
  lead(database: string | undefined): void {
    this.#database = database;
    this.#endAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.become({ type: 'closed' });
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket): void {
    this.taken++;
    this.#watch(client);
    if (this.#way.type === 'closed') return void client.destroy();
    if (this.#way.type === 'stranger') return void client.end(this.#way.says);
    // Whoever meets silence stays in it: the server never hears of them.
    if (this.#way.type === 'silent') return;
    const server = connect({ ...this.#target, noDelay: true });
    this.#watch(server);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('close', () => to.destroy());
      this.#carry(from, to, from === server);
    }
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  /** One chunk after the other, each as the way is when its turn has come. */
  #carry(from: Socket, to: Socket, isAnswer: boolean): void {
    let passed = 0;
    let turn = Promise.resolve();
    let isFirst = !isAnswer;
    from.on('data', (chunk: Buffer) => {
      const bytes = isFirst ? this.#led(chunk) : chunk;
      isFirst = false;
      const way = this.#way;
      const most = isAnswer && 'afterBytes' in way ? way.afterBytes : undefined;
      passed = most === undefined ? 0 : passed + bytes.length;
      if (most === undefined || passed <= most) turn = turn.then(() => this.#pass(bytes, to));
      else {
        to.write(bytes.subarray(0, Math.max(0, bytes.length - (passed - most))));
        if (way.type === 'cut') to.end(() => from.destroy());
      }
    });
  }

  /** The first message asks for a database by its name; those of tests are equally long, so its length stays. */
  #led(startup: Buffer): Buffer {
    if (this.#database === undefined) return startup;
    const text = startup.toString('latin1').replace(/halyard_test_[0-9a-f]{16}/, this.#database);
    return Buffer.from(text, 'latin1');
  }

  async #pass(bytes: Buffer, to: Socket): Promise<void> {
    const way = this.#way;
    if (way.type === 'silent') return;
    if (way.type === 'late') await sleep(way.byMs);
    if (way.type === 'dripping') return this.#drip(bytes, to, way.everyMs);
    to.write(bytes);
  }

  async #drip(bytes: Buffer, to: Socket, everyMs: number): Promise<void> {
    let at = 0;
    for (; at < bytes.length && this.#way.type === 'dripping' && !to.destroyed; at++) {
      to.write(bytes.subarray(at, at + 1));
      await sleep(everyMs);
    }
    to.write(bytes.subarray(at));
  }
}
