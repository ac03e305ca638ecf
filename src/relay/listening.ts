// Opens and closes the addresses on which a relay answers.
import { Server as NetServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { UsageError } from '../lib/errors.ts';
import type { RelayCore } from './core.ts';
import { routeTable } from './http/routes.ts';
import { createProbeServer, createServer } from './http/server.ts';
import { Streams } from './http/streams.ts';
import type { Address, CheckedOptions } from './options.ts';

/** How long requests in flight may take to finish when the relay stops. */
const DRAIN_MS = 3_000;
/** How long connections are taken that have been waiting when the relay was told to stop. */
const ACCEPT_MS = 250;
const SWEEP_MS = 20;
/**
 * A client that is at work sends its next request by then (300 ms); later, silent connections are closed. Counted in
 * sweeps, between which the event loop reads what has come, so that a machine without time to read takes none for silent.
 */
const SWEEPS_TO_SETTLE = 15;

export interface Listening {
  apps: FastifyInstance[];
  streams: Streams;
  url: string;
  probeUrl: string | undefined;
}

/** Answers from now on. Throws a UsageError for an address that cannot be had. */
export async function listen(core: RelayCore, options: CheckedOptions): Promise<Listening> {
  const streams = new Streams(core);
  const apps: FastifyInstance[] = [];
  const connections = async () => {
    const counts = await Promise.all(apps.map(countConnections));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const routes = routeTable(core, { streams, connections, tokens: options.tokens });
  apps.push(await createServer(core, routes, options));
  if (options.probeAt) apps.push(createProbeServer(core, routes, options.maxConnections));
  try {
    const url = await bind(apps[0] as FastifyInstance, options.at, '--listen');
    const probeUrl =
      options.probeAt && (await bind(apps[1] as FastifyInstance, options.probeAt, '--probe-listen'));
    core.log.info({ url, probe_url: probeUrl }, 'listening');
    return { apps, streams, url, probeUrl };
  } catch (error) {
    streams.close();
    await Promise.all(apps.map((app) => app.close()));
    throw error;
  }
}

function countConnections(app: FastifyInstance): Promise<number> {
  return new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count ?? 0)));
}

async function bind(app: FastifyInstance, { host, port }: Address, option: string): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = `${option} ${host.includes(':') ? `[${host}]` : host}:${port}`;
    if (code === 'EADDRINUSE') {
      throw new UsageError(`${where} is in use. Stop what listens there, or choose another port.`, {
        cause: error,
      });
    }
    throw new UsageError(`${where} cannot be listened on (${code}).`, { cause: error });
  }
}

/**
 * Takes no new connection, answers what comes on the open ones until they are silent (each answer tells the client to
 * close), and cuts what does not end in time.
 */
export async function drain(app: FastifyInstance): Promise<void> {
  const { server } = app;
  await acceptWaiting(server);
  const started = performance.now();
  let sweeps = 0;
  const sweep = setInterval(() => {
    if (performance.now() - started > DRAIN_MS) server.closeAllConnections();
    else if (++sweeps > SWEEPS_TO_SETTLE) server.closeIdleConnections();
  }, SWEEP_MS);
  // Not HTTP's own close yet: it would cut connections on which the next request is on its way.
  await new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
  clearInterval(sweep);
  await app.close();
}

/**
 * A client that has connected may still stand in the system's queue, of which a turn of the event loop takes one or
 * some; closing the server would reset the rest. Ends when a turn finds none, or the time is over.
 */
async function acceptWaiting(server: NetServer): Promise<void> {
  const end = performance.now() + ACCEPT_MS;
  let found = true;
  const onConnection = () => {
    found = true;
  };
  server.on('connection', onConnection);
  while (found && performance.now() < end) {
    found = false;
    await turn(); // the rest of this turn
    await turn(); // a whole one
  }
  server.off('connection', onConnection);
}
