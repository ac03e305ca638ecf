// How a connection is closed on which nothing was asked for long.
import type { Socket } from 'node:net';

/** Longer than the pools of apps and proxies keep theirs, so that none meets a connection that is being closed. */
export const IDLE_MS = 72_000;

/**
 * Closes a connection whose time is over, but not where a call has come on it: after a pause of the process its timers run before
 * what has arrived meanwhile is read, and a call that was sent in time would be lost.
 */
export function closeUnlessAsked(socket: Socket): void {
  const { bytesRead } = socket;
  // By then everything that had arrived is read.
  setImmediate(() => {
    if (socket.bytesRead === bytesRead) socket.destroy();
    // Node has let go of one that is late with its first request, and line ends begin none (RFC 9112 §2.2).
    else if (!socket.timeout) socket.setTimeout(IDLE_MS);
  });
}
