// Stands between two relays and changes what the one answers, as a broken cache or another program on its port would.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export class LyingRelay implements AsyncDisposable {
  readonly #server: Server;
  readonly #target: string;
  /** What is answered in place of its stream; undefined: the stream. */
  streamStatus: number | undefined;
  /** Undefined: the truth. */
  #lie: ((answer: Answered) => Answered) | undefined;

  private constructor(target: string) {
    this.#target = target.replace(/\/$/, '');
    this.#server = createServer((asked, answer) => {
      if (asked.url?.includes('/stream') && this.streamStatus !== undefined)
        return void answer.writeHead(this.streamStatus, { 'content-type': 'text/html' }).end('<h1>No</h1>');
      const headers = { ...asked.headers, 'accept-encoding': 'identity' };
      const passed = request(
        `${this.#target}${asked.url}`,
        { method: asked.method ?? 'GET', headers },
        (real) => {
          if (asked.url?.includes('/stream'))
            return void real.pipe(answer.writeHead(real.statusCode ?? 500, real.headers));
          const parts: Buffer[] = [];
          real.on('data', (part: Buffer) => parts.push(part));
          real.on('end', () =>
            this.#answer(answer, real.statusCode ?? 500, real.headers, Buffer.concat(parts)),
          );
        },
      );
      passed.on('error', () => answer.destroy());
      answer.on('close', () => passed.destroy());
      asked.pipe(passed);
    });
  }

  static async before(target: string): Promise<LyingRelay> {
    const relay = new LyingRelay(target);
    await once(relay.#server.listen(0, '127.0.0.1'), 'listening');
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  tell(lie: ((answer: Answered) => Answered) | undefined): void {
    this.#lie = lie;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(answer: ServerResponse, status: number, headers: IncomingHttpHeaders, body: Buffer): void {
    const told = this.#lie?.({ status, headers, body }) ?? { status, headers, body };
    const { 'transfer-encoding': _, ...kept } = told.headers;
    const length = told.status === 304 ? {} : { 'content-length': String(told.body.length) };
    answer.writeHead(told.status, { ...kept, ...length }).end(told.body);
  }
}
