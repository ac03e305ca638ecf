// Bounds how many requests one connection sends ahead of its answers: they come in one packet, and would all be answered before anyone else.
import { IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Counters } from '../counters.ts';
import type { RefusalPace } from './refusal-pace.ts';
import { end, hasMore, remember, wait, watchOver } from './turns.ts';
import { closeWith } from './unrouted.ts';

/** Clients that pipeline at all keep to a few. */
const MOST_AHEAD = 64;
/** How long the refusal waits: who sends such packets should be slow. */
const HELD_MS = 5_000;

/** So many of a packet are dealt with at once, and so many in a row of one connection are not looked at more closely. */
const FEW = 4;

const ahead = new WeakMap<Socket, number>();

/** How many requests have come in one packet. */
class Packet {
  #socket: Socket | undefined;
  #requests = 0;
  /** Nothing more is read of a connection while a packet of it is dealt with. */
  #bytesRead = 0;

  add(socket: Socket): void {
    const isSame = socket === this.#socket && (this.#requests < FEW || socket.bytesRead === this.#bytesRead);
    this.#socket = socket;
    this.#requests = isSame ? this.#requests + 1 : 1;
    if (this.#requests === FEW) this.#bytesRead = socket.bytesRead;
  }

  /** Whether the newest request is one of many. */
  get isLong(): boolean {
    return this.#requests > FEW;
  }
}

const packet = new Packet();

/**
 * A server's listener: each request is answered at once, or, far into a packet and after what waits of its connection, in a
 * turn of the event loop that no other such request has, so that others are answered in between.
 */
export function inTurns(answer: RequestListener): RequestListener {
  return (request, response) => {
    const { socket } = request;
    packet.add(socket);
    // Only the answer whose turn it is has the socket.
    if (response.socket === null) {
      const add = (more: number) => ahead.set(socket, (ahead.get(socket) ?? 0) + more);
      add(1);
      response.once('close', () => add(-1));
    }
    remember(request, response);
    if (packet.isLong || hasMore(socket)) wait(socket, () => answer(request, response));
    else answer(request, response);
  };
}

function isTooFar(socket: Socket): boolean {
  return (ahead.get(socket) ?? 0) >= MOST_AHEAD;
}

/**
 * A request as Node's parser makes it. `upgrade` is what stops the parser within a packet: it says so where the
 * connection is too far ahead, and for CONNECT. Upgrades that callers ask for are none here; they are answered as if they had not.
 */
export class BoundedMessage extends IncomingMessage {
  get upgrade(): boolean {
    return this.method === 'CONNECT' || isTooFar(this.socket);
  }

  set upgrade(_asked: boolean) {}
}

/**
 * Answers 503 to the first request too many, reads no further one, and closes the connection; CONNECT is answered 405.
 * The server makes its requests as `BoundedMessage`, and deals with them `inTurns`.
 */
export function boundPipelining(server: Server, counters: Counters, pace: RefusalPace): void {
  watchOver(server);
  const refuse = (socket: Socket) => {
    counters.refusedRequests.add('pipelined');
    const details = `More than ${MOST_AHEAD} requests were sent ahead of their answers.`;
    setTimeout(
      () => end(socket, () => closeWith(socket, '503 Service Unavailable', details)),
      HELD_MS,
    ).unref();
  };
  server.on('upgrade', (_request, socket) => refuse(socket.on('error', () => undefined) as Socket));
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined);
    if (isTooFar(request.socket)) refuse(socket as Socket);
    else
      pace.answer(() => end(socket, () => closeWith(socket, '405 Method Not Allowed', 'This is no proxy.')));
  });
}
