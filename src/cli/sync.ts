// `halyard sync`: applies merged commits to PostgreSQL, once or for as long as it runs.
import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runUntilStopped } from '../io/lifecycle.ts';
import { parseDurationMs } from '../lib/duration.ts';
import { UsageError } from '../lib/errors.ts';
import type { SyncEvent } from '../sync/event.ts';
import { eventLine } from '../sync/event-line.ts';
import { Sync } from '../sync/loop.ts';
import type { SyncOptions } from '../sync/options.ts';
import type { SyncStatus } from '../sync/status.ts';
import { databaseUrl } from './database-url.ts';
import { EXIT } from './exit.ts';
import { addGitOptions, type GitOptions, mirrorOptions } from './git-options.ts';
import { acceptHistoryCommand } from './sync/accept-history.ts';
import { addCheckpointOptions, type CheckpointOptions, checkpointsOf } from './sync/checkpoint-options.ts';
import { type ForgeOptions, forgeOf } from './sync/forge.ts';

interface Options extends ForgeOptions, GitOptions, CheckpointOptions {
  branch: string;
  path: string;
  databaseUrl?: string;
  interval: number;
  once?: boolean;
  listen?: { host: string; port: number };
  webhookSecretFile?: string;
  format: 'text' | 'json';
}

const STOP_WITHIN_MS = 8_000;

const EXAMPLES = `
Each commit that is judged prints one line. The database comes from --database-url, else HALYARD_DATABASE_URL, else the
server that \`halyard up\` runs for this folder. The mirror under --state-dir may be deleted at any time.

Examples:
  $ halyard sync --repo . --once
  $ halyard sync --repo https://github.com/acme/shop.git --git-token-file /run/secrets/git-token
  $ halyard sync --repo git@github.com:acme/shop.git --git-ssh-key ~/.ssh/deploy --git-known-hosts ./known_hosts
  $ halyard sync --repo https://github.com/acme/shop.git --git-token-file token --forge github --forge-token-file token
  $ halyard sync --repo /srv/git/shop.git --listen 0.0.0.0:8017 --webhook-secret-file /run/secrets/webhook
  $ halyard sync --checkpoint-key /run/secrets/checkpoint-key --checkpoint-ref refs/halyard/checkpoints
  $ halyard sync accept-history 4c1d5ab0f2e94c0b8e7d6f5a4b3c2d1e0f9a8b7c

With --listen: POST /hooks/git (with --webhook-secret-file; signed as GitHub, Gitea or GitLab do) looks for commits at
once; GET /livez, /readyz, /metrics, /v1/status.

With --once: exit code 0 when the head is applied, 1 while it is not or the history diverged, 3 when git,
PostgreSQL or a forge that is needed is away for 30 s.`;

