// The relay: follows a source, keeps one snapshot compiled in memory, and answers from it over HTTP.

import { readTokens } from '../io/tokens.ts';
import { UsageError } from '../lib/errors.ts';
import { keepOnDisk } from './caching.ts';
import type { RelayCore } from './core.ts';
import type { DoorName } from './door.ts';
import { hear, reportSwaps } from './hearing.ts';
import { statusOf } from './http/operation.ts';
import { type Listening, listen } from './listening.ts';
import { newCore } from './new-core.ts';
import { type CheckedOptions, checkOptions, type RelayOptions } from './options.ts';
import { type Emit, follow, type Source } from './source.ts';
import { openSource, sourceKind } from './sources/open.ts';

/** How long spans and events may take to be sent when the relay stops. */
const FLUSH_MS = 1_000;

/** A relay that runs. */
export interface Relay extends AsyncDisposable {
  /** Where it answers, `http://127.0.0.1:8016` say. */
  readonly url: string;
  /** Where probes are answered, if elsewhere too. */
  readonly probeUrl: string | undefined;
  /** Where flagd's protocol is answered, if at all. */
  readonly grpcUrl: string | undefined;
  /** Resolves when there is a first snapshot. */
  readonly ready: Promise<void>;
  /** What `GET /v1/status` answers. */
  status(): object;
  /** Rereads the token file, and asks the source at once. Rejects with a UsageError where the file is no good; the old tokens stay. */
  reload(): Promise<void>;
  /** Ends: not ready, streams closed, requests in flight finished, caches written. Takes at most 4.5 s. Harmless if called again. */
  stop(): Promise<void>;
}

/** Starts a relay, and resolves when it listens. It may have no snapshot yet; `ready` tells. Throws a UsageError for options that cannot be. */
export async function startRelay(given: RelayOptions): Promise<Relay> {
  const kind = sourceKind(given.source);
  if (given.sourceTokenFile !== undefined && kind !== 'upstream') {
    throw new UsageError(
      '--source-token-file is for another relay as the --source, https://relay.internal:8016 say.',
    );
  }
  const options = await checkOptions(given);
  const stopping = new AbortController();
  let isClosed = false;
  let source: Source | undefined;
  const { workers = 1 } = options;
  const claim = await claimEventsOf(options);
  // Calls are answered by the workers, where there are any.
  const own = workers > 1 ? { ...options, telemetry: undefined, collector: undefined } : options;
  const core = await newCore(own, {
    sourceKind: kind,
    linkedHash: async (entry) => source?.linkedHash?.(entry),
    isStopping: () => isClosed,
  });
  const { store, telemetry, events } = core;
  // A folder is read again at each start, so there is nothing to keep of it.
  const cache = kind === 'directory' ? undefined : keepOnDisk(core, options);
  const ready = reportSwaps(core);
  await cache?.load();
  // From here on the cache answers; the source's code is loaded after that.
  const listening = await (workers > 1
    ? listenByWorkers(core, options, workers)
    : listen(core, options)
  ).catch(async (error) => {
    await events?.stop(0);
    await claim?.[Symbol.asyncDispose]();
    throw error;
  });
  const { source: name, sourceTokenFile, environment, project } = options;
  source = await openSource({
    source: name,
    environment,
    project,
    sourceTokenFile,
    known: store.served?.snapshot,
    witness: () => store.witness,
  });
  const heard = hear(core);
  const emit: Emit = async (news) => {
    await heard(news);
    listening.sourceSpoke?.();
  };
  const following = follow(source, emit, stopping.signal);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping.abort();
    const leave = async () => {
      await listening.close();
      // From now on answers tell clients to close. Earlier, these would come back while the doors are being closed.
      isClosed = true;
      await listening.drain();
    };
    await Promise.all([following, leave(), cache?.flush()]);
    await Promise.all([telemetry?.stop(FLUSH_MS), events?.stop(FLUSH_MS)]);
    await claim?.[Symbol.asyncDispose]();
    core.log.info('stopped');
  };
  return {
    url: urlOf(listening, 'listen') as string,
    probeUrl: urlOf(listening, 'probe-listen'),
    grpcUrl: urlOf(listening, 'grpc'),
    ready,
    status: () => statusOf(core),
    reload: () => reload(core, options, source as Source, listening),
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}

async function claimEventsOf(options: CheckedOptions): Promise<AsyncDisposable | undefined> {
  if (options.collector === undefined) return undefined;
  const { claimEvents } = await import('./events/start.ts');
  return claimEvents(options, options.log);
}

async function listenByWorkers(core: RelayCore, options: CheckedOptions, count: number): Promise<Listening> {
  const { listenWithWorkers } = await import('./workers/primary.ts');
  return listenWithWorkers(core, options, count);
}

function urlOf({ doors }: Listening, name: DoorName): string | undefined {
  return doors.find((door) => door.name === name)?.url;
}

async function reload(
  { events, log }: RelayCore,
  options: CheckedOptions,
  source: Source,
  listening: Listening,
): Promise<void> {
  const { tokenFile, collector } = options;
  source.wake();
  if (tokenFile !== undefined) listening.useTokens(await readTokens(tokenFile));
  if (collector === undefined) return;
  const { checkEventFiles } = await import('./events/start.ts');
  await checkEventFiles(options, log);
  await events?.reload();
  listening.reread?.();
}
