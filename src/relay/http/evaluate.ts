// The native API: one flag, many flags in one call, and the explanation of a decision.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { evaluate } from '../../engine/evaluate.ts';
import { explain } from '../../engine/explain.ts';
import type { Context } from '../../model/context.ts';
import type { Decision } from '../../model/decision.ts';
import { errorDetails, jsonOf, memberOf } from '../answer.ts';
import { notReady, type RelayCore } from '../core.ts';
import { MOST_UNKNOWN_FLAGS } from '../large/reader.ts';
import type { Served } from '../snapshot-store.ts';
import { decideMany } from './decide-many.ts';
import { RequestFault, sendError } from './errors.ts';
import type { DecideOne, Handler } from './handler.ts';
import { bodyOf, contextOrNone, MANY_UNKNOWN, objectOf, servedFor } from './json-body.ts';
import { sendJoined, sendJson, sheets } from './route.ts';

/** `POST /v1/evaluate/:flag`: always 200 for a well-formed request; errors are in the decision. */
export function evaluateOne(relay: RelayCore): DecideOne {
  const latency = relay.counters.latency.evaluate;
  return (flag, body) => {
    const started = performance.now();
    const asked = objectOf(body);
    const context = contextOrNone(asked);
    const served = servedFor(relay, body);
    const json = served
      ? oneJson(relay, served, flag, context, asked.default)
      : JSON.stringify(withDefault(notReady(flag, relay.environment), asked.default));
    latency.observe(performance.now() - started);
    return { status: 200, json };
  };
}

function oneJson(
  relay: RelayCore,
  served: Served,
  flag: string,
  context: Context,
  fallback: unknown,
): string {
  const nowMs = relay.now();
  const answer = served.answers.give(evaluate(served.ruleset, flag, context, nowMs));
  relay.events?.gave(served, answer.decision, context, nowMs);
  if (fallback === undefined || answer.decision.value !== undefined) return jsonOf(answer);
  return JSON.stringify(withDefault(answer.decision, fallback));
}

/** The app's own default fills a missing value; the reason stays what it is. */
function withDefault(decision: Decision, fallback: unknown): unknown {
  // A number that JSON has no word for, 1e999 say, would come out as null.
  if (fallback === undefined || JSON.stringify(fallback) === 'null') return decision;
  const { flag, ...rest } = decision;
  return { flag, value: fallback, ...rest };
}

/** `POST /v1/evaluate`: many flags for one context, all of one revision. Without `flags`: every flag. */
export function evaluateMany(relay: RelayCore): Handler {
  const latency = relay.counters.latency.evaluate_many;
  return (request: FastifyRequest, reply: FastifyReply) => {
    const started = performance.now();
    const body = bodyOf(request);
    const asked = objectOf(body);
    const context = contextOrNone(asked);
    const flags = flagsOf(asked);
    const served = servedFor(relay, body);
    if (!served) return sendJson(reply, noneJson(relay.environment, flags));
    if (flags) refuseManyUnknown(flags, served);
    const nowMs = relay.now();
    return decideMany(relay, request, served, { context, nowMs, flags }, (decisions) => {
      const json = flags ? someJson(served, decisions) : everyJson(served, decisions);
      if (!flags) relay.events?.gaveEvery(served, decisions, context, nowMs);
      else if (relay.events) {
        for (const decision of decisions) relay.events.gave(served, decision, context, nowMs);
      }
      latency.observe(performance.now() - started);
      sendJoined(reply, json);
    });
  };
}

function flagsOf(body: { [member: string]: unknown }): string[] | undefined {
  const { flags } = body;
  if (flags === undefined) return undefined;
  if (Array.isArray(flags) && flags.every((flag) => typeof flag === 'string')) return [...new Set(flags)];
  throw new RequestFault(400, 'PARSE_ERROR', '"flags" must be a list of flag keys.');
}

function refuseManyUnknown(keys: readonly string[], { ruleset: { flags } }: Served): void {
  if (keys.length <= MOST_UNKNOWN_FLAGS) return;
  const known = keys.filter((key) => flags.has(key)).length;
  if (keys.length - known > MOST_UNKNOWN_FLAGS) throw MANY_UNKNOWN;
}

function someJson(served: Served, decisions: readonly Decision[]): Buffer {
  return manyJson(
    served,
    decisions.map((decision) => memberOf(served.answers.give(decision))),
  );
}

function everyJson(served: Served, decisions: readonly Decision[]): Buffer {
  return manyJson(served, served.answers.giveEvery(decisions).members());
}

function manyJson({ snapshot: { revision, commit } }: Served, members: readonly Buffer[]): Buffer {
  return sheets.join(`${JSON.stringify({ revision, commit }).slice(0, -1)},"flags":{`, members, '}}');
}

function noneJson(environment: string, flags: string[] = []): string {
  const errorCode = 'PROVIDER_NOT_READY';
  const members = flags.map(
    (flag) => `${JSON.stringify(flag)}:${JSON.stringify(notReady(flag, environment))}`,
  );
  const head = JSON.stringify({ errorCode, errorDetails: errorDetails(errorCode) });
  return `${head.slice(0, -1)},"flags":{${members.join(',')}}}`;
}

/** `POST /v1/explain/:flag`: the decision, with each step that was taken. */
export function explainOne(relay: RelayCore): Handler {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const body = bodyOf(request);
    const context = contextOrNone(objectOf(body));
    const { flag } = request.params as { flag: string };
    const served = servedFor(relay, body);
    if (!served) return void sendNotReady(request, reply);
    sendJson(reply, JSON.stringify(explain(served.ruleset, flag, context, relay.now())));
  };
}

/** 503, for the routes that have nothing to say before the first snapshot. */
export function sendNotReady(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('retry-after', '1');
  return sendError(request, reply, 503, 'PROVIDER_NOT_READY', errorDetails('PROVIDER_NOT_READY'));
}
