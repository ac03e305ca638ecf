// flagd's protocol over a store, without a source: what the tests of this folder ask.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { DescService } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import type { RelayCore } from '../../../src/relay/core.ts';
import { Counters } from '../../../src/relay/counters.ts';
import type { CallOptions } from '../../../src/relay/grpc/calls.ts';
import { createGrpcService, type GrpcService } from '../../../src/relay/grpc/service.ts';
import { SourceHealth } from '../../../src/relay/health.ts';
import { LargeBodies } from '../../../src/relay/large/bodies.ts';
import { ReaderThread } from '../../../src/relay/large/reader.ts';
import { RateLimit } from '../../../src/relay/rate-limit.ts';
import { SnapshotStore } from '../../../src/relay/snapshot-store.ts';
import { posting, readableLog } from '../support.ts';

export interface TestService extends AsyncDisposable {
  url: string;
  port: number;
  core: RelayCore;
  store: SnapshotStore;
  counters: Counters;
  service: GrpcService;
  lines: () => string[];
  /** POSTs JSON as Connect does, over HTTP/1.1. */
  post: ReturnType<typeof posting>;
}

export interface ServeOptions extends Partial<CallOptions> {
  now?: () => number;
  rateLimit?: number;
  keepAliveMs?: number;
}

export async function serve(
  snapshot: Snapshot | undefined,
  { now = Date.now, rateLimit, keepAliveMs, ...options }: ServeOptions = {},
): Promise<TestService> {
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
    startedAtMs: now(),
    now,
    isStopping: () => false,
    rateLimit: rateLimit === undefined ? undefined : new RateLimit(rateLimit),
  };
  const service = createGrpcService(
    core,
    { allowHosts: [], corsOrigins: [], maxInFlight: 1_000, ...options },
    keepAliveMs,
  );
  const server = createServer({ allowHalfOpen: true, noDelay: true }, service.take);
  const open = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  if (snapshot) assert.deepEqual(await store.offer(snapshot), { type: 'served' });
  return {
    url,
    port,
    core,
    store,
    counters,
    service,
    lines,
    post: posting(url),
    [Symbol.asyncDispose]: async () => {
      service.streams.close();
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await service.close();
    },
  };
}

type Transport = Parameters<typeof createClient>[1];

/** Compressed as soon as there is a byte. */
const gzip = { sendCompression: compressionGzip, compressMinBytes: 1 };

/** Every way in which a call can be written, as real clients write it. */
export const TRANSPORTS: { [name: string]: (baseUrl: string) => Transport } = {
  gRPC: (baseUrl) => createGrpcTransport({ baseUrl }),
  'gRPC, compressed': (baseUrl) => createGrpcTransport({ baseUrl, ...gzip }),
  'gRPC in JSON': (baseUrl) => createGrpcTransport({ baseUrl, useBinaryFormat: false }),
  'gRPC-Web over HTTP/1.1': (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  'gRPC-Web over HTTP/2': (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: '2' }),
  'Connect over HTTP/1.1': (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  'Connect over HTTP/1.1, compressed': (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: '1.1', ...gzip }),
  'Connect in JSON over HTTP/2': (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: '2', useBinaryFormat: false }),
};

export function clientOf<Service extends DescService>(
  service: Service,
  url: string,
  transport = 'gRPC',
): Client<Service> {
  return createClient(service, (TRANSPORTS[transport] as (typeof TRANSPORTS)[string])(url));
}
