// The one table of routes: the server is made of it, and openapi.json too.
import type { RelayCore } from '../core.ts';
import { listFlags } from './configuration.ts';
import { flagsAnswer, snapshotAnswer, snapshotNotModified, snapshotQuery } from './configuration-schemas.ts';
import { evaluateMany, evaluateOne, explainOne } from './evaluate.ts';
import { OFREP_EVENTS, ofrepBulk, ofrepOne } from './ofrep.ts';
import { ownMetrics, type RenderMetrics } from './operation.ts';
import { operationRoutes } from './operation-routes.ts';
import type { Route } from './route.ts';
import * as schemas from './schemas.ts';
import { singleFlag } from './single-flag.ts';
import { sendSnapshot } from './snapshot.ts';
import type { Streams } from './streams.ts';
import type { Tokens } from './tokens.ts';
import { trackRoute } from './track-route.ts';

const { error, unavailable } = schemas;

export interface RouteSurroundings {
  streams: Streams;
  /** Counts the open connections. */
  connections: () => Promise<number>;
  /** Where callers must send one. */
  tokens?: Tokens | undefined;
  /** Where the metrics are not those of this process alone. */
  renderMetrics?: RenderMetrics | undefined;
}

/** Every route of a relay. */
export function routeTable(relay: RelayCore, surroundings: RouteSurroundings): Route[] {
  const { streams, connections, tokens } = surroundings;
  const renderMetrics = surroundings.renderMetrics ?? ownMetrics(relay, streams, connections);
  return [
    ...ofrepRoutes(relay, streams, tokens),
    ...nativeRoutes(relay, streams),
    trackRoute(relay),
    ...operationRoutes(relay, renderMetrics),
  ];
}

function ofrepRoutes(relay: RelayCore, streams: Streams, tokens: Tokens | undefined): Route[] {
  const tag = 'OpenFeature';
  const eventsUri = () => (tokens ? `${OFREP_EVENTS}?ticket=${tokens.ticket}` : OFREP_EVENTS);
  return [
    {
      method: 'POST',
      url: '/ofrep/v1/evaluate/flags/:key',
      operationId: 'evaluateFlag',
      summary: 'OFREP: evaluate one flag',
      tag,
      schema: {
        params: schemas.keyParam,
        body: schemas.ofrepBody,
        response: {
          200: schemas.ofrepAnswer,
          ...schemas.evaluation,
          400: schemas.ofrepFailureAnswer,
          404: schemas.ofrepFailureAnswer,
        },
      },
      ...singleFlag(ofrepOne(relay)),
      evaluates: true,
      readsContext: true,
    },
    {
      method: 'POST',
      url: '/ofrep/v1/evaluate/flags',
      operationId: 'evaluateFlagsBulk',
      summary: 'OFREP: evaluate every flag; 304 where the results are what the client has',
      tag,
      schema: {
        headers: schemas.ifNoneMatch,
        querystring: schemas.ofrepQuery,
        body: schemas.ofrepBody,
        response: {
          200: schemas.ofrepBulkAnswer,
          304: schemas.notModified,
          ...schemas.evaluation,
        },
      },
      handler: ofrepBulk(relay, eventsUri),
      evaluates: true,
      readsContext: true,
    },
    {
      method: 'GET',
      url: OFREP_EVENTS,
      operationId: 'ofrepEvents',
      summary: 'OFREP: `refetchEvaluation` after each change, also those that a schedule makes',
      tag,
      schema: {
        headers: schemas.lastEventId,
        response: { 200: schemas.eventStream, 503: unavailable },
      },
      handler: streams.ofrep,
      stream: true,
    },
  ];
}

function nativeRoutes(relay: RelayCore, streams: Streams): Route[] {
  return [
    {
      method: 'POST',
      url: '/v1/evaluate/:flag',
      operationId: 'evaluate',
      summary: 'Evaluate one flag; an unknown one is answered 200 with the error FLAG_NOT_FOUND',
      tag: 'Evaluation',
      schema: {
        params: schemas.flagParam,
        body: schemas.evaluateBody,
        response: { 200: schemas.decisionAnswer, ...schemas.evaluation },
      },
      ...singleFlag(evaluateOne(relay)),
      evaluates: true,
      readsContext: true,
    },
    {
      method: 'POST',
      url: '/v1/evaluate',
      operationId: 'evaluateMany',
      summary: 'Evaluate many flags for one context, all of one revision',
      tag: 'Evaluation',
      schema: {
        body: schemas.evaluateManyBody,
        response: { 200: schemas.decisionsAnswer, ...schemas.evaluation },
      },
      handler: evaluateMany(relay),
      evaluates: true,
      readsContext: true,
    },
    {
      method: 'POST',
      url: '/v1/explain/:flag',
      operationId: 'explain',
      summary: 'Evaluate one flag, and say why: rule by rule, condition by condition',
      tag: 'Evaluation',
      schema: {
        params: schemas.flagParam,
        body: schemas.contextBody,
        response: { 200: schemas.explanationAnswer, ...schemas.evaluation },
      },
      handler: explainOne(relay),
      evaluates: true,
    },
    {
      method: 'GET',
      url: '/v1/flags',
      operationId: 'listFlags',
      summary: 'The catalogue of flags',
      tag: 'Configuration',
      schema: {
        headers: schemas.ifNoneMatch,
        response: { 200: flagsAnswer, 304: schemas.notModified, 503: unavailable },
      },
      handler: listFlags(relay),
    },
    {
      method: 'GET',
      url: '/v1/snapshot',
      operationId: 'snapshot',
      summary: 'The snapshot, whole or what changed of it, for other relays and in-process SDKs',
      tag: 'Configuration',
      schema: {
        headers: schemas.ifNoneMatch,
        querystring: snapshotQuery,
        response: {
          200: snapshotAnswer,
          304: snapshotNotModified,
          400: error,
          503: unavailable,
        },
      },
      handler: sendSnapshot(relay),
    },
    {
      method: 'GET',
      url: '/v1/stream',
      operationId: 'stream',
      summary:
        'Server-sent events: `ready`, then `change` with the revision and the flags that may answer anew',
      tag: 'Configuration',
      schema: {
        headers: schemas.lastEventId,
        response: { 200: schemas.eventStream, 503: unavailable },
      },
      handler: streams.changes,
      stream: true,
    },
  ];
}
