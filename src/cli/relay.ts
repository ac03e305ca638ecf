// `halyard relay`: answers evaluate calls beside an app.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { aborted, runUntilStopped } from '../io/lifecycle.ts';
import { createLog, LOG_LEVELS, type Logger, type LogLevel, logCrashes } from '../io/log.ts';
import { VERSION } from '../lib/version.ts';
import { startRelay } from '../relay/main.ts';
import { DEFAULT_LISTEN, DEFAULT_MAX_IN_FLIGHT, LEAST_SPOOL_BYTES } from '../relay/options.ts';
import { isWorker } from '../relay/workers/messages.ts';

import { databaseUrl } from './database-url.ts';

/** Whatever else may be open then is of no use. */
const LEAVE_MS = 100;
/** More than machines have cores; each needs the memory of a relay. */
const MOST_WORKERS = 256;

interface Options {
  environment: string;
  project?: string;
  source?: string;
  sourceTokenFile?: string;
  listen: string;
  socket?: string;
  grpc?: string;
  probeListen?: string;
  cache?: string;
  tokenFile?: string;
  allowHost?: string[];
  corsOrigin?: string[];
  maxInFlight: number;
  rateLimit?: number;
  workers: number;
  collector?: string;
  collectorTokenFile?: string;
  spool?: string;
  spoolBytes?: number;
  unitKeyFile?: string;
  acceptRewind: boolean;
  instanceId?: string;
  logLevel: LogLevel;
}

const EXAMPLES = `
Sources:
  postgres://user:password@host/database   what \`halyard sync\` applied; left out, HALYARD_DATABASE_URL or the
                                           server that \`halyard up\` runs for this folder
  directory:./flags                        a folder of definitions, without git and database
  https://relay.internal:8016              another relay, so that a fleet needs few database connections

Examples:
  $ halyard relay --environment prod --cache /var/cache/halyard
  $ halyard relay --environment dev --source directory:./flags
  $ halyard relay --environment prod --collector http://collector.internal:8017 --spool /var/spool/halyard
  $ halyard relay --environment prod --listen 0.0.0.0:8016 --token-file /run/secrets/relay --allow-host relay.internal

  $ curl -s localhost:8016/v1/evaluate/one-page-checkout -H 'content-type: application/json' \\
      -d '{"context":{"targetingKey":"user-1"}}'

Signals: SIGTERM and SIGINT stop it within 5 s; SIGHUP rereads the files of tokens and keys and asks the source at once.`;

/** The subcommand `relay`. */
export function command(): Command {
  return new Command('relay')
    .description(
      'Keeps one environment in memory and answers evaluate calls on localhost, whatever else is down.',
    )
    .requiredOption('--environment <name>', 'the environment to serve')
    .option('--project <key>', 'the project, organization/project (default: the only one of the source)')
    .option('--source <source>', 'where snapshots come from (see below)')
    .option('--source-token-file <file>', 'the token that another relay as the source demands')
    .option(
      '--listen <host:port>',
      'where to answer; anything but loopback needs --token-file',
      DEFAULT_LISTEN,
    )
    .option('--socket <path>', 'answer on a Unix socket too')
    .option(
      '--grpc <host:port>',
      "answer flagd's protocol too, which its providers speak (they ask port 8013)",
    )
    .option('--probe-listen <host:port>', 'serve probes and metrics there too, without token')
    .option('--cache <folder>', 'keep the last good snapshot there, and start from it when all else is down')
    .option('--token-file <file>', 'demand one of its tokens (one a line) as Bearer or X-API-Key')
    .option(
      '--allow-host <name>',
      'a Host header to allow besides localhost and addresses; repeatable',
      collect,
    )
    .option('--cors-origin <origin>', 'a web origin that may call from a browser; repeatable', collect)
    .option(
      '--max-in-flight <count>',
      'answer 503 beyond so many requests at once',
      readCount,
      DEFAULT_MAX_IN_FLIGHT,
    )
    .option(
      '--rate-limit <count>',
      'answer 429 beyond so many evaluate calls a second (default: no limit)',
      readCount,
    )
    .option('--workers <count>', 'answer from so many processes behind one port', readWorkers, 1)
    .option('--collector <url>', 'deliver events of experiments there, and take them at POST /v1/track')
    .option('--collector-token-file <file>', 'the token that the collector demands')
    .option('--spool <folder>', 'keep events on disk until they are delivered (default: in memory)')
    .option(
      '--spool-bytes <count>',
      'how much may wait there; what is more is refused (default: 268435456)',
      readSpoolBytes,
    )
    .option('--unit-key-file <file>', 'the secret that pseudonyms of personal units are made with')
    .option('--accept-rewind', 'accept once that the database went back, after it was restored', false)
    .option(
      '--instance-id <name>',
      'the name of this instance in logs (default: host name and a random part)',
    )
    .addOption(new Option('--log-level <level>', 'what to log').choices(LOG_LEVELS).default('info'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run({ instanceId = madeUpName(), logLevel, ...options }: Options): Promise<void> {
  const { environment } = options;
  const log = createLog({ service: 'relay', version: VERSION, level: logLevel, environment, instanceId });
  logCrashes(log);
  await answer({ ...options, instanceId }, log);
  // What a collector that hangs is still to be sent must not keep the process.
  setTimeout(() => process.exit(), LEAVE_MS).unref();
}

async function answer(
  options: Omit<Options, 'logLevel'> & { instanceId: string },
  log: Logger,
): Promise<void> {
  const { allowHost: allowHosts, corsOrigin: corsOrigins } = options;
  const given = { ...options, allowHosts, corsOrigins, version: VERSION, telemetry: process.env, log };
  if (isWorker(process)) {
    const { work } = await import('../relay/workers/work.ts');
    return work({ ...given, source: '' }, options.workers);
  }
  await using relay = await startRelay({ ...given, source: options.source ?? (await databaseUrl()) });
  const reload = () => {
    relay.reload().then(
      () => log.info('reloaded'),
      (error: Error) => log.warn({ reason: error.message }, 'not reloaded'),
    );
  };
  await runUntilStopped(
    async (signal) => {
      await aborted(signal);
      await relay.stop();
    },
    { stopWithinMs: 5_000, onReload: reload, onStop: (reason) => log.info({ reason }, 'stopping') },
  );
}

function madeUpName(): string {
  return `${hostname()}-${randomUUID().slice(0, 8)}`;
}

function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

function readWorkers(text: string): number {
  const count = readCount(text);
  if (count <= MOST_WORKERS) return count;
  throw new InvalidArgumentError(`It is at most ${MOST_WORKERS}: one for each core is enough.`);
}

function readSpoolBytes(text: string): number {
  const bytes = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (bytes >= LEAST_SPOOL_BYTES) return bytes;
  throw new InvalidArgumentError(`It is a whole number of bytes from ${LEAST_SPOOL_BYTES}.`);
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1.');
}
