// What a relay is started with, checked and filled in once.
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { mostDescriptors } from '../io/descriptors.ts';
import type { Environment } from '../io/env.ts';
import type { Logger } from '../io/log.ts';
import { UsageError } from '../lib/errors.ts';
import { Tokens } from './http/tokens.ts';

export const DEFAULT_LISTEN = '127.0.0.1:8016';
export const DEFAULT_MAX_IN_FLIGHT = 1_024;
const DEFAULT_MAX_CONNECTIONS = 8_192;
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
  /** The OTEL_* variables among them say whether and where calls are recorded. Left out: they are not. */
  telemetry?: Environment | undefined;
  version: string;
  instanceId: string;
  log: Logger;
}

export interface Address {
  host: string;
  port: number;
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
  return {
    ...options,
    at,
    grpcAt,
    probeAt:
      options.probeListen === undefined ? undefined : parseAddress(options.probeListen, '--probe-listen'),
    tokens: options.tokenFile === undefined ? undefined : new Tokens(await readTokens(options.tokenFile)),
    allowHosts: options.allowHosts ?? [],
    corsOrigins: (options.corsOrigins ?? []).map(checkOrigin),
    maxInFlight: options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT,
    maxConnections: options.maxConnections ?? Math.min(DEFAULT_MAX_CONNECTIONS, await room()),
  };
}

function needsTokens(option: string): UsageError {
  return new UsageError(
    `${option} can be reached from other machines, so it needs --token-file with the tokens that callers must send. ` +
      'Or listen on 127.0.0.1.',
  );
}

/** The text of a token file. Throws a UsageError where it cannot be read or holds no token. */
export async function readTokens(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--token-file ${path} cannot be read (${error.code}).`, { cause: error });
  });
  if (!/^[ \t]*[^#\s]/m.test(text))
    throw new UsageError(`--token-file ${path} holds no token. Write one a line.`);
  return text;
}

/** How many connections there may be before nothing else can be opened. */
async function room(): Promise<number> {
  return Math.max(1, (await mostDescriptors()) - OWN_DESCRIPTORS);
}

/** Reads `127.0.0.1:8016`, `localhost:8016` (the same) or `[::1]:8016`. */
export function parseAddress(text: string, option: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) {
    throw new UsageError(`${option} ${text} is no address. It looks like 127.0.0.1:8016 or [::1]:8016.`);
  }
  // The name may mean two addresses, ::1 as well; one server on one address is what is bounded and drained.
  return { host: host === 'localhost' ? '127.0.0.1' : host, port };
}

export function isLoopback(host: string): boolean {
  if (host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new UsageError(
    `--cors-origin ${origin} is no origin. It looks like https://shop.example, without a path.`,
  );
}
