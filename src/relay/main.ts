// The relay: follows a source, keeps one snapshot compiled in memory, and answers from it over HTTP.
import type { FastifyInstance } from 'fastify';
import { UsageError } from '../lib/errors.ts';
import type { RelayCore } from './core.ts';
import { Counters } from './counters.ts';
import { DiskCache } from './disk-cache.ts';
import { SourceHealth } from './health.ts';
import { statusOf } from './http/operation.ts';
import { routeTable } from './http/routes.ts';
import { createProbeServer, createServer } from './http/server.ts';
import { Streams } from './http/streams.ts';
import { type Address, type CheckedOptions, checkOptions, type RelayOptions, readTokens } from './options.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { type Emit, follow, type Source } from './source.ts';
import { openSource, sourceKind } from './sources/open.ts';

/** A relay that runs. */
export interface Relay extends AsyncDisposable {
  /** Where it answers, `http://127.0.0.1:8016` say. */
  readonly url: string;
  /** Where probes are answered, if elsewhere too. */
  readonly probeUrl: string | undefined;
  /** Resolves when there is a first snapshot. */
  readonly ready: Promise<void>;
  /** What `GET /v1/status` answers. */
  status(): object;
  /** Rereads the token file, and asks the source at once. Rejects with a UsageError where the file is no good; the old tokens stay. */
  reload(): Promise<void>;
  /** Ends: not ready, streams closed, requests in flight finished, caches written. Takes at most 4 s. Harmless if called again. */
  stop(): Promise<void>;
}

/** How long requests in flight may take to finish when the relay stops. */
const DRAIN_MS = 3_000;

/** Starts a relay, and resolves when it listens. It may have no snapshot yet; `ready` tells. Throws a UsageError for options that cannot be. */
export async function startRelay(given: RelayOptions): Promise<Relay> {
  const kind = sourceKind(given.source);
  const options = await checkOptions(given);
  const stopping = new AbortController();
  const store = new SnapshotStore({ acceptRewind: options.acceptRewind ?? false });
  const core: RelayCore = {
    environment: options.environment,
    version: options.version,
    instanceId: options.instanceId,
    sourceKind: kind,
    store,
    health: new SourceHealth(Date.now),
    counters: new Counters(),
    log: options.log,
    startedAtMs: Date.now(),
    now: Date.now,
    isStopping: () => stopping.signal.aborted,
  };
  const cache = kind === 'directory' ? undefined : openCache(core, options);
  const ready = reportSwaps(core);
  await cache?.load();
  const { source: name, environment, project } = options;
  const source = await openSource({
    source: name,
    environment,
    project,
    known: store.served?.snapshot,
    witness: () => store.witness,
  });
  const http = await listen(core, options);
  const following = follow(source, hear(core), stopping.signal);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping.abort();
    http.streams.close();
    await Promise.all([following, ...http.apps.map(drain), cache?.flush()]);
    core.log.info('stopped');
  };
  return {
    url: http.url,
    probeUrl: http.probeUrl,
    ready,
    status: () => statusOf(core),
    reload: () => reload(options, source),
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}

/** Takes what a source says: a snapshot to the store, everything to the health, what is new to the log. */
function hear({ store, health, counters, log }: RelayCore): Emit {
  return async (news) => {
    const wasFaulty = health.fault !== undefined;
    const verdict = news.type === 'snapshot' ? await store.offer(news.snapshot, news) : undefined;
    if (verdict?.type === 'refused') counters.rejectedSnapshots.add(verdict.fault.code);
    if (news.type === 'fault') counters.sourceFaults.add(news.fault.code);
    const fault = health.heard(news, verdict);
    if (fault) {
      log.warn({ code: fault.code, reason: fault.message }, 'the source has nothing to serve');
    } else if (wasFaulty && !health.fault) {
      log.info('the source is well again');
    }
  };
}

/** Counts and logs swaps. Resolves at the first one. */
function reportSwaps({ store, counters, log }: RelayCore): Promise<void> {
  return new Promise((resolve) => {
    store.onSwap(({ before, served, flags }) => {
      const { project, revision, commit, digest } = served.snapshot;
      if (before) counters.evaluations.take(before.answers);
      counters.swaps++;
      const compileMs = Math.round(served.compileMs);
      log.info(
        {
          project,
          revision,
          commit,
          digest,
          from_cache: served.fromCache,
          changed_flags: flags.length,
          compile_ms: compileMs,
        },
        before ? 'snapshot swapped' : 'ready',
      );
      resolve();
    });
  });
}

function openCache(
  { store, counters, log }: RelayCore,
  { cache: folder, environment, project }: CheckedOptions,
) {
  if (folder === undefined) return undefined;
  const cache = new DiskCache(folder, environment, project);
  let saving = Promise.resolve();
  store.onSwap(({ served }) => {
    if (served.fromCache) return;
    saving = cache.save(served.snapshot).then(
      () => counters.cacheWrites.add('written'),
      (error: unknown) => {
        counters.cacheWrites.add('failed');
        log.warn({ error, folder }, 'the snapshot could not be written to the cache');
      },
    );
  });
  return {
    load: async () => {
      const { snapshot, damaged } = await cache.load().catch((error: Error) => {
        throw new UsageError(`--cache ${folder} cannot be used: ${error.message}`, { cause: error });
      });
      for (const reason of damaged) log.warn({ reason }, 'a cached snapshot is not served');
      const verdict = snapshot && (await store.offer(snapshot, { fromCache: true }));
      if (verdict?.type === 'refused')
        log.warn({ reason: verdict.fault.message }, 'a cached snapshot is not served');
    },
    flush: () => saving,
  };
}

interface Listening {
  apps: FastifyInstance[];
  streams: Streams;
  url: string;
  probeUrl: string | undefined;
}

async function listen(core: RelayCore, options: CheckedOptions): Promise<Listening> {
  const streams = new Streams(core.store, core.counters);
  const apps: FastifyInstance[] = [];
  const connections = async () => {
    const counts = await Promise.all(apps.map(countConnections));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const routes = routeTable(core, streams, connections);
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

/** Finishes what is in flight, and cuts what does not end in time. */
async function drain(app: FastifyInstance): Promise<void> {
  const overdue = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  // A connection whose last request was in flight becomes idle only now; its app would keep it open.
  const idle = setInterval(() => app.server.closeIdleConnections(), 20);
  await app.close();
  clearTimeout(overdue);
  clearInterval(idle);
}

async function reload({ tokens, tokenFile }: CheckedOptions, source: Source): Promise<void> {
  source.wake();
  if (tokens && tokenFile !== undefined) tokens.replace(await readTokens(tokenFile));
}
