// The server beneath every protocol that is spoken over HTTP/1.1: the limits of its connections, and whose turn it is.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Counters } from '../counters.ts';
import { closeUnlessAsked, IDLE_MS } from './idle-connections.ts';
import { BoundedMessage, boundPipelining, inTurns } from './pipelining.ts';
import type { RefusalPace } from './refusal-pace.ts';

export const MOST_HEADER_BYTES = 16 * 1024;

/** @param answer called for each request when it is its turn */
export function createHttp1Server(answer: RequestListener, counters: Counters, pace: RefusalPace): Server {
  const limits = {
    IncomingMessage: BoundedMessage,
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: 2_000,
    // The guard of hosts refuses a request without one.
    requireHostHeader: false,
  };
  const server = createServer(limits, inTurns(answer));
  boundPipelining(server, counters, pace);
  // Node would close at once whatever has a timeout.
  server.on('timeout', (socket: Socket) => {
    const isStuck = socket.writableLength > 0;
    if (isStuck) socket.destroy();
    else closeUnlessAsked(socket);
  });
  return server;
}
