// What is refused before it could be routed, in the shape of every error. Nothing of it is repeated.
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalPace } from './refusal-pace.ts';
import { JSON_TYPE } from './route.ts';

/** Answers what is no HTTP request, or one that is too large or too slow, and closes its connection. */
export function refuseConnection(code: string | undefined, socket: Duplex, pace?: RefusalPace): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, details] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The headers are too large. At most 16 KB are read.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request did not arrive in time.']
        : ['400 Bad Request', 'This is no HTTP request.'];
  const refuse = () => closeWith(socket, status, details);
  // Who sends on is not read any more.
  socket.pause();
  if (pace) pace.answer(refuse);
  else refuse();
}

/** Ends a connection with an answer of its own. */
export function closeWith(socket: Duplex, status: string, details: string): void {
  const body = bodyOf(details);
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy());
}

/** Answers `Expect` headers other than `100-continue`. */
export function refuseExpectations(server: Server): void {
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { 'content-type': JSON_TYPE, connection: 'close' });
    response.end(bodyOf('The header Expect may only say 100-continue.'));
  });
}

function bodyOf(errorDetails: string): string {
  return JSON.stringify({ errorCode: 'GENERAL', errorDetails });
}
