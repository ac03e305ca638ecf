// The PostgreSQL of `up`: one that is given, or an embedded one that is started again whenever it dies.
import { startEmbeddedPostgres } from '../../db/embedded-postgres.ts';
import { dataFolderOf } from '../../db/embedded-postgres-place.ts';
import { UnreachableError } from '../../lib/errors.ts';
import { publicUrl } from '../../lib/public-url.ts';
import { databaseUrl } from '../database-url.ts';
import { say, styled } from '../terminal.ts';
import { shown } from './state-folder.ts';

export interface UpPostgres extends AsyncDisposable {
  url: string;
  /** Where it is, in words without a secret. */
  place: string;
  /** Rejects when PostgreSQL cannot be kept running. Never resolves. */
  lost: Promise<never>;
}

/** A server that dies sooner than this after its start counts as one that cannot run. */
const SHORT_LIFE_MS = 2_000;
const MOST_SHORT_LIVES = 3;

export interface PostgresOptions {
  databaseUrl?: string;
  postgresPort?: number;
}

/** The database that `--database-url` names, else an embedded server with its data under the state folder. */
export async function openPostgres(options: PostgresOptions, stateFolder: string): Promise<UpPostgres> {
  if (options.databaseUrl === undefined) return keepPostgres(stateFolder, options.postgresPort);
  const url = await databaseUrl({ databaseUrl: options.databaseUrl });
  return { url, place: publicUrl(url), lost: new Promise(() => {}), [Symbol.asyncDispose]: async () => {} };
}

async function keepPostgres(stateFolder: string, wantedPort: number | undefined): Promise<UpPostgres> {
  const dataFolder = await dataFolderOf(stateFolder);
  let server = await startEmbeddedPostgres({
    dataFolder,
    ...(wantedPort !== undefined && { port: wantedPort }),
  });
  const { url, port } = server;
  let isStopping = false;
  const watch = async () => {
    let shortLives = 0;
    for (;;) {
      const startedMs = performance.now();
      await server.ended;
      if (isStopping) return;
      shortLives = performance.now() - startedMs < SHORT_LIFE_MS ? shortLives + 1 : 0;
      if (shortLives >= MOST_SHORT_LIVES) {
        throw new UnreachableError(
          'postgres',
          `PostgreSQL ends again and again. Its log is in ${dataFolder}.`,
        );
      }
      say(styled('yellow', 'PostgreSQL has died, and is started again. The relay goes on answering.'));
      server = await startEmbeddedPostgres({ dataFolder, port });
      if (isStopping) return server.stop();
    }
  };
  const { promise: lost, reject } = Promise.withResolvers<never>();
  lost.catch(() => {});
  const watching = watch().catch(reject);
  return {
    url,
    place: `127.0.0.1:${port}, data in ${shown(dataFolder)}`,
    lost,
    async [Symbol.asyncDispose]() {
      isStopping = true;
      await server.stop();
      await watching;
    },
  };
}
