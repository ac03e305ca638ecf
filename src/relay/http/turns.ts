// What has come in long packets, or takes long, takes turns with everyone else, in turns of the event loop: the connections one after the other.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { LARGE_BYTES } from '../large/bodies.ts';

/** By connection, in the order in which it came; the connection that is next comes first. */
type Waiting = Map<Duplex, (() => void)[]>;

/** What has come in long packets and is not begun. */
const waiting: Waiting = new Map();
/** What takes long: it comes before what waits of its connection, which is to find it answered, since how much is unread is bounded by that. */
const long: Waiting = new Map();
/** What takes long has a quarter of the time, once those who ask for little take all of it: a turn of the event loop takes long then, too. */
const LONG_TO_OTHERS = 1 / 3;
/** Whether this turn of the event loop is taken: what waits, or else nothing, comes at its end. */
let isDue = false;
let dueSinceMs = 0;

/** Called with what is to be done in a turn of its own, after what waits of the same connection. */
export function wait(socket: Duplex, goOn: () => void): void {
  add(waiting, socket, goOn);
}

/**
 * Called with what takes long, so that callers who ask for little are answered between those who ask for much.
 * @returns what to wait for; undefined where the turn was free and it is done
 */
export function ownTurn(socket: Duplex, work: () => void): Promise<void> | undefined {
  if (isDue) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    add(long, socket, () => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }
  takeNextTurn();
  work();
}

function add(to: Waiting, socket: Duplex, goOn: () => void): void {
  const line = to.get(socket);
  if (line) line.push(goOn);
  else to.set(socket, [goOn]);
  takeNextTurn();
}

/** Whether more has come on a connection than what is being dealt with. */
export function hasMore(socket: Duplex): boolean {
  return (waiting.size > 0 && waiting.has(socket)) || (long.size > 0 && long.has(socket));
}

/** While stopping, connections that are open are still answered, all that has come on them. */
export function tellToClose({ socket }: IncomingMessage, response: ServerResponse): void {
  if (!hasMore(socket)) response.setHeader('connection', 'close');
}

/** Called with how a connection ends: what was asked before that is answered first. */
export function end(socket: Duplex, goOn: () => void): void {
  if (hasMore(socket)) wait(socket, goOn);
  else setImmediate(goOn);
}

function takeNextTurn(): void {
  if (isDue) return;
  isDue = true;
  dueSinceMs = performance.now();
  setImmediate(takeTurn);
}

function takeTurn(): void {
  const nowMs = performance.now();
  const untilMs = nowMs + (nowMs - dueSinceMs) * LONG_TO_OTHERS;
  do nextOf(long)?.();
  while (long.size > 0 && performance.now() < untilMs);
  isDue = false;
  const goOn = nextOf(waiting, (socket) => !long.has(socket));
  if (long.size > 0 || waiting.size > 0) takeNextTurn();
  goOn?.();
}

/** Takes what is next out of what waits. */
function nextOf(all: Waiting, isFree = (_socket: Duplex) => true): (() => void) | undefined {
  for (const [socket, line] of all) {
    if (!isFree(socket)) continue;
    // It comes last now.
    all.delete(socket);
    const goOn = line.shift();
    if (line.length > 0) all.set(socket, line);
    return socket.destroyed ? undefined : goOn;
  }
}

/** Answers to bodies that are read elsewhere or in turns, the newest by connection. None is kept for others: all would grow old. */
const later = new WeakMap<Duplex, ServerResponse>();

/** Called with each request as it comes. */
export function remember({ method, headers, socket }: IncomingMessage, response: ServerResponse): void {
  const isShort = method !== 'POST' || Number(headers['content-length']) <= LARGE_BYTES;
  if (!isShort) later.set(socket, response);
}

/** Has a server forget what waits of connections that are gone, and answer what was asked on those on which no more is asked. */
export function watchOver(server: Server): void {
  server.on('connection', (socket: Duplex) => {
    // Packets of callers that go at once would pile up otherwise, faster than turns come.
    socket.once('close', () => {
      waiting.delete(socket);
      long.delete(socket);
    });
    // Node's own listener comes after this one, and would end the connection before its answers. A stream has begun its own.
    socket.prependListener('end', () => {
      const isAwaited = later.get(socket)?.headersSent === false;
      Object.assign(server, { httpAllowHalfOpen: isAwaited || hasMore(socket) });
    });
  });
}
