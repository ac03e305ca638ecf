// `halyard up`: the whole system on this machine, for as long as the command runs.
import { Command, InvalidArgumentError, Option } from 'commander';
import { runUntilStopped } from '../io/lifecycle.ts';
import { parseDurationMs } from '../lib/duration.ts';
import { DEFAULT_LISTEN } from '../relay/options.ts';
import { STATE_FOLDER } from './database-url.ts';
import type { UpOptions } from './up/options.ts';
import { up } from './up/up.ts';

/** PostgreSQL must have stopped too by then. */
const STOP_WITHIN_MS = 7_800;

const HELP = `
Change a definition and commit it: a moment later the relay answers anew, and the terminal shows who changed what.
Only commits are served. A commit with problems is shown, and the last good state stays. Where there is no git
repository, the folder itself is served, without PostgreSQL. Another branch, or history that was rewritten, is taken
over by itself, with its audit entry. What happens in experiments goes from the relay to the collector, and from there
into PostgreSQL: see \`halyard analyze\`. Ctrl-C stops everything; the data stay under --data for the next start.

Examples:
  $ halyard up
  $ halyard up --environment staging --listen 127.0.0.1:8026
  $ halyard up --repo https://github.com/acme/shop.git --branch main
  $ halyard audit log                    # while it runs, in the same folder`;

/** The subcommand `up`. */
export function command(): Command {
  return new Command('up')
    .description('Runs PostgreSQL, sync from this repository, a collector and a relay on this machine.')
    .option(
      '--environment <key>',
      'the environment that the relay serves (default: prod, or else the first by name)',
    )
    .option('--repo <path|url>', 'the repository with the definitions', '.')
    .option('--path <folder>', 'where in it the definitions are', 'flags')
    .option('--branch <name>', 'the branch to follow (default: whatever is checked out)')
    .addOption(
      new Option('--interval <duration>', 'how often to look for commits')
        .argParser(readInterval)
        .default(250, '250ms'),
    )
    .option('--listen <host:port>', 'where the relay answers, on the loopback', DEFAULT_LISTEN)
    .option('--database-url <url>', 'use this PostgreSQL instead of starting one')
    .option(
      '--postgres-port <port>',
      'the port of the PostgreSQL that is started (default: a free one)',
      readPort,
    )
    .option(
      '--collector-port <port>',
      'the port of the collector, which takes events from the relay (default: a free one)',
      readPort,
    )
    .option(
      '--data <folder>',
      'where PostgreSQL’s data and the mirror of the repository are kept',
      STATE_FOLDER,
    )
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: UpOptions): Promise<void> {
  const ended = new AbortController();
  stopWithNpm(ended);
  // Whoever read our output has gone: `up | head`, or a terminal that was closed.
  process.stdout.on('error', () => ended.abort());
  await runUntilStopped((signal) => up(options, signal), {
    stopWithinMs: STOP_WITHIN_MS,
    signal: ended.signal,
  });
}

/** npm passes on SIGINT and SIGTERM. When it is killed otherwise, only a new parent process tells. */
function stopWithNpm(ended: AbortController): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => process.ppid === npm || ended.abort(), 500).unref();
}

function readInterval(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 50 && ms <= 3_600_000) return ms;
  throw new InvalidArgumentError('It is a duration from 50ms to 1h, as 250ms is.');
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('It is a port, from 1 to 65535.');
}
