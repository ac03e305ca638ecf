// Lets pages of named origins call from a browser (CORS), and nobody else's.
import type { Request, Response } from './request.ts';

/** True where the request was a browser's question in advance, which is answered. */
export type CrossOrigin = (request: Request, response: Response) => boolean;

const REQUEST_HEADERS = [
  'authorization',
  'connect-protocol-version',
  'connect-timeout-ms',
  'content-type',
  'grpc-timeout',
  'traceparent',
  'tracestate',
  'x-api-key',
  'x-grpc-web',
  'x-user-agent',
].join(', ');
const RESPONSE_HEADERS = 'grpc-status, grpc-message, retry-after';

/** @param origins those that may call */
export function crossOrigin(origins: readonly string[]): CrossOrigin {
  if (origins.length === 0) return () => false;
  return ({ method, headers: { origin, ...headers } }, response) => {
    response.setHeader('vary', 'origin');
    if (origin === undefined || !origins.includes(origin)) return false;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', RESPONSE_HEADERS);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
    response.writeHead(204, {
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': '600',
    });
    response.end();
    return true;
  };
}
