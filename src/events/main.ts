// The collector: takes events over HTTP, and answers when they are committed in PostgreSQL. It keeps nothing itself, so there can be many.
import { Pool } from '../db/pool.ts';
import { readTokens } from '../io/tokens.ts';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import { Room } from './body.ts';
import { Catalogue } from './catalogue.ts';
import { Committer } from './committer.ts';
import type { CollectorCore } from './core.ts';
import { Counters } from './counters.ts';
import { collectorMetrics } from './metrics.ts';
import { type CheckedOptions, type CollectorOptions, checkOptions, READERS } from './options.ts';
import { RefusalLog } from './refusal-log.ts';
import { retain } from './retention.ts';
import { createCollectorServer } from './server.ts';
import { statusOf } from './status.ts';

/** For one transaction: longer than any should take, and not much longer than a relay waits. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** To find the old ids of a day of 10,000 events a second takes minutes, and nobody waits for it. */
const SWEEP_TIMEOUT_MS = 60 * 60_000;

/** A collector that runs. */
export interface Collector extends AsyncDisposable {
  /** Where it answers, `http://127.0.0.1:8017` say. */
  readonly url: string;
  /** What `GET /v1/status` answers. */
  status(): object;
  /** Rereads the token file. Rejects with a UsageError where it is no good; the old tokens stay. */
  reload(): Promise<void>;
  /** Ends: not ready, nobody new, requests in flight committed and answered. Harmless if called again. */
  stop(): Promise<void>;
}

/**
 * Starts a collector, and resolves when it listens. PostgreSQL may be away; the collector is not ready then, and answers 503.
 * Throws a UsageError for options that cannot be, a database of another schema, or a login without the rights.
 */
export async function startCollector(given: CollectorOptions): Promise<Collector> {
  const options = await checkOptions(given);
  const stopping = new AbortController();
  const writers = options.maxDatabaseConnections - READERS;
  const writer = poolOf(options, writers);
  const reader = poolOf(options, 1);
  const sweeper = poolOf(options, 1, SWEEP_TIMEOUT_MS);
  const core = coreOf(options, { writer, writers, reader }, () => stopping.signal.aborted);
  const app = createCollectorServer(core);
  const closeAll = async () => {
    await app.close();
    await Promise.all([writer.close(), reader.close(), sweeper.close()]);
  };
  let url: string;
  try {
    await firstLook(core);
    url = await listen(app, options);
  } catch (error) {
    await closeAll();
    throw error;
  }
  options.log.info({ url, project: core.catalogue.applied?.project }, 'listening');
  const background = Promise.all([
    core.catalogue.follow(stopping.signal, () => report(core)),
    retain(retentionOf(core, sweeper), stopping.signal),
  ]);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping.abort();
    await app.close();
    core.refusals.flush();
    // What a sweep is at may take long; the next one finds it again.
    await sweeper.terminate();
    await background;
    await closeAll();
    options.log.info('stopped');
  };
  return {
    url,
    status: () => statusOf(core),
    reload: async () => {
      if (options.tokenFile !== undefined) options.tokens?.replace(await readTokens(options.tokenFile));
    },
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}

function poolOf(
  { databaseUrl }: CheckedOptions,
  maxConnections: number,
  statementTimeoutMs = STATEMENT_TIMEOUT_MS,
): Pool {
  return new Pool(databaseUrl, {
    applicationName: 'halyard collect',
    maxConnections,
    statementTimeoutMs,
    lockTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
}

function coreOf(
  options: CheckedOptions,
  { writer, writers, reader }: { writer: Pool; writers: number; reader: Pool },
  isStopping: () => boolean,
): CollectorCore {
  const { project, now, maxEvents, retentionMs, maxBodyBytes, maxUnpackedBytes } = options;
  const metrics = collectorMetrics(() => core);
  const catalogue = new Catalogue({ database: reader, project, now });
  const committer = new Committer({
    ...{ database: writer, writers, now, onCommit: metrics.onCommit },
    onFault: (error) => {
      if (error) options.log.warn({ error }, 'PostgreSQL does not take events');
      else options.log.info('PostgreSQL takes events again');
    },
  });
  const room = new Room(options.maxInFlightBytes);
  const core: CollectorCore = {
    options,
    reader,
    catalogue,
    committer,
    counters: new Counters(),
    refusals: new RefusalLog(options.log),
    room,
    intake: {
      catalogue,
      committer,
      room,
      now,
      maxEvents,
      retentionMs,
      mostBytes: maxBodyBytes,
      mostUnpackedBytes: maxUnpackedBytes,
      onFresh: metrics.onFresh,
    },
    metrics,
    retention: { lastSweepAtMs: undefined, fault: undefined },
    startedAtMs: performance.now(),
    isStopping,
  };
  return core;
}

/** A database that is away, or has no such project yet, is waited for; what a person must mend is said at once. */
async function firstLook({ catalogue, options }: CollectorCore): Promise<void> {
  try {
    await catalogue.look();
  } catch (error) {
    const isToCome = error instanceof UsageError && /^the database has no project/.test(error.message);
    if (!isToCome && !(error instanceof UnreachableError)) throw error;
    options.log.warn({ reason: error.message }, 'not ready yet');
  }
}

async function listen(
  app: ReturnType<typeof createCollectorServer>,
  { at }: CheckedOptions,
): Promise<string> {
  try {
    return await app.listen(at);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'the port is in use' : (code ?? String(cause));
    throw new UsageError(`--listen ${at.host}:${at.port} is not possible: ${why}. Choose another address.`, {
      cause,
    });
  }
}

function report({ catalogue, options: { log } }: CollectorCore): void {
  const { applied, fault } = catalogue;
  if (fault) log.warn({ error: fault.error }, 'not ready: PostgreSQL cannot be worked with');
  else log.info({ project: applied?.project, entry: applied?.entry }, 'definitions read');
}

function retentionOf(
  { catalogue, options, retention }: CollectorCore,
  pool: Pool,
): Parameters<typeof retain>[0] {
  const { retentionMs, now, log } = options;
  return {
    pool,
    project: () => catalogue.applied?.project,
    retentionMs,
    now,
    onSweep: (swept) => {
      if (swept.left === 0) retention.lastSweepAtMs = now();
      else log.warn(swept, 'old events are read by somebody, and left for now');
      retention.fault = undefined;
      if (swept.days > 0 || swept.ids > 0) log.info(swept, 'old events dropped');
    },
    onFault: (error) => {
      retention.fault = { error, atMs: now() };
      log.warn({ error }, 'old events are not dropped');
    },
  };
}
