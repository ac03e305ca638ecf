// The HTTP server: fastify with the table of routes, one error shape, and limits on everything that a client could stretch.
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import fastify, {
  type FastifyInstance,
  type HTTPMethods,
  type onRequestHookHandler,
  type RouteHandlerMethod,
} from 'fastify';
import type { RelayCore } from '../core.ts';
import { Refusing, RequestFault } from './errors.ts';
import { hostFaults, hostGuard, tokenGuard } from './guard.ts';
import type { Handler } from './handler.ts';
import { createHttp1Server } from './http1-server.ts';
import { withBody } from './json-body.ts';
import { Load, rateGuard } from './load.ts';
import { RefusalPace } from './refusal-pace.ts';
import { type Route, withoutCompilers } from './route.ts';
import { shortcut } from './single-flag.ts';
import { closeStuckReaders } from './stuck-readers.ts';
import type { Tokens } from './tokens.ts';
import { passIdsOn } from './trace.ts';
import { recordCalls, recordDecisions } from './tracing.ts';
import { tellToClose } from './turns.ts';
import { answerExpectations, refuseConnection } from './unrouted.ts';

export interface ServerOptions {
  allowHosts: readonly string[];
  corsOrigins: readonly string[];
  tokens?: Tokens | undefined;
  maxInFlight: number;
  /** How many connections a second are closed without delay after a faulty request; left out: few. */
  refusalsAtOnce?: number | undefined;
  /** True for a connection that the rights of a file have let in, so that it needs neither token nor Host. */
  isOfSocket?: (socket: Socket) => boolean;
}

/** An app with all routes. */
export async function createServer(
  relay: RelayCore,
  routes: readonly Route[],
  options: ServerOptions,
): Promise<FastifyInstance> {
  const { allowHosts, corsOrigins, isOfSocket, refusalsAtOnce, tokens } = options;
  const hostFaultOf = hostFaults(allowHosts);
  const load = new Load(options.maxInFlight, relay.counters);
  // Whatever else is to be done for each call, the framework's hooks do.
  const isPlain = !relay.telemetry && !relay.rateLimit && !tokens && corsOrigins.length === 0;
  const through = isPlain ? shortcut(relay, routes, { hostFaultOf, isOfSocket, load }) : undefined;
  const app = createApp(relay, { refusalsAtOnce, through });
  const guard = (hook: onRequestHookHandler) =>
    app.addHook('onRequest', isOfSocket ? unless(isOfSocket, hook) : hook);
  if (relay.telemetry) recordCalls(app, routes, relay.telemetry);
  guard(hostGuard(hostFaultOf, relay.counters));
  if (corsOrigins.length > 0) await allowOrigins(app, corsOrigins);
  if (tokens) guard(tokenGuard(tokens, relay.counters));
  addRoutes(app, routes, relay, load);
  addDocs(app, routes, relay);
  return app;
}

function unless(isExempt: (socket: Socket) => boolean, hook: onRequestHookHandler): onRequestHookHandler {
  return function guarded(request, reply, done) {
    if (isExempt(request.raw.socket)) done();
    else hook.call(this, request, reply, done);
  };
}

/** An app with the probes and the metrics alone, for --probe-listen: no token, any host. */
export function createProbeServer(relay: RelayCore, routes: readonly Route[]): FastifyInstance {
  const app = createApp(relay);
  const probes = routes.filter((route) => route.probe);
  addRoutes(app, probes, relay, undefined);
  return app;
}

interface AppOptions {
  refusalsAtOnce?: number | undefined;
  /** What is asked before the framework. */
  through?: ((others: RequestListener) => RequestListener) | undefined;
}

