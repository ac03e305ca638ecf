// The route for events of experiments.
import type { RelayCore } from '../core.ts';
import type { Route } from './route.ts';
import { error, unavailable } from './schemas.ts';
import { track } from './track.ts';
import { nothingTracked, trackAnswer, trackBody } from './track-schemas.ts';

/** `POST /v1/track`. It evaluates nothing, so --rate-limit does not count it. */
export function trackRoute(relay: RelayCore): Route {
  return {
    method: 'POST',
    url: '/v1/track',
    operationId: 'track',
    summary: 'Tell what happened, one event or a list, for the metrics of experiments',
    tag: 'Events',
    schema: {
      body: trackBody,
      response: { 202: trackAnswer, 400: nothingTracked, 404: error, 503: unavailable },
    },
    handler: track(relay),
  };
}
