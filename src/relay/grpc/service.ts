// Answers flagd's protocol on the connections that it is given: HTTP/2 without TLS, as gRPC has it, and HTTP/1.1.
import type { Server as Http1Server } from 'node:http';
import { createServer as createHttp2, type Http2Server, type Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { RelayCore } from '../core.ts';
import type { Counters } from '../counters.ts';
import { createHttp1Server, MOST_HEADER_BYTES } from '../http/http1-server.ts';
import { RefusalPace } from '../http/refusal-pace.ts';
import type { OtherStreams } from '../http/streams.ts';
import { refuseConnection } from '../http/unrouted.ts';
import { type CallOptions, Calls } from './calls.ts';
import { EventStreams } from './events.ts';

/** A connection says by then which protocol it speaks, and may be silent so long before that. */
const PREFACE_MS = 10_000;
/** What begins HTTP/2 without TLS (RFC 9113 §3.4); no request of HTTP/1.1 begins so. */
const PREFACE = Buffer.from('PRI');
/** A session without any stream. Those of providers have one that is kept alive. */
const IDLE_MS = 90_000;
/** Streams are answered up to this one: all that a client may still open while it has not heard that it should not. */
const ANY_STREAM = 2 ** 31 - 1;

export interface GrpcService {
  /**
   * The streams of events. Closing them tells every client that this ends: who has a connection should call elsewhere,
   * and may call here until that is heard.
   */
  readonly streams: OtherStreams;
  /** Answers on a connection. */
  take(socket: Socket): void;
  /** Closes the connections on which no call is under way. */
  closeIdle(): void;
  /** Called when all its connections are closed. */
  close(): Promise<void>;
}

/**
 * Starts what answers flagd's protocol; it has no address of its own.
 * @param keepAliveMs how often streams are told something, so that nobody on the way takes them for dead
 */
export function createGrpcService(core: RelayCore, options: CallOptions, keepAliveMs?: number): GrpcService {
  const events = new EventStreams(core, keepAliveMs);
  const calls = new Calls(core, options, events);
  const http1 = http1Server(calls, core.counters);
  const serveHttp1 = (socket: Socket) => {
    http1.emit('connection', socket);
    socket.resume();
  };
  const http2 = http2Server(calls);
  const sessions = new Map<Socket, Http2Session>();
  http2.on('session', (session) => {
    if (core.isStopping()) session.goaway(0, ANY_STREAM);
  });
  const serveHttp2 = (socket: Socket) => {
    // Whoever closes one side of a connection of HTTP/2 has gone away.
    socket.allowHalfOpen = false;
    http2.once('session', (session) => sessions.set(socket, session));
    http2.emit('connection', socket);
    socket.once('close', () => sessions.delete(socket));
  };
  return {
    streams: {
      get size() {
        return events.size;
      },
      get bufferedBytes() {
        return events.bufferedBytes;
      },
      close: () => {
        events.close();
        for (const session of sessions.values()) if (!session.destroyed) session.goaway(0, ANY_STREAM);
      },
    },
    take: (socket) => tellApart(socket, serveHttp1, serveHttp2),
    closeIdle: () => {
      http1.closeIdleConnections();
      for (const [socket, session] of sessions) {
        // One that is closed has said so, and waits for the client to close too.
        if (session.destroyed) socket.destroy();
        else session.close();
      }
    },
    close: async () => {
      calls.close();
      http1.close();
    },
  };
}

/** Hands a connection on by the protocol that its first bytes are of. */
function tellApart(
  socket: Socket,
  serveHttp1: (socket: Socket) => void,
  serveHttp2: (socket: Socket) => void,
): void {
  let seen: Buffer = Buffer.alloc(0);
  const give = (serve: (socket: Socket) => void) => {
    socket.off('data', look).off('timeout', hangUp).off('error', ignore).off('end', hangUp).setTimeout(0);
    socket.pause();
    socket.unshift(seen);
    serve(socket);
  };
  const look = (chunk: Buffer) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const isPreface = PREFACE.subarray(0, seen.length).equals(seen.subarray(0, PREFACE.length));
    if (!isPreface) give(serveHttp1);
    else if (seen.length >= PREFACE.length) give(serveHttp2);
  };
  const hangUp = () => socket.destroy();
  const ignore = () => undefined;
  socket.on('data', look).on('timeout', hangUp).on('error', ignore).on('end', hangUp).setTimeout(PREFACE_MS);
  // One that comes from another process stands still.
  socket.resume();
}

function http1Server(calls: Calls, counters: Counters): Http1Server {
  const pace = RefusalPace.ofClosing();
  const server = createHttp1Server(calls.answer, counters, pace);
  server.timeout = IDLE_MS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    refuseConnection(error.code, socket as Socket, pace),
  );
  // From then on Node watches over a server's connections: their timeouts, and which are idle.
  server.emit('listening');
  return server;
}

function http2Server(calls: Calls): Http2Server {
  const server = createHttp2({
    settings: { maxConcurrentStreams: 256, maxHeaderListSize: MOST_HEADER_BYTES, enablePush: false },
    maxHeaderListPairs: 64,
    maxSendHeaderBlockLength: MOST_HEADER_BYTES,
    maxSettings: 16,
    maxSessionInvalidFrames: 32,
    maxOutstandingPings: 4,
    maxSessionMemory: 4,
    // Rapid reset (CVE-2023-44487): a client that takes back what it has just asked for, over and over.
    streamResetBurst: 1_000,
    streamResetRate: 100,
  });
  server.on('session', (session) => session.setTimeout(IDLE_MS, () => session.destroy()));
  server.on('sessionError', () => undefined);
  server.on('request', calls.answer);
  return server;
}
