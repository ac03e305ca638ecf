// What calls are refused with before anything is decided.
import type { Request, Response } from './request.ts';
import { CallFault } from './status.ts';

export const NO_HOST = new CallFault('invalid_argument', 'The request lacks the name of its host.');
export const OTHER_HOST = new CallFault(
  'permission_denied',
  'This host is not allowed. Start the relay with --allow-host NAME to allow it.',
);
export const NO_TOKEN = new CallFault(
  'unauthenticated',
  'Send a token, as authorization: Bearer TOKEN or as x-api-key: TOKEN.',
);
export const WRONG_TOKEN = new CallFault('unauthenticated', 'The token is not valid.');
export const NO_METHOD = new CallFault(
  'unimplemented',
  "There is no such method. flagd's evaluation protocol is spoken here.",
);
export const NO_HTTP2 = new CallFault(
  'unimplemented',
  'gRPC needs HTTP/2. Over HTTP/1.1, send gRPC-Web or Connect.',
);
export const OTHER_TYPE = new CallFault('unimplemented', 'This method is not called with this content type.');
export const OTHER_VERSION = new CallFault(
  'invalid_argument',
  'Connect is spoken in version 1 here: send connect-protocol-version: 1, or leave it out.',
);
export const UNREAD = new CallFault(
  'unavailable',
  'Too many answers wait on this connection. Read them first.',
  1,
);
export const TWO_HOSTS = new CallFault('invalid_argument', 'The request has more than one Host header.');
export const TOO_MANY = new CallFault('unavailable', 'Too many requests are in flight.', 1);
export const TOO_MANY_LARGE = new CallFault('unavailable', 'Too many large requests are in flight.', 1);
export const TOO_SLOW = new CallFault('deadline_exceeded', 'The request did not arrive in time.');
export const OURS = new CallFault('internal', 'The relay failed to answer. Its log says why.');

/** What is no call at all. */
export function refuseKind({ method }: Request, response: Response): void {
  const [status, message] =
    method === 'POST'
      ? [415, 'Send gRPC, gRPC-Web or Connect, in protobuf or JSON.']
      : [405, 'This address takes POST.'];
  const body = Buffer.from(JSON.stringify({ code: 'unknown', message }));
  response.writeHead(status as number, {
    'content-type': 'application/json',
    ...(status === 405 && { allow: 'POST' }),
  });
  response.end(body);
}
