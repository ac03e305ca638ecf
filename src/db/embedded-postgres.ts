// A real PostgreSQL server from npm: made, started and stopped on this machine, for `up` and for tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import { firstError, preparedData, readPassword } from './embedded-postgres-data.ts';
import { readPostmasterFile, stopOrphan, stopPostmaster } from './embedded-postgres-process.ts';
import { type Programs, programsFor } from './embedded-postgres-programs.ts';
import { give, processOptions, type ServerUser, serverUser } from './embedded-postgres-user.ts';

export interface EmbeddedPostgresOptions {
  /** The server's data. Made if it is absent or empty; kept when the server stops. One server at a time. */
  dataFolder: string;
  /** The port on 127.0.0.1; any free one if left out. */
  port?: number;
  /** How long the start may take, crash recovery included. */
  deadlineMs?: number;
  /** New data need not outlive the machine, only the server: a test's. What is committed is durable all the same. */
  isTemporary?: boolean;
  /** PostgreSQL's settings that go before ours, `max_connections` say. */
  settings?: { [name: string]: string };
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Connects as the superuser `postgres` to the database `postgres`; holds the password. */
  url: string;
  port: number;
  dataFolder: string;
  /** The postmaster's process. */
  pid: number;
  /** Resolves when the server has ended, whoever ended it. */
  ended: Promise<void>;
  /** Fast shutdown within a few seconds; once it resolves no process is left. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL server that listens on 127.0.0.1 alone, and resolves when it takes connections.
 * A server that a killed process left behind on the same data folder is stopped first.
 * Throws UsageError (port in use, data of another version, no binaries) or UnreachableError (it did not start in time).
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { deadlineMs = 30_000, isTemporary = false } = options;
  const user = await serverUser();
  const programs = await programsFor(user);
  const dataFolder = await preparedData({ folder: options.dataFolder, programs, user, isTemporary });
  const password = await readPassword(dataFolder);
  await stopOrphan(dataFolder);

  const { server, port } = await launched(programs, user, dataFolder, options, Date.now() + deadlineMs);
  const pid = server.pid as number;
  const ended = hasEnded(server);
  // However this process ends, short of kill -9, the server does not outlive it.
  const onExit = () => server.kill('SIGINT');
  process.once('exit', onExit);
  void ended.then(() => process.off('exit', onExit));
  const stop = async () => {
    await stopPostmaster(pid, dataFolder);
    await ended;
  };
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return { url, port, dataFolder, pid, ended, stop, [Symbol.asyncDispose]: stop };
}

/** A server on a folder of its own under the system's temporary folder, which is removed with it. */
export async function startTemporaryPostgres(): Promise<EmbeddedPostgres> {
  const outer = await mkdtemp(join(await realpath(tmpdir()), 'halyard-postgres-'));
  await chmod(outer, 0o711);
  const remove = () => rm(outer, { recursive: true, force: true, maxRetries: 5 });
  try {
    const server = await startEmbeddedPostgres({ dataFolder: join(outer, 'data'), isTemporary: true });
    const stop = async () => {
      await server.stop();
      await remove();
    };
    return { ...server, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Beside PostgreSQL's own files, readable by the server's user alone, like them. */
const LOG_FILE = 'halyard-postgres.log';

/** Laptop-sized, durable, and quiet: an error is logged without the statement or its values. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  jit: 'off',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** Starts the server; again where it met the last moments of its predecessor, or a port that was taken meanwhile. */
async function launched(
  programs: Programs,
  user: ServerUser,
  dataFolder: string,
  options: Pick<EmbeddedPostgresOptions, 'port' | 'settings'>,
  deadline: number,
): Promise<{ server: ChildProcess; port: number }> {
  for (;;) {
    const port = await freePort(options.port);
    const all = { ...SETTINGS, ...options.settings };
    const settings = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const log = await freshLog(dataFolder, user);
    const server = spawn(programs.postgres, ['-D', dataFolder, '-p', String(port), ...settings], {
      ...processOptions(user),
      // A session of its own: Ctrl-C on the terminal is for us, and we stop the server when its users are done.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    if (await isReady(server, dataFolder, deadline)) return { server, port };
    const said = await readFile(join(dataFolder, LOG_FILE), 'utf8').catch(() => '');
    if (!PASSING.test(said) || Date.now() > deadline) {
      throw new UnreachableError(
        'postgres',
        `PostgreSQL did not start on ${dataFolder}: ${firstError(said)}`,
      );
    }
    await delay(100);
  }
}

const PASSING =
  /pre-existing shared memory block|lock file "postmaster.pid" already exists|Address already in use/;

/** True once it takes connections, false if it ended before. Throws at the deadline, with the server killed. */
async function isReady(server: ChildProcess, dataFolder: string, deadline: number): Promise<boolean> {
  let over = false;
  void hasEnded(server).then(() => {
    over = true;
  });
  while (!over) {
    const file = await readPostmasterFile(dataFolder);
    if (file?.pid === server.pid && file?.ready) return true;
    if (Date.now() > deadline) {
      server.kill('SIGKILL');
      throw new UnreachableError('postgres', `PostgreSQL on ${dataFolder} was not ready in time`);
    }
    await delay(10);
  }
  return false;
}

function hasEnded(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.once('error', () => resolve());
  });
}

/** Refuses a wanted port that is taken; finds a free one where none is wanted. */
function freePort(wanted: number | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${cause.code})`;
      reject(
        new UsageError(`port ${wanted} for PostgreSQL ${why}. Choose another one, or leave it out.`, {
          cause,
        }),
      );
    });
    probe.listen({ host: '127.0.0.1', port: wanted ?? 0, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The log of this start; that of the start before is kept once. */
async function freshLog(dataFolder: string, user: ServerUser) {
  const path = join(dataFolder, LOG_FILE);
  await rename(path, `${path}.1`).catch(() => undefined);
  const log = await open(path, 'wx', 0o600);
  await give(user, path);
  return log;
}
