// What has come in long packets, or takes long, takes turns with everyone else: one request in each turn of the event loop, the connections one after the other.
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What waits, by connection, in the order in which it came; the connection that is next comes first. */
const waiting = new Map<Duplex, (() => void)[]>();
/** Whether this turn of the event loop is taken: what waits, or else nothing, comes at its end. */
let isDue = false;

/** Called with what is to be done in a turn of its own, after what waits of the same connection. */
export function wait(socket: Duplex, goOn: () => void): void {
  const line = waiting.get(socket);
  if (line) line.push(goOn);
  else waiting.set(socket, [goOn]);
  awaitTurn();
}

/**
 * Called before what takes long, so that callers who ask for little are answered between those who ask for much.
 * @returns what to wait for; undefined where the turn is free. On a connection on which more waits it is too: what
 *   is behind that has a turn each, and is to find this one answered, since how much is unread is bounded by that
 */
export function ownTurn(socket: Duplex): Promise<void> | undefined {
  if (isDue && !hasMore(socket)) return new Promise((resolve) => wait(socket, resolve));
  takeNextTurn();
}

/** Whether more has come on a connection than what is being dealt with. */
export function hasMore(socket: Duplex): boolean {
  return waiting.has(socket);
}

/** Called with how a connection ends: what was asked before that is answered first. */
export function end(socket: Duplex, goOn: () => void): void {
  if (hasMore(socket)) wait(socket, goOn);
  else setImmediate(goOn);
}

function awaitTurn(): void {
  if (waiting.size > 0) takeNextTurn();
}

function takeNextTurn(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(takeTurn);
}

function takeTurn(): void {
  isDue = false;
  for (const [socket, line] of waiting) {
    // It comes last now.
    waiting.delete(socket);
    const goOn = line.shift();
    if (line.length > 0) waiting.set(socket, line);
    awaitTurn();
    if (!socket.destroyed) goOn?.();
    return;
  }
}

/** Has a server forget what waits of connections that are gone, and answer what waits of those on which no more is asked. */
export function watchOver(server: Server): void {
  server.on('connection', (socket: Duplex) => {
    // Packets of callers that go at once would pile up otherwise, faster than turns come.
    socket.once('close', () => waiting.delete(socket));
    // Node's own listener comes after this one, and would end the connection before its answers.
    socket.prependListener('end', () => Object.assign(server, { httpAllowHalfOpen: hasMore(socket) }));
  });
}
