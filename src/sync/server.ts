// The small HTTP server of sync: a webhook that only wakes it, probes, metrics and status.
import fastify, { type FastifyInstance } from 'fastify';
import { UsageError } from '../lib/errors.ts';
import { syncMetrics } from './metrics.ts';
import type { SyncStatus } from './status.ts';
import { isFromForge } from './webhook.ts';

export interface SyncServerOptions {
  host: string;
  port: number;
  status: SyncStatus;
  /** Without it there is no webhook. */
  webhookSecret?: string;
  /** Called for each webhook that is let in. */
  wake: () => void;
}

/** GitHub's largest payload. */
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;
const MAX_CONNECTIONS = 64;

/** Listens until it is closed. Resolves to the server and its address. Throws UsageError where it cannot listen there. */
export async function startSyncServer(
  options: SyncServerOptions,
): Promise<AsyncDisposable & { url: string }> {
  const app = createSyncServer(options);
  const { host, port } = options;
  try {
    const url = await app.listen({ host, port });
    return { url, [Symbol.asyncDispose]: () => app.close() };
  } catch (cause) {
    await app.close();
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'the port is in use' : (code ?? String(cause));
    throw new UsageError(`--listen ${host}:${port} is not possible: ${why}. Choose another address.`, {
      cause,
    });
  }
}

/** The app alone, for `inject` and for `startSyncServer`. */
export function createSyncServer({
  status,
  webhookSecret,
  wake,
}: Omit<SyncServerOptions, 'host' | 'port'>): FastifyInstance {
  const app = fastify({
    logger: false,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    forceCloseConnections: true,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  const metrics = syncMetrics(status);
  app.get('/livez', () => ({ status: 'ok' }));
  app.get('/readyz', (_, reply) => {
    const isReady = status.outcome !== undefined && !status.isFailing;
    return reply.code(isReady ? 200 : 503).send({ status: status.report().state });
  });
  app.get('/v1/status', () => status.report());
  app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
  if (webhookSecret !== undefined) addWebhook(app, webhookSecret, wake);
  return app;
}

function addWebhook(app: FastifyInstance, secret: string, wake: () => void): void {
  // The signature is over the bytes as they come, and nothing in them is used.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_, payload, done) => done(null, payload));
  app.post('/hooks/git', async (request, reply) => {
    if (!(await isFromForge(secret, request.headers, withinLimit(request.raw))))
      return reply.code(401).send({ error: 'The signature does not fit.' });
    wake();
    return reply.code(202).send({ status: 'woken' });
  });
}

async function* withinLimit(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > BODY_LIMIT_BYTES)
      throw Object.assign(new Error('The body is too large.'), { statusCode: 413 });
    yield chunk;
  }
}
