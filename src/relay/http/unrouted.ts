// What is refused before it could be routed, in the shape of every error. Nothing of it is repeated.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeUnlessAsked } from './idle-connections.ts';
import type { RefusalPace } from './refusal-pace.ts';
import { JSON_TYPE } from './route.ts';
import { end } from './turns.ts';

/** Those that are refused, and may wait for their turn. */
const refused = new WeakSet<Duplex>();

/**
 * Answers what is no HTTP request, or one that is too large or too slow, and closes its connection. One that was opened ahead, and
 * on which nothing was asked yet, is closed without an answer, which its client would take for that of the request that it sends just then.
 */
export function refuseConnection(code: string | undefined, socket: Duplex, pace?: RefusalPace): void {
  const isUnused = code === 'ERR_HTTP_REQUEST_TIMEOUT' && (socket as Socket).bytesRead === 0;
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  if (isUnused) return void closeUnlessAsked(socket as Socket);
  // While it waits its time runs out as well, which is no answer to what it has sent.
  if (refused.has(socket)) return;
  refused.add(socket);
  const [status, details] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The headers are too large. At most 16 KB are read.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request did not arrive in time.']
        : ['400 Bad Request', 'This is no HTTP request.'];
  // An answer before it may have closed the connection.
  const refuse = () => socket.writable && closeWith(socket, status, details);
  // Who sends on is not read any more.
  socket.pause();
  // It would be taken for the answer to what was asked before and is not answered yet.
  const refuseLast = () => end(socket, refuse);
  if (pace) pace.answer(refuseLast);
  else refuseLast();
}

/** Ends a connection with an answer of its own. */
export function closeWith(socket: Duplex, status: string, details: string): void {
  const body = bodyOf(details);
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: ${JSON_TYPE}\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy());
}

/** Meets `Expect: 100-continue`, and refuses other expectations. */
export function answerExpectations(server: Server): void {
  server.on('checkContinue', (request, response) => {
    // Sent ahead of earlier answers, it would get no 100 but in the midst of its own answer; it may do without (RFC 9110 §10.1.1).
    if (response.socket !== null) response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (_request, response) => {
    const body = bodyOf('The header Expect may only say 100-continue.');
    const headers = {
      'content-type': JSON_TYPE,
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    };
    response.writeHead(417, headers).end(body);
  });
}

function bodyOf(errorDetails: string): string {
  return JSON.stringify({ errorCode: 'GENERAL', errorDetails });
}
