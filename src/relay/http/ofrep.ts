// OFREP 0.3.0, the OpenFeature Remote Evaluation Protocol: one flag, and all flags of an environment.
// Source: open-feature/protocol, service/openapi.yaml.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { evaluate } from '../../engine/evaluate.ts';
import { errorDetails, ofrepOf } from '../answer.ts';
import { matchesTag, type RelayCore } from '../core.ts';
import type { Served } from '../snapshot-store.ts';
import { decideMany } from './decide-many.ts';
import { RequestFault } from './errors.ts';
import { sendNotReady } from './evaluate.ts';
import type { DecideOne, Handler } from './handler.ts';
import { bodyOf, contextOf, objectOf, servedFor } from './json-body.ts';
import { sendJoined, sheets } from './route.ts';

/** Where OFREP clients hear that they should ask again. */
export const OFREP_EVENTS = '/ofrep/v1/events';

const NOT_READY = new RequestFault(503, 'PROVIDER_NOT_READY', errorDetails('PROVIDER_NOT_READY'), {
  'retry-after': '1',
});

/** `POST /ofrep/v1/evaluate/flags/:key`: 200 with a value or for the app's own default, 404 unknown, 400 failed. */
export function ofrepOne(relay: RelayCore): DecideOne {
  const latency = relay.counters.latency.ofrep;
  return (key, body) => {
    const started = performance.now();
    const context = contextOf(objectOf(body));
    const served = servedFor(relay, body);
    if (!served) throw NOT_READY;
    const now = relay.now();
    const answer = served.answers.give(evaluate(served.ruleset, key, context, now));
    relay.events?.gave(served, answer.decision, context, now);
    const json = ofrepOf(answer);
    latency.observe(performance.now() - started);
    const { errorCode } = answer.decision;
    return { status: errorCode ? (errorCode === 'FLAG_NOT_FOUND' ? 404 : 400) : 200, json };
  };
}

/**
 * `POST /ofrep/v1/evaluate/flags`: all flags; 304 where the client's results are these already.
 * @param eventsUri the address of the stream of events, as this client may open it
 */
export function ofrepBulk(relay: RelayCore, eventsUri: () => string): Handler {
  const latency = relay.counters.latency.ofrep_bulk;
  return (request: FastifyRequest, reply: FastifyReply) => {
    const started = performance.now();
    const body = bodyOf(request);
    const context = contextOf(objectOf(body));
    const served = servedFor(relay, body);
    if (!served) return void sendNotReady(request, reply);
    const nowMs = relay.now();
    return decideMany(relay, request, served, { context, nowMs }, (decisions) => {
      const results = served.answers.giveEvery(decisions);
      // Also where the client has these results already: it goes on showing the arm.
      relay.events?.gaveEvery(served, decisions, context, nowMs);
      // The tag depends on the results alone: a revision that changes nothing for this context keeps it.
      const tag = results.tag();
      reply.header('etag', tag);
      if (matchesTag(request.headers['if-none-match'], tag)) {
        latency.observe(performance.now() - started);
        return void reply.code(304).send();
      }
      const eventStreams = JSON.stringify([{ type: 'sse', endpoint: { requestUri: eventsUri() } }]);
      const tail = `],"eventStreams":${eventStreams},"metadata":${metadataOf(served)}}`;
      const json = sheets.join('{"flags":[', results.items(), tail);
      latency.observe(performance.now() - started);
      sendJoined(reply, json);
    });
  };
}

function metadataOf({ snapshot: { project, environment, revision, commit } }: Served): string {
  return JSON.stringify({ project, environment, revision, commit });
}
