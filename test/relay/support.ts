// What the relay's tests share: a served snapshot behind a real HTTP server, and a log that is read back.
import assert from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import { createLog, type Logger } from '../../src/io/log.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import type { RelayCore } from '../../src/relay/core.ts';
import { Counters } from '../../src/relay/counters.ts';
import { SourceHealth } from '../../src/relay/health.ts';
import { routeTable } from '../../src/relay/http/routes.ts';
import { createServer, type ServerOptions } from '../../src/relay/http/server.ts';
import { Streams } from '../../src/relay/http/streams.ts';
import { LargeBodies } from '../../src/relay/large/bodies.ts';
import { ReaderThread } from '../../src/relay/large/reader.ts';
import type { RateLimit } from '../../src/relay/rate-limit.ts';
import { SnapshotStore } from '../../src/relay/snapshot-store.ts';
import { type Bodies, snapshotOfBodies } from '../support/snapshot.ts';

/** A snapshot of a revision; each revision has an audit entry of its own. */
export function snapshotAt(revision: number, bodies: Bodies = {}): Snapshot {
  return { ...snapshotOfBodies(bodies), revision, entry: revision, entryHash: `hash-of-${revision}` };
}

const costlyFlag = {
  rules: [
    {
      if: {
        attribute: 'plan',
        operator: 'matches',
        value: ['(a|b)*c[a-z]+', '^(pro|team)-[0-9]{2,8}$'],
      },
      then: { serve: 'on' },
    },
  ],
  fallthrough: { serve: 'off' },
} as const;

/**
 * Flags that each take some hundredths of a millisecond for a context of 15 KB, and all together some milliseconds: more would
 * not be decided in time beside others where the machine is busy.
 */
export const costly = {
  flags: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`flag-${at}`, at % 3 ? costlyFlag : {}])),
  context: { targetingKey: 'user-1', plan: Array.from({ length: 15 }, () => 'ab'.repeat(500)) },
};

/** A log whose lines can be read. */
export function readableLog(): { log: Logger; lines: () => string[] } {
  const lines: string[] = [];
  const log = createLog({
    service: 'relay',
    version: '0.0.0',
    to: { write: (line: string) => void lines.push(line) },
  });
  return { log, lines: () => lines };
}

export interface TestServer extends AsyncDisposable {
  url: string;
  store: SnapshotStore;
  counters: Counters;
  streams: Streams;
  app: FastifyInstance;
  lines: () => string[];
  post: ReturnType<typeof posting>;
  get: (path: string, headers?: Record<string, string>) => Promise<Response>;
}

/** The relay's HTTP server over a store, without a source. */
export async function serve(
  snapshot: Snapshot | undefined,
  options: Partial<ServerOptions> & {
    heartbeatMs?: number;
    now?: () => number;
    rateLimit?: RateLimit;
    isStopping?: () => boolean;
  } = {},
): Promise<TestServer> {
  const { heartbeatMs, now = Date.now, rateLimit, isStopping = () => false, ...server } = options;
  const store = new SnapshotStore();
  const counters = new Counters();
  const { log, lines } = readableLog();
  const core: RelayCore = {
    environment: 'prod',
    version: '0.0.0',
    instanceId: 'test',
    sourceKind: 'directory',
    store,
    health: new SourceHealth(now),
    counters,
    large: new LargeBodies(new ReaderThread(log)),
    log,
    startedAtMs: performance.now(),
    now,
    isStopping,
    rateLimit,
  };
  const streams = new Streams(core, heartbeatMs);
  const app = await createServer(
    core,
    routeTable(core, { streams, connections: async () => 0, tokens: server.tokens }),
    { allowHosts: [], corsOrigins: [], maxInFlight: 1_000, ...server },
  );
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  if (snapshot) assert.deepEqual(await store.offer(snapshot), { type: 'served' });
  return {
    url,
    store,
    counters,
    streams,
    app,
    lines,
    post: posting(url),
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers }),
    [Symbol.asyncDispose]: async () => {
      streams.close();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** POSTs JSON to a server's paths. */
export function posting(url: string) {
  return (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
}

/** Waits for a condition, with a deadline; fails with the last thing seen. */
export async function until<Value>(
  look: () => Value | Promise<Value>,
  holds: (value: Value) => boolean = Boolean,
  timeoutMs = 30_000,
): Promise<Value> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`still not so after ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
