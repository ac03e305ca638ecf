// The routes for those who operate a relay: status, probes, metrics.
import type { RelayCore } from '../core.ts';
import { plainText, probeAnswer, statusAnswer } from './configuration-schemas.ts';
import { livez, metrics, type RenderMetrics, readyz, startupz, status } from './operation.ts';
import type { Route } from './route.ts';

/** `GET /v1/status`, the probes and `GET /metrics`. */
export function operationRoutes(relay: RelayCore, renderMetrics: RenderMetrics): Route[] {
  const probe = (url: string, operationId: string, summary: string, handler: Route['handler']): Route => ({
    method: 'GET',
    url,
    operationId,
    summary,
    tag: 'Operation',
    schema: { response: { 200: probeAnswer, 503: probeAnswer } },
    handler,
    probe: true,
  });
  return [
    {
      method: 'GET',
      url: '/v1/status',
      operationId: 'status',
      summary: 'What is served, from where, how old it is, and what went wrong last',
      tag: 'Operation',
      schema: { response: { 200: statusAnswer } },
      handler: status(relay),
    },
    probe('/livez', 'livez', 'The process answers', livez),
    probe('/readyz', 'readyz', 'There is a snapshot to answer from', readyz(relay)),
    probe('/startupz', 'startupz', 'There was a first snapshot', startupz(relay)),
    {
      method: 'GET',
      url: '/metrics',
      operationId: 'metrics',
      summary: 'Metrics for Prometheus',
      tag: 'Operation',
      schema: { response: { 200: plainText } },
      handler: metrics(renderMetrics),
      probe: true,
    },
  ];
}
