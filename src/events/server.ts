// The collector's HTTP server: its routes behind a guard, with limits on everything that a client could stretch.
import fastify, { type FastifyInstance, type onRequestHookHandler } from 'fastify';
import { hasTwoHosts, hostJudge, tokensOf } from '../io/callers.ts';
import type { TokenSet } from '../io/tokens.ts';
import type { CollectorCore } from './core.ts';
import { answerFault, Fault } from './faults.ts';
import { openApi } from './openapi.ts';
import { routes } from './routes.ts';

const MAX_CONNECTIONS = 1_024;
const NDJSON_TYPES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/** The app alone, for `inject` and for `listen`. */
export function createCollectorServer(core: CollectorCore): FastifyInstance {
  const { options, counters } = core;
  const { log, tokens, version } = options;
  const app = fastify({
    logger: false,
    bodyLimit: options.maxBodyBytes,
    http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    requestTimeout: 30_000,
    // Longer than the pools of relays and proxies keep theirs, so that none meets a connection that is being closed.
    keepAliveTimeout: 72_000,
    connectionTimeout: 90_000,
    genReqId: () => '',
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  const table = routes(core);
  app.addHook('onRequest', tokens ? tokenGuard(tokens, table) : hostGuard());
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A connection that is kept would keep the server from ending.
    if (core.isStopping()) reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.url === '/v1/events') counters.answered(reply.statusCode);
    done();
  });
  app.setErrorHandler((error, _request, reply) => answerFault(error, reply, log));
  app.setNotFoundHandler((_request, reply) =>
    answerFault(
      new Fault(404, 'NOT_FOUND', 'There is nothing here. /openapi.json names what there is.'),
      reply,
      log,
    ),
  );
  // Bodies are read by the handler, within limits of its own.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(NDJSON_TYPES, (_request, payload, done) => done(null, payload));
  for (const { method, url, handler } of table) app.route({ method, url, handler });
  app.get('/openapi.json', () => openApi(table, version));
  return app;
}

/** Demands `Authorization: Bearer …` or `X-API-Key`, except of probes. */
function tokenGuard(tokens: TokenSet, table: ReturnType<typeof routes>): onRequestHookHandler {
  const probes = new Set(table.filter(({ probe }) => probe).map(({ url }) => url));
  return (request, reply, done) => {
    if (probes.has(request.routeOptions.url ?? '')) return done();
    if (tokensOf(request.headers).some((token) => tokens.open(token))) return done();
    reply.header('www-authenticate', 'Bearer');
    done(new Fault(401, 'TOKEN', 'Send a token, as Authorization: Bearer TOKEN or as X-API-Key: TOKEN.'));
  };
}

/** Without tokens it listens on loopback alone, and a page of another site must not reach it by a name of its own. */
function hostGuard(): onRequestHookHandler {
  const isAllowed = hostJudge([]);
  return (request, _reply, done) => {
    const { host } = request.headers;
    if (host === undefined || hasTwoHosts(request.raw) || !isAllowed(host))
      return done(new Fault(403, 'HOST', 'Only localhost and addresses may be asked for.'));
    done();
  };
}
