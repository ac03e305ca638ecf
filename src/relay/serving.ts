// What answers on connections, whoever has let them in: the HTTP API, the probes, flagd's protocol.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { RelayCore } from './core.ts';
import type { DoorName } from './door.ts';
import type { RenderMetrics } from './http/operation.ts';
import { routeTable } from './http/routes.ts';
import { createProbeServer, createServer } from './http/server.ts';
import { Streams } from './http/streams.ts';
import type { CheckedOptions } from './options.ts';

/** How long requests in flight may take to finish when the relay stops. */
const DRAIN_MS = 2_500;
const SWEEP_MS = 20;
/**
 * A client that is at work sends its next request by then (300 ms); later, silent connections are closed. Counted in
 * sweeps, between which the event loop reads what has come, so that a machine without time to read takes none for silent.
 */
const SWEEPS_TO_SETTLE = 15;

/** Answers on the connections that it is given. */
export interface Service {
  take(socket: Socket): void;
  /** Closes the connections on which no request is under way. */
  closeIdle(): void;
  /** Called when all its connections are closed. */
  close(): Promise<void>;
}

export interface Serving {
  readonly streams: Streams;
  /** Answers on a connection that has come in by a door. */
  take(socket: Socket, door: DoorName): void;
  /** How many connections are open that count together with those of this door: the probes' are counted apart. */
  open(door: DoorName): number;
  /**
   * Ends the streams, answers what comes on the open connections until they are silent (each answer tells the client
   * to close), and cuts what does not end within 2.5 s.
   */
  drain(): Promise<void>;
}

/** Starts what answers at these doors. Loads nothing of what answers at others. */
export async function startServing(
  core: RelayCore,
  options: CheckedOptions,
  doors: readonly DoorName[],
  renderMetrics?: RenderMetrics,
): Promise<Serving> {
  const streams = new Streams(core);
  const open = new Map<Socket, DoorName>();
  const counts = { listen: 0, socket: 0, grpc: 0, 'probe-listen': 0 };
  const routes = routeTable(core, {
    streams,
    connections: async () => open.size,
    tokens: options.tokens,
    renderMetrics,
  });
  const services = new Map<DoorName, Service>();
  if (doors.includes('listen')) {
    const isOfSocket = (socket: Socket) => open.get(socket) === 'socket';
    const guarded = doors.includes('socket') ? { ...options, isOfSocket } : options;
    const api = await serviceOf(await createServer(core, routes, guarded));
    services.set('listen', api).set('socket', api);
  }
  if (doors.includes('probe-listen')) {
    services.set('probe-listen', await serviceOf(createProbeServer(core, routes)));
  }
  if (doors.includes('grpc')) services.set('grpc', await grpcService(core, options, streams));
  const distinct = [...new Set(services.values())];
  return {
    streams,
    open: (door) => (door === 'probe-listen' ? counts[door] : counts.listen + counts.socket + counts.grpc),
    take: (socket, door) => {
      open.set(socket, door);
      counts[door]++;
      socket.once('close', () => {
        open.delete(socket);
        counts[door]--;
      });
      services.get(door)?.take(socket);
    },
    drain: async () => {
      streams.close();
      await seeOut(open, distinct);
      await Promise.all(distinct.map((service) => service.close()));
    },
  };
}

async function grpcService(core: RelayCore, options: CheckedOptions, streams: Streams): Promise<Service> {
  const { createGrpcService } = await import('./grpc/service.ts');
  const grpc = createGrpcService(core, options);
  streams.alongside(grpc.streams);
  return grpc;
}

/** An app of fastify's, which has no address of its own. */
async function serviceOf(app: FastifyInstance): Promise<Service> {
  await app.ready();
  // From then on Node watches over a server's connections: their timeouts, and which are idle.
  app.server.emit('listening');
  return {
    take: (socket) => app.server.emit('connection', socket),
    closeIdle: () => app.server.closeIdleConnections(),
    close: () => app.close(),
  };
}

async function seeOut(open: ReadonlyMap<Socket, DoorName>, services: readonly Service[]): Promise<void> {
  const started = performance.now();
  let sweeps = 0;
  while (open.size > 0) {
    await new Promise((resolve) => setTimeout(resolve, SWEEP_MS));
    if (performance.now() - started > DRAIN_MS) for (const socket of open.keys()) socket.destroy();
    else if (++sweeps > SWEEPS_TO_SETTLE) for (const service of services) service.closeIdle();
  }
}
