// Where a worker's process begins: it hears from its primary what it is to be, and answers from then on.
import type { Socket } from 'node:net';
import { RequestFault } from '../http/errors.ts';
import { Tokens } from '../http/tokens.ts';
import { newCore } from '../new-core.ts';
import { checkOptions, DEFAULT_SPOOL_BYTES, type RelayOptions } from '../options.ts';
import { startServing } from '../serving.ts';
import { Channel } from './channel.ts';
import { monotonicMs, type Start, type ToWorker, WORKER_VARIABLE } from './messages.ts';
import { Spread } from './spread.ts';
import { Worker } from './worker.ts';

/** Answers until the primary process has this one end, or is gone. The options are those of the primary's command line. */
export async function work(given: RelayOptions, workers: number): Promise<never> {
  // What is sent to the whole group, as Ctrl-C is, is for the primary to act on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const started = Promise.withResolvers<Start>();
  const early: Parameters<Worker['hear']>[] = [];
  let worker: Worker | undefined;
  process.on('message', (message: ToWorker, socket?: Socket) => {
    if (message.type === 'start') started.resolve(message.start);
    else if (worker) worker.hear(message, socket);
    else early.push([message, socket]);
  });
  process.once('disconnect', () => (worker ? worker.orphaned() : process.exit(1)));
  try {
    worker = await startWorker(await started.promise, given, workers);
  } catch (error) {
    // The channel would keep this process, which is of no use; the primary starts another one.
    setImmediate(() => process.disconnect());
    throw error;
  }
  for (const [message, socket] of early) worker.hear(message, socket);
  return Promise.withResolvers<never>().promise;
}

async function startWorker(start: Start, given: RelayOptions, workers: number): Promise<Worker> {
  const { sourceKind, startedAt, doors } = start;
  const channel = new Channel();
  const standing = { isStopping: false, workers: { wanted: workers, up: 0, lost: 0 } };
  const tokens = start.tokens && new Tokens(start.tokens.text, start.tokens.secret);
  // The primary has checked the addresses, and has read the file of tokens.
  const { listen, grpc, tokenFile, ...rest } = given;
  const log = given.log.child({ worker: Number(process.env[WORKER_VARIABLE]) });
  const options = { ...(await checkOptions({ ...shareOf(rest, workers), log })), tokens };
  const core = await newCore(options, {
    sourceKind,
    startedAtMs: performance.now() - (monotonicMs() - startedAt),
    isStopping: () => standing.isStopping,
    linkedHash: (entry) => channel.ask({ type: 'linked-hash', entry }) as Promise<string | null | undefined>,
    workers: () => standing.workers,
  });
  if (core.events) {
    core.askEventStatus = async () => (await channel.ask({ type: 'events' })) as object | undefined;
  }
  const spread = new Spread(core.store);
  core.spread = spread;
  const renderMetrics = () => metricsOf(channel);
  const serving = await startServing(core, options, doors, renderMetrics);
  return new Worker(core, { serving, tokens, channel, standing, spread });
}

/** Those of the whole relay, which its primary makes. */
async function metricsOf(channel: Channel): Promise<{ type: string; text: string }> {
  const answer = (await channel.ask({ type: 'metrics' })) as { type: string; text: string } | undefined;
  if (answer) return answer;
  throw new RequestFault(503, 'GENERAL', 'The primary process of this relay does not answer.');
}

/** What is bounded is bounded for all workers together, so each gets its part. */
function shareOf(options: RelayOptions, workers: number): RelayOptions {
  const { maxInFlight, rateLimit, spool, spoolBytes = DEFAULT_SPOOL_BYTES } = options;
  return {
    ...options,
    ...(maxInFlight !== undefined && { maxInFlight: Math.ceil(maxInFlight / workers) }),
    ...(rateLimit !== undefined && { rateLimit: rateLimit / workers }),
    ...(spool !== undefined && { spoolBytes: Math.floor(spoolBytes / workers) }),
  };
}
