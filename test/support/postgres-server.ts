// One PostgreSQL for all `*.pg.test.ts`: the one that is named, else one in Docker, else an embedded one; with a migrated template database.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startTemporaryPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's URL of the server that tests share. It holds the password. */
    postgresUrl: string;
    /** The database that `createDatabase` copies. */
    templateDatabase: string;
    /** The cheaper way to copy one: through the log where files are synced to a disk, else file by file. */
    copyStrategy: 'wal_log' | 'file_copy';
  }
}

interface Server {
  url: string;
  copyStrategy: ProvidedContext['copyStrategy'];
  stop(): Promise<unknown>;
}

const IMAGE = 'postgres:18-alpine';
const PROBE_DEADLINE_MS = 3_000;

/** Vitest's globalSetup: resolves to its teardown. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const template = `halyard_template_${randomBytes(6).toString('hex')}`;
  const admin = new Pool(server.url, { maxConnections: 1 });
  const teardown = async () => {
    await admin.query(`drop database if exists ${template} with (force)`);
    await admin.close();
    await server.stop();
  };
  try {
    await admin.query(`create database ${template} template template0 encoding 'UTF8'`);
    const url = new URL(server.url);
    url.pathname = `/${template}`;
    await migrate(url.href);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgresUrl', server.url);
  project.provide('templateDatabase', template);
  project.provide('copyStrategy', server.copyStrategy);
  return teardown;
}

async function startServer(): Promise<Server> {
  const named = process.env.HALYARD_TEST_DATABASE_URL;
  if (named) return { url: named, copyStrategy: 'wal_log', stop: async () => {} };
  return (await startContainer()) ?? { ...(await startTemporaryPostgres()), copyStrategy: 'file_copy' };
}

/** Undefined where no Docker engine answers or it cannot run the image. */
async function startContainer(): Promise<Server | undefined> {
  if (!(await dockerAnswers())) return undefined;
  try {
    const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
    const container = await new PostgreSqlContainer(IMAGE).withStartupTimeout(60_000).start();
    return { url: container.getConnectionUri(), copyStrategy: 'wal_log', stop: () => container.stop() };
  } catch (error) {
    process.stderr.write(
      `Docker runs no ${IMAGE} (${(error as Error).message}); using an embedded PostgreSQL.\n`,
    );
    return undefined;
  }
}

async function dockerAnswers(): Promise<boolean> {
  const asked = promisify(execFile)('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeout: PROBE_DEADLINE_MS,
  });
  return asked.then(
    () => true,
    () => false,
  );
}
