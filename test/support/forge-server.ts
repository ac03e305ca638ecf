// A forge on this machine: answers what it is told to, by path, and remembers how it was asked.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Text as it is; anything else as JSON. */
  body?: unknown;
}

export type Answer = Reply | ((response: ServerResponse) => void);

export interface Asked {
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
}

export class ForgeServer implements AsyncDisposable {
  /** By path and query; what is not there is answered with 404. */
  readonly answers = new Map<string, Answer>();
  readonly asked: Asked[] = [];
  readonly #server = createServer((request, response) => {
    const path = request.url ?? '';
    this.asked.push({ path, headers: request.headers });
    const answer = this.answers.get(path) ?? { status: 404, body: { message: 'Not Found' } };
    if (typeof answer === 'function') {
      answer(response);
      return;
    }
    const { status = 200, headers = {}, body = '' } = answer;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(text);
  });

  static async start(): Promise<ForgeServer> {
    const forge = new ForgeServer();
    await new Promise<void>((resolve) => forge.#server.listen(0, '127.0.0.1', resolve));
    return forge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get paths(): string[] {
    return this.asked.map(({ path }) => path);
  }

  answer(path: string, body: unknown, rest: Omit<Reply, 'body'> = {}): void {
    this.answers.set(path, { ...rest, body });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