function createApp(relay: RelayCore, { refusalsAtOnce, through }: AppOptions = {}): FastifyInstance {
  const { counters, isStopping } = relay;
  const pace = RefusalPace.ofClosing(refusalsAtOnce);
  const refusing = new Refusing(relay, pace);
  const app = fastify({
    logger: false,
    serverFactory: (framework) => {
      const route = through ? through(framework) : framework;
      const answer: RequestListener = (request, response) => {
        if (isStopping()) tellToClose(request, response);
        passIdsOn(request, response);
        route(request, response);
      };
      return createHttp1Server(answer, counters, pace);
    },
    routerOptions: { maxParamLength: 1_024 },
    return503OnClosing: false,
    exposeHeadRoutes: false,
    schemaController: withoutCompilers,
    genReqId: () => '',
    frameworkErrors: (error, request, reply) => refusing.error(error, request, reply),
    clientErrorHandler: (error, socket) => refuseConnection(error.code, socket, pace),
  });
  answerExpectations(app.server);
  const stopLooking = closeStuckReaders(app.server);
  app.addHook('onClose', async () => stopLooking());
  // Handlers read the bodies that they need themselves.
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']) {
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  }
  app.decorateRequest('land', undefined);
  app.setErrorHandler(refusing.error);
  app.setNotFoundHandler(refusing.notFound);
  return app;
}

async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  const { default: cors } = await import('@fastify/cors');
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'Content-Type',
      'If-None-Match',
      'Authorization',
      'X-API-Key',
      'Last-Event-ID',
      'Cache-Control',
      'traceparent',
      'tracestate',
      'X-Request-Id',
    ],
    exposedHeaders: ['ETag', 'Retry-After', 'X-Request-Id'],
    // What is no preflight is told nothing; the plugin's own refusal has a shape of its own.
    strictPreflight: false,
    maxAge: 600,
  });
}

const OTHER_METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

function addRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  relay: RelayCore,
  load: Load | undefined,
): void {
  const { isStopping, rateLimit, counters, telemetry } = relay;
  const rate = rateLimit && rateGuard(rateLimit, counters);
  for (const { method, url, handler, evaluates, readsContext, stream, probe } of routes) {
    const answer = evaluates && telemetry ? recordDecisions(handler) : handler;
    const arrived: Handler = (request, reply) => {
      load?.land(request);
      // Asked again, since a body may take its time.
      if (isStopping()) tellToClose(request.raw, reply.raw);
      return answer(request, reply);
    };
    app.route({
      method,
      url,
      exposeHeadRoute: method === 'GET' && !stream,
      ...(readsContext && { config: { readsContext } }),
      // A relay that is busy still says that it lives, and how it does.
      ...(load && !stream && !probe && { onRequest: evaluates && rate ? [rate, load.take] : load.take }),
      handler: method === 'POST' ? withBody(relay, arrived) : arrived,
    });
  }
  for (const url of new Set(routes.map((route) => route.url))) refuseOtherMethods(app, url);
}

function refuseOtherMethods(app: FastifyInstance, url: string): void {
  const isServed = (method: HTTPMethods) => app.hasRoute({ method: method as 'GET', url });
  const method = OTHER_METHODS.filter((candidate) => !isServed(candidate));
  const allow = OTHER_METHODS.filter(isServed).join(', ');
  app.route({
    method,
    url,
    handler: () => {
      throw new RequestFault(405, 'GENERAL', `This address takes ${allow}.`, { allow });
    },
  });
}

/** The page and its tools are loaded when someone looks at them. */
function addDocs(app: FastifyInstance, routes: readonly Route[], relay: RelayCore): void {
  let docs: Promise<FastifyInstance> | undefined;
  for (const url of ['/openapi.json', '/docs', '/docs/*']) {
    const handler: RouteHandlerMethod = async (request, reply) => {
      docs ??= import('./docs.ts').then(({ createDocs }) => createDocs(routes, relay));
      const { routing } = await docs;
      reply.hijack();
      routing(request.raw, reply.raw);
    };
    app.route({ method: ['GET', 'HEAD'], url, handler });
    refuseOtherMethods(app, url);
  }
  app.addHook('onClose', async () => (await docs)?.close());
}
