// What a collector is started with, checked and filled in once.
import { type Address, isLoopback, parseAddress } from '../io/address.ts';
import type { Logger } from '../io/log.ts';
import { readTokens, TokenSet } from '../io/tokens.ts';
import { UsageError } from '../lib/errors.ts';

/** Connections that do not write: one looks at definitions and assignments, one drops what is old. */
export const READERS = 2;

export const DEFAULTS = {
  listen: '127.0.0.1:8017',
  maxDatabaseConnections: 4,
  retentionMs: 90 * 86_400_000,
  /** As it comes over the wire. */
  maxBodyBytes: 4 * 1024 * 1024,
  maxUnpackedBytes: 16 * 1024 * 1024,
  maxEvents: 10_000,
  maxInFlightBytes: 64 * 1024 * 1024,
} as const;

export interface CollectorOptions {
  databaseUrl: string;
  /** Left out: the only project of the database. */
  project?: string | undefined;
  /** `HOST:PORT`; port 0 takes a free one. */
  listen?: string | undefined;
  /** A file with a token a line; needed for any address but loopback. */
  tokenFile?: string | undefined;
  /** From 3: one reads, one cleans up, the others write. */
  maxDatabaseConnections?: number | undefined;
  /** How long events are kept, and how old they may come; whole days. */
  retentionMs?: number | undefined;
  maxBodyBytes?: number | undefined;
  maxUnpackedBytes?: number | undefined;
  /** Of one request. */
  maxEvents?: number | undefined;
  /** Bodies of all requests that are not answered yet, unpacked. */
  maxInFlightBytes?: number | undefined;
  version: string;
  log: Logger;
  /** The clock, in epoch milliseconds. */
  now?: () => number;
}

type Filled =
  | 'maxDatabaseConnections'
  | 'retentionMs'
  | 'maxBodyBytes'
  | 'maxUnpackedBytes'
  | 'maxEvents'
  | 'maxInFlightBytes';

export type CheckedOptions = Omit<CollectorOptions, Filled | 'now'> & {
  [name in Filled]: number;
} & { at: Address; tokens: TokenSet | undefined; now: () => number };

/** Fills in defaults. Throws a UsageError for what cannot be, or what would open the collector to strangers. */
export async function checkOptions(options: CollectorOptions): Promise<CheckedOptions> {
  const { listen = DEFAULTS.listen, tokenFile, now = Date.now } = options;
  const at = parseAddress(listen, '--listen');
  if (tokenFile === undefined && !isLoopback(at.host)) {
    throw new UsageError(
      `--listen ${listen} can be reached from other machines, so it needs --token-file with the tokens that relays ` +
        'must send. Or listen on 127.0.0.1.',
    );
  }
  const filled = {
    maxDatabaseConnections: options.maxDatabaseConnections ?? DEFAULTS.maxDatabaseConnections,
    retentionMs: options.retentionMs ?? DEFAULTS.retentionMs,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULTS.maxBodyBytes,
    maxUnpackedBytes: options.maxUnpackedBytes ?? DEFAULTS.maxUnpackedBytes,
    maxEvents: options.maxEvents ?? DEFAULTS.maxEvents,
    maxInFlightBytes: options.maxInFlightBytes ?? DEFAULTS.maxInFlightBytes,
  };
  if (filled.maxDatabaseConnections <= READERS)
    throw new UsageError('--max-database-connections is 3 at least: to write, to read and to clean up.');
  if (filled.maxInFlightBytes < filled.maxUnpackedBytes)
    throw new UsageError('--max-in-flight must have room for one request of --max-unpacked at least.');
  const tokens = tokenFile === undefined ? undefined : new TokenSet(await readTokens(tokenFile));
  return { ...options, ...filled, at, tokens, now };
}
