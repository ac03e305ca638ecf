// A request and its response, of HTTP/1.1 or HTTP/2.
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

export type Request = IncomingMessage | Http2ServerRequest;

/** As much of a response as both have. */
export interface Response {
  sendDate: boolean;
  readonly headersSent: boolean;
  readonly writableLength: number;
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: { [name: string]: string | number }): unknown;
  write(chunk: Uint8Array): unknown;
  end(chunk?: Uint8Array): unknown;
  addTrailers(trailers: { [name: string]: string }): void;
  destroy(): unknown;
  on(event: 'error', listener: () => void): unknown;
  once(event: 'close' | 'finish', listener: () => void): unknown;
}

/** The name by which the client calls this server. */
export function authorityOf(request: Request): string | undefined {
  const authority = request.headers[':authority'] ?? request.headers.host;
  return typeof authority === 'string' ? authority : undefined;
}

/** What all requests of a connection share. */
export function connectionOf(request: Request): object {
  return ('stream' in request ? request.stream.session : undefined) ?? request.socket;
}

/** Ends the exchange with its answer, however much of the request is still to come. */
export function cutAfter(request: Request, response: Response): void {
  if ('stream' in request) {
    const { stream } = request;
    stream.once('finish', () => stream.close());
  } else if (request.readableDidRead) {
    // What nobody has begun to read, Node passes over.
    response.setHeader('connection', 'close');
  }
}
