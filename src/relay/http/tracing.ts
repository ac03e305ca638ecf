// Records the calls that evaluate, where OpenTelemetry is on: from the request's head to the end of its answer.
import type { FastifyInstance } from 'fastify';
import type { CallAttributes, ObservedCall, Telemetry } from '../telemetry.ts';
import type { Handler } from './handler.ts';
import { callOf, isRecordedAs } from './recorded-calls.ts';
import type { Route } from './route.ts';

/** Records every request for a route that evaluates, refused ones too; so this comes before what refuses. */
export function recordCalls(app: FastifyInstance, routes: readonly Route[], telemetry: Telemetry): void {
  const recorded = new Map(
    routes.filter(({ evaluates }) => evaluates).map(({ url, method }) => [url, method]),
  );
  app.addHook('onRequest', (request, reply, done) => {
    const { url = '' } = request.routeOptions;
    if (recorded.get(url) !== request.method) return done();
    const { raw } = request;
    const route = url.replace(/:(\w+)/g, '{$1}');
    const call = telemetry.begin(`${raw.method} ${route}`, raw.headers, {
      'http.request.method': request.method,
      'http.route': route,
      'network.protocol.version': raw.httpVersion,
      'url.scheme': request.protocol,
    });
    if (call) {
      isRecordedAs(request, call);
      const { raw: response } = reply;
      response.once('close', () => {
        const failure = response.statusCode >= 500 ? String(response.statusCode) : undefined;
        call.end({ 'url.path': pathOf(call, route), ...statusOf(response) }, failure);
      });
    }
    done();
  });
}

/** Decisions that a handler comes to are told as events of its request's call. */
export function recordDecisions(handler: Handler): Handler {
  return (request, reply) => {
    const call = callOf(request);
    return call ? call.answer(() => handler(request, reply)) : handler(request, reply);
  };
}

/** The address as it came may hold anything, so only a flag that there is stands in it. */
function pathOf({ flag }: ObservedCall, route: string): string {
  return flag === undefined ? route : route.replace(/\{\w+\}/, flag);
}

/** Who hangs up before the answer's head was given none. */
function statusOf({ headersSent, statusCode }: { headersSent: boolean; statusCode: number }): CallAttributes {
  return headersSent ? { 'http.response.status_code': statusCode } : {};
}