/** The subcommand `sync`, with `sync accept-history` under it. */
export function command(): Command {
  const sync = new Command('sync')
    .exitOverride()
    .enablePositionalOptions()
    .description('Applies each merged commit to PostgreSQL, in one transaction with its audit entry.')
    .option('--repo <url|path>', 'the repository: https, ssh, file or a path', '.')
    .option(
      '--branch <name>',
      'the branch to follow; HEAD is whatever the repository has checked out',
      'main',
    )
    .option('--path <folder>', 'where in the repository the definitions are', 'flags')
    .option('--database-url <url>', 'the PostgreSQL to apply to')
    .addOption(
      new Option('--interval <duration>', 'how often to look for commits')
        .argParser(readInterval)
        .default(2_000, '2s'),
    )
    .option('--once', 'apply what is there, then exit')
    .option(
      '--listen <host:port>',
      'serve the webhook, probes, metrics and status there, 127.0.0.1:8017 say',
      readAddress,
    );
  addCheckpointOptions(addGitOptions(sync))
    .addOption(
      new Option('--forge <kind>', 'count the reviews of pull requests there as approvals').choices([
        'github',
        'gitlab',
      ]),
    )
    .option('--forge-repository <name>', 'owner/name or group/name there (default: what --repo says)')
    .option('--forge-url <url>', 'where its API is (default: the public one, or that of the host in --repo)')
    .option('--forge-token-file <file>', 'a token that may read pull requests; read again at each use')
    .option('--webhook-secret-file <file>', 'the secret that webhooks are signed with; needs --listen')
    .addOption(
      new Option('--format <format>', 'how to print what happens').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', EXAMPLES)
    .action(run);
  return sync.addCommand(acceptHistoryCommand());
}

async function run(options: Options): Promise<void> {
  const secret = await webhookSecret(options);
  await using sync = new Sync(await syncOptions(options));
  const service = async (signal: AbortSignal) => {
    if (options.once) return runOnce(sync, signal);
    if (!options.listen) return sync.run(signal);
    const { startSyncServer } = await import('../sync/server.ts');
    await using _server = await startSyncServer({
      ...options.listen,
      status: sync.status,
      wake: () => sync.wake(),
      ...(secret !== undefined && { webhookSecret: secret }),
    });
    await sync.run(signal);
  };
  await runUntilStopped(service, { stopWithinMs: STOP_WITHIN_MS, onReload: () => sync.wake() });
}

async function runOnce(sync: Sync, signal: AbortSignal): Promise<void> {
  const outcome = await sync.runOnce(signal).catch((error: unknown) => {
    if (signal.aborted) return 'stopped';
    throw error;
  });
  if (outcome === 'applied') return;
  process.exitCode = EXIT.problems;
  const why = signal.aborted ? undefined : whyAsBefore(sync.status);
  if (why !== undefined) process.stderr.write(`halyard: ${why}\n`);
}

/** What an earlier run has recorded is no event of this one, and keeps the head from being applied all the same. */
function whyAsBefore(status: SyncStatus): string | undefined {
  const { state, head = '', lastProblem } = status.report();
  if (state !== 'rejected' || status.counts.rejected > 0) return undefined;
  const problem = lastProblem === undefined ? '' : ` (${lastProblem})`;
  return `the head is rejected as before${problem}. Why: halyard access explain ${head.slice(0, 10)}`;
}

async function syncOptions(options: Options): Promise<SyncOptions> {
  const forge = await forgeOf(options);
  const checkpoints = await checkpointsOf(options);
  return {
    databaseUrl: await databaseUrl({ databaseUrl: options.databaseUrl }),
    repo: options.repo,
    branch: options.branch,
    path: options.path,
    intervalMs: options.interval,
    ...mirrorOptions(options),
    ...(forge && { forge }),
    ...(checkpoints && { checkpoints }),
    onEvent: (event) => print(event, options),
  };
}

/** Failures go to standard error; what was judged is the output. */
function print(event: SyncEvent, { format, path }: Options): void {
  const isFailure = ['failed', 'recovered', 'checkpoint-failed'].includes(event.type);
  const line = format === 'json' ? JSON.stringify(plain(event)) : eventLine(event, path);
  (isFailure ? process.stderr : process.stdout).write(`${line}\n`);
}

function plain(event: SyncEvent): unknown {
  if (!('error' in event)) return event;
  return {
    type: event.type,
    error: event.error instanceof Error ? event.error.message : String(event.error),
  };
}

async function webhookSecret({ webhookSecretFile, listen }: Options): Promise<string | undefined> {
  if (webhookSecretFile === undefined) return undefined;
  if (!listen)
    throw new UsageError('--webhook-secret-file needs --listen, where the webhook is to be served.');
  const secret = await readFile(webhookSecretFile, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--webhook-secret-file ${webhookSecretFile} cannot be read.`, { cause });
  });
  if (secret.trim().length >= 8) return secret.trim();
  throw new UsageError(
    `--webhook-secret-file ${webhookSecretFile} must hold a secret of at least 8 characters.`,
  );
}

function readInterval(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms >= 50 && ms <= 86_400_000) return ms;
  throw new InvalidArgumentError('It is a duration from 50ms to 24h, as 2s is.');
}

function readAddress(text: string): { host: string; port: number } {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new InvalidArgumentError('It is HOST:PORT, as 127.0.0.1:8017 is.');
}
