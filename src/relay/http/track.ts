// `POST /v1/track`: what an app's users did, for experiments.
import type { FastifyRequest } from 'fastify';
import type { RelayCore } from '../core.ts';
import type { Tracked } from '../events.ts';
import { RequestFault } from './errors.ts';
import { sendNotReady } from './evaluate.ts';
import type { Handler } from './handler.ts';
import { bodyOf } from './json-body.ts';
import { sendJson } from './route.ts';

const MOST_ITEMS = 1_000;
/** What is full has room again when the collector is back; a disk may take as long. */
const RETRY_AFTER_S = '5';

const NO_COLLECTOR = new RequestFault(
  404,
  'GENERAL',
  'This relay takes no events: it was started without --collector.',
);
const NOT_ITEMS = new RequestFault(
  400,
  'PARSE_ERROR',
  'The request body must be an event, {"event":"purchase","context":{"targetingKey":"…"}}, or a list of events.',
);
const TOO_MANY = new RequestFault(400, 'PARSE_ERROR', `A list may have ${MOST_ITEMS} events.`);
const REFUSALS = {
  full: new RequestFault(
    503,
    'GENERAL',
    'There is no room for more events, since the collector does not take them.',
    {
      'retry-after': RETRY_AFTER_S,
    },
  ),
  disk: new RequestFault(503, 'GENERAL', 'The disk that events wait on refuses.', {
    'retry-after': RETRY_AFTER_S,
  }),
};

/**
 * Takes one event or a list. 202: those that are well-formed are taken, with a spool only when they are on the disk; the
 * others are named by their index. 400: none is well-formed. 503: none is taken, try again. 404: there is no collector.
 */
export function track(relay: RelayCore): Handler {
  return async (request, reply) => {
    if (!relay.events) throw NO_COLLECTOR;
    const items = itemsOf(request);
    const { served } = relay.store;
    // Only the snapshot says which attributes are units, and which are personal.
    if (!served) return void sendNotReady(request, reply);
    const tracked = await relay.events.track(served, items, relay.now());
    if (tracked.type === 'refused') throw REFUSALS[tracked.reason];
    if (tracked.refused.length === items.length && items.length > 0) reply.code(400);
    else reply.code(202);
    sendJson(reply, JSON.stringify(answerOf(tracked, items.length)));
  };
}

function answerOf({ accepted, dropped, refused }: Tracked & { type: 'taken' }, items: number): object {
  const isNoneGood = refused.length === items && items > 0;
  return {
    ...(isNoneGood && { errorCode: 'PARSE_ERROR', errorDetails: 'No event of the request is well-formed.' }),
    accepted,
    ...(dropped > 0 && { dropped }),
    ...(refused.length > 0 && { refused }),
  };
}

/** Throws a RequestFault, or the parser's own. */
function itemsOf(request: FastifyRequest): readonly unknown[] {
  const { value } = bodyOf(request);
  if (value instanceof Error) throw value;
  if (Array.isArray(value)) {
    if (value.length > MOST_ITEMS) throw TOO_MANY;
    return value;
  }
  if (typeof value === 'object' && value !== null) return [value];
  throw NOT_ITEMS;
}
