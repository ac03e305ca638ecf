// `halyard collect`: takes the events of experiments from relays, and keeps them in PostgreSQL.
import { Command, InvalidArgumentError, Option } from 'commander';
import { startCollector } from '../events/main.ts';
import { DEFAULTS } from '../events/options.ts';
import { aborted, runUntilStopped } from '../io/lifecycle.ts';
import { createLog, LOG_LEVELS, type LogLevel, logCrashes } from '../io/log.ts';
import { VERSION } from '../lib/version.ts';
import { databaseUrl } from './database-url.ts';

interface Options {
  project?: string;
  databaseUrl?: string;
  listen: string;
  tokenFile?: string;
  maxDatabaseConnections: number;
  retention: number;
  maxBody: number;
  maxUnpacked: number;
  maxEvents: number;
  maxInFlight: number;
  logLevel: LogLevel;
}

/** As long as a transaction may take, and a little more. */
const STOP_WITHIN_MS = 20_000;
const DAY_MS = 86_400_000;
const MOST_DAYS = 3_650;
const MOST_CONNECTIONS = 1_000;

const EXAMPLES = `
Relays bring events to POST /v1/events (\`halyard relay --collector\`). An answer of 200 says that what it counts is
committed; each event counts once, however often it is brought. There can be many collectors beside each other.

Examples:
  $ halyard collect
  $ halyard collect --project acme/shop --database-url postgres://collector@db/halyard --retention 180d
  $ halyard collect --listen 0.0.0.0:8017 --token-file /run/secrets/collector

Signals: SIGTERM and SIGINT stop it once what it has taken is committed; SIGHUP rereads the token file.`;

/** The subcommand `collect`. */
export function command(): Command {
  return new Command('collect')
    .description('Takes the events of experiments from relays, and keeps them in PostgreSQL.')
    .option('--project <key>', 'the project, organization/project (default: the only one of the database)')
    .option('--database-url <url>', 'the PostgreSQL to keep them in')
    .option(
      '--listen <host:port>',
      'where to answer; anything but loopback needs --token-file',
      DEFAULTS.listen,
    )
    .option('--token-file <file>', 'demand one of its tokens (one a line) as Bearer or X-API-Key')
    .addOption(
      new Option('--retention <days>', 'how long events are kept, and how old they may come')
        .argParser(readDays)
        .default(DEFAULTS.retentionMs, `${DEFAULTS.retentionMs / DAY_MS}d`),
    )
    .option(
      '--max-database-connections <count>',
      'hold so many connections to PostgreSQL, from 3',
      readConnections,
      DEFAULTS.maxDatabaseConnections,
    )
    .addOption(
      sizeOption('--max-body <size>', 'take requests of so many bytes, as they come', 'maxBodyBytes'),
    )
    .addOption(
      sizeOption('--max-unpacked <size>', 'take requests of so many bytes, unpacked', 'maxUnpackedBytes'),
    )
    .option('--max-events <count>', 'take so many events a request', readCount, DEFAULTS.maxEvents)
    .addOption(
      sizeOption(
        '--max-in-flight <size>',
        'answer 429 where more bytes than this wait to be committed',
        'maxInFlightBytes',
      ),
    )
    .addOption(new Option('--log-level <level>', 'what to log').choices(LOG_LEVELS).default('info'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const log = createLog({ service: 'collector', version: VERSION, level: options.logLevel });
  logCrashes(log);
  await using collector = await startCollector({
    ...options,
    databaseUrl: await databaseUrl(options),
    retentionMs: options.retention,
    maxBodyBytes: options.maxBody,
    maxUnpackedBytes: options.maxUnpacked,
    maxInFlightBytes: options.maxInFlight,
    version: VERSION,
    log,
  });
  const reload = () => {
    collector.reload().then(
      () => log.info('reloaded'),
      (error: Error) => log.warn({ reason: error.message }, 'not reloaded'),
    );
  };
  await runUntilStopped(
    async (signal) => {
      await aborted(signal);
      await collector.stop();
    },
    { stopWithinMs: STOP_WITHIN_MS, onReload: reload, onStop: (reason) => log.info({ reason }, 'stopping') },
  );
}

function sizeOption(flags: string, description: string, name: SizeName): Option {
  return new Option(flags, description)
    .argParser(readSize)
    .default(DEFAULTS[name], `${DEFAULTS[name] / 2 ** 20}MiB`);
}

type SizeName = 'maxBodyBytes' | 'maxUnpackedBytes' | 'maxInFlightBytes';

function readSize(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,8})(B|KiB|MiB|GiB)$/.exec(text) ?? [];
  const bytes = Number(amount) * 1_024 ** ['B', 'KiB', 'MiB', 'GiB'].indexOf(unit ?? '');
  if (unit !== undefined && bytes <= 2 ** 40) return bytes;
  throw new InvalidArgumentError('It is a whole number with B, KiB, MiB or GiB, 16MiB say.');
}

function readDays(text: string): number {
  const days = Number(/^([1-9]\d{0,3})d$/.exec(text)?.[1]);
  if (days <= MOST_DAYS) return days * DAY_MS;
  throw new InvalidArgumentError(`It is a whole number of days with d, 90d say, at most ${MOST_DAYS}d.`);
}

function readConnections(text: string): number {
  const count = readCount(text);
  if (count <= MOST_CONNECTIONS) return count;
  throw new InvalidArgumentError(`It is at most ${MOST_CONNECTIONS}.`);
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1.');
}
