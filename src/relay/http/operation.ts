// For those who run a relay: status, probes and metrics.
import { isReady, type RelayCore } from '../core.ts';
import { eventStatusOf } from '../event-status.ts';
import type { DatedFault } from '../health.ts';
import { standingOverrides } from '../overrides.ts';
import type { Served } from '../snapshot-store.ts';
import type { Handler } from './handler.ts';
import { sendJson } from './route.ts';
import type { Streams } from './streams.ts';

/** `GET /livez`: the process answers. */
export const livez: Handler = (_request, reply) => sendJson(reply, '{"alive":true}');

/** `GET /readyz`: there is a snapshot, and the relay was not asked to stop. */
export function readyz(relay: RelayCore): Handler {
  return (_request, reply) => {
    const ready = isReady(relay);
    sendJson(reply.code(ready ? 200 : 503), JSON.stringify({ ready }));
  };
}

/** `GET /startupz`: there was a first snapshot. */
export function startupz(relay: RelayCore): Handler {
  return (_request, reply) => {
    const started = relay.store.served !== undefined;
    sendJson(reply.code(started ? 200 : 503), JSON.stringify({ started }));
  };
}

/** `GET /v1/status`: what is served, from where, how old it is, and what went wrong last. */
export function status(relay: RelayCore): Handler {
  return async (_request, reply) => {
    const events = await relay.askEventStatus?.();
    sendJson(reply, JSON.stringify(statusOf(relay, events)));
  };
}

/** @param events what another process knows of them */
export function statusOf(relay: RelayCore, events = eventStatusOf(relay)): object {
  const { health, store, sourceKind } = relay;
  const now = relay.now();
  const { fault, cacheFault, confirmedAtMs } = health;
  return {
    environment: relay.environment,
    ready: isReady(relay),
    ...(store.served && servedStatus(store.served, now)),
    stale: health.stale,
    ...(confirmedAtMs !== undefined && { ageMs: now - confirmedAtMs }),
    source: {
      kind: sourceKind,
      state: health.state,
      ...(fault && {
        lastError: errorStatus(fault),
      }),
    },
    ...(cacheFault && { cache: { state: 'faulty', lastError: errorStatus(cacheFault) } }),
    ...(store.witness && { witness: store.witness }),
    ...(fault?.code === 'rewound' && { rewound: true }),
    ...(relay.workers && { workers: relay.workers() }),
    ...(events && { events }),
    version: relay.version,
    instanceId: relay.instanceId,
    uptimeMs: Math.round(performance.now() - relay.startedAtMs),
  };
}

function errorStatus({ code, message, atMs }: DatedFault): object {
  return { code, message, since: new Date(atMs).toISOString() };
}

function servedStatus({ snapshot, fromCache }: Served, now: number): object {
  const { project, revision, commit, digest, entry, entryHash, definitions } = snapshot;
  const flags = definitions.filter((row) => row.kind === 'flag').length;
  const overrides = standingOverrides(snapshot, now);
  return { project, revision, commit, digest, entry, entryHash, flags, overrides, fromCache };
}

/** The metrics' text, with its content type. */
export type RenderMetrics = () => Promise<{ type: string; text: string }>;

/** `GET /metrics`, in Prometheus' text format. */
export function metrics(render: RenderMetrics): Handler {
  return async (_request, reply) => {
    const { type, text } = await render();
    reply.header('content-type', type).send(text);
  };
}

/** The metrics of this process. What makes them is loaded when they are first asked for. */
export function ownMetrics(
  relay: RelayCore,
  streams: Pick<Streams, 'size' | 'bufferedBytes'>,
  connections: () => Promise<number>,
): RenderMetrics {
  let render: Promise<RenderMetrics> | undefined;
  return async () => {
    render ??= import('../metrics.ts').then(({ createMetrics }) =>
      createMetrics(relay, streams, connections),
    );
    return (await render)();
  };
}
