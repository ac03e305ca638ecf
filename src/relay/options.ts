// What a relay is started with, checked and filled in once.
import { isIP } from 'node:net';
import { type Address, isLoopback, parseAddress } from '../io/address.ts';
import { mostDescriptors } from '../io/descriptors.ts';
import type { Environment } from '../io/env.ts';
import type { Logger } from '../io/log.ts';
import { readTokens } from '../io/tokens.ts';
import { UsageError } from '../lib/errors.ts';
import { Tokens } from './http/tokens.ts';

export const DEFAULT_LISTEN = '127.0.0.1:8016';
export const DEFAULT_MAX_IN_FLIGHT = 1_024;
const DEFAULT_MAX_CONNECTIONS = 8_192;
export const DEFAULT_SPOOL_BYTES = 256 * 1024 * 1024;
/** A few of the largest calls must fit in. */
export const LEAST_SPOOL_BYTES = 4 * 1024 * 1024;
/** What the source, the cache, the log and Node itself have open at most, for which callers must leave room. */
const OWN_DESCRIPTORS = 64;

export interface RelayOptions {
  environment: string;
  /** Left out: the only project of the source. */
  project?: string | undefined;
  /** `postgres://…`, `directory:PATH`, or the address of another relay, `http://…` or `https://…`. */
  source: string;
  /** A file with the token that another relay as the source demands, in its first line that is none of a comment. */
  sourceTokenFile?: string | undefined;
  /** `HOST:PORT`; port 0 takes a free one. */
  listen?: string | undefined;
  /** The path of a Unix socket that answers what `listen` does. */
  socket?: string | undefined;
  /** `HOST:PORT` of flagd's protocol. */
  grpc?: string | undefined;
  /** Serves probes and metrics without a token. */
  probeListen?: string | undefined;
  /** The folder in which the last good snapshot is kept. */
  cache?: string | undefined;
  /** A file with a token a line; needed for any address but loopback. */
  tokenFile?: string | undefined;
  allowHosts?: readonly string[] | undefined;
  corsOrigins?: readonly string[] | undefined;
  maxInFlight?: number | undefined;
  maxConnections?: number | undefined;
  /** Evaluate calls a second; what is more is answered 429. Left out: no limit. */
  rateLimit?: number | undefined;
  /** Answer from so many processes, which run this process' command line once more; 1 is this process itself. */
  workers?: number | undefined;
  /** The source may go back once, after a restore of its database. */
  acceptRewind?: boolean | undefined;
  /** The address of a collector, to which events of experiments are delivered. Left out: none are taken. */
  collector?: string | undefined;
  /** A file with the token that the collector demands, in its first line that is none of a comment. */
  collectorTokenFile?: string | undefined;
  /** The folder in which events wait on disk; left out, they wait in memory. */
  spool?: string | undefined;
  /** How much may wait there; 256 MiB if it is left out, of all workers together. */
  spoolBytes?: number | undefined;
  /** A file with the secret of 32 bytes or more that pseudonyms of personal units are made with. */
  unitKeyFile?: string | undefined;
  /** The OTEL_* variables among them say whether and where calls are recorded. Left out: they are not. */
  telemetry?: Environment | undefined;
  version: string;
  instanceId: string;
  log: Logger;
}

export interface CheckedOptions extends RelayOptions {
  at: Address;
  probeAt: Address | undefined;
  grpcAt: Address | undefined;
  tokens: Tokens | undefined;
  allowHosts: readonly string[];
  corsOrigins: readonly string[];
  maxInFlight: number;
  maxConnections: number;
}

/** Fills in defaults. Throws a UsageError for what cannot be, or what would open the relay to strangers. */
export async function checkOptions(options: RelayOptions): Promise<CheckedOptions> {
  const at = parseAddress(options.listen ?? DEFAULT_LISTEN, '--listen');
  const grpcAt = options.grpc === undefined ? undefined : parseAddress(options.grpc, '--grpc');
  if (options.tokenFile === undefined) {
    if (!isLoopback(at.host)) throw needsTokens(`--listen ${options.listen}`);
    if (grpcAt && !isLoopback(grpcAt.host)) throw needsTokens(`--grpc ${options.grpc}`);
  }
  refuseWithoutCollector(options);
  return {
    ...options,
    at,
    grpcAt,
    probeAt:
      options.probeListen === undefined ? undefined : parseAddress(options.probeListen, '--probe-listen'),
    tokens: options.tokenFile === undefined ? undefined : new Tokens(await readTokens(options.tokenFile)),
    allowHosts: (options.allowHosts ?? []).map(checkHost),
    corsOrigins: (options.corsOrigins ?? []).map(checkOrigin),
    maxInFlight: options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT,
    maxConnections: options.maxConnections ?? Math.min(DEFAULT_MAX_CONNECTIONS, await room()),
  };
}

function refuseWithoutCollector({ collector, ...options }: RelayOptions): void {
  if (collector !== undefined) return;
  const { collectorTokenFile, spool, spoolBytes, unitKeyFile } = options;
  const given = {
    '--collector-token-file': collectorTokenFile,
    '--spool': spool,
    '--spool-bytes': spoolBytes,
    '--unit-key-file': unitKeyFile,
  };
  for (const [option, value] of Object.entries(given)) {
    if (value !== undefined) throw new UsageError(`${option} is for events, which need a --collector.`);
  }
}

function needsTokens(option: string): UsageError {
  return new UsageError(
    `${option} can be reached from other machines, so it needs --token-file with the tokens that callers must send. ` +
      'Or listen on 127.0.0.1.',
  );
}

/** How many connections there may be before nothing else can be opened. */
async function room(): Promise<number> {
  return Math.max(1, (await mostDescriptors()) - OWN_DESCRIPTORS);
}

/** What is no host alone would be allowed in vain, and callers be told to allow it. */
function checkHost(host: string): string {
  if (isIP(host) !== 0 || /^[\w-]+(\.[\w-]+)*\.?$/.test(host)) return host;
  throw new UsageError(`--allow-host ${host} is no host name. It looks like relay.internal, without a port.`);
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new UsageError(
    `--cors-origin ${origin} is no origin. It looks like https://shop.example, without a path.`,
  );
}
