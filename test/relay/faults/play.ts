// How a fault of the source is played: it begins, is told of, ends, and the relay serves the newest by itself.
import { expect } from 'vitest';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { relay as startRelay, type TestRelay } from '../start.ts';
import type { FaultRow } from './fault.ts';
import { OwnPostgres, type OwnPostgresOptions, type PostgresSeed } from './own-postgres.ts';
import { RelayProcess, type RelayProcessOptions } from './relay-process.ts';
import { RoughProxy } from './rough-proxy.ts';
import {
  asked,
  Commits,
  expectAgeing,
  expectDiscreet,
  expectSaid,
  expectWell,
  type Said,
  statusOf,
} from './stage.ts';

/** A database with commits, the way to it, and a relay that follows it. */
export interface DatabaseStage {
  relay: TestRelay;
  commits: Commits;
  database: TestDatabase;
  proxy: RoughProxy;
  /** What a fault needs until the relay has stopped. */
  stack: AsyncDisposableStack;
}

export interface ServerStage {
  relay: TestRelay;
  commits: Commits;
  server: OwnPostgres;
}

interface Fault<Stage> extends Pick<FaultRow, 'name' | 'users' | 'operator' | 'unplayable'> {
  begin: (stage: Stage) => Promise<void>;
  end: (stage: Stage) => Promise<void>;
  /** What status says meanwhile; undefined: nobody need notice. */
  says: Said | undefined;
  /** Whether commits made meanwhile are served meanwhile. */
  servesOn?: boolean;
}

/** A row whose fault lies in a database of the shared server, or on the way to it. */
export function databaseFault(
  fault: Fault<DatabaseStage> & { url?: (stage: Omit<DatabaseStage, 'relay'>) => Promise<string> },
): FaultRow {
  return {
    ...fault,
    play: async () => {
      await using database = await createDatabase();
      await using proxy = await RoughProxy.open(database.url);
      await using stack = new AsyncDisposableStack();
      const commits = new Commits(database.url);
      await commits.next();
      const url = (await fault.url?.({ database, proxy, commits, stack })) ?? database.url;
      await using relay = await startRelay({ source: proxy.urlOf(url), grpc: '127.0.0.1:0' });
      await playOn({ relay, commits, database, proxy, stack }, fault);
      await expectDiscreet(relay, url);
    },
  };
}

/** A row whose fault is that of a whole server, which is its own. */
export function serverFault(
  seed: () => PostgresSeed,
  fault: Fault<ServerStage> & { server?: () => Promise<OwnPostgresOptions & Partial<AsyncDisposable>> },
): FaultRow {
  return {
    ...fault,
    play: async () => {
      await using stack = new AsyncDisposableStack();
      const options = (await fault.server?.()) ?? {};
      const dispose = options[Symbol.asyncDispose];
      if (dispose) stack.defer(dispose);
      const server = stack.use(await OwnPostgres.start(seed(), options));
      const commits = new Commits(server.url);
      await commits.next();
      const relay = stack.use(await startRelay({ source: server.url, grpc: '127.0.0.1:0' }));
      await playOn({ relay, commits, server }, fault);
      await expectDiscreet(relay, server.url);
    },
  };
}

async function playOn<Stage extends { relay: TestRelay; commits: Commits }>(
  stage: Stage,
  { begin, end, says, servesOn = false }: Fault<Stage>,
): Promise<void> {
  const { relay, commits } = stage;
  await expectWell(relay, 1);
  await asked(relay, commits, async () => {
    await begin(stage);
    if (says) {
      await expectSaid(relay, says);
      await expectAgeing(relay);
    }
    if (servesOn) await expectWell(relay, await commits.next());
    await end(stage);
    await expectWell(relay, await commits.next());
  });
  if (says) expect(relay.lines().some((line) => line.includes('the source is well again'))).toBe(true);
  else expect((await statusOf(relay)).source.lastError).toBeUndefined();
}

interface ProcessStage {
  relay: RelayProcess;
  commits: Commits;
  database: TestDatabase;
}

/** A relay process that follows a database with one commit. */
export async function onProcess(
  optionsFor: (database: TestDatabase) => Promise<RelayProcessOptions> | RelayProcessOptions,
  work: (stage: ProcessStage) => Promise<void>,
): Promise<void> {
  await using database = await createDatabase();
  const commits = new Commits(database.url);
  await commits.next();
  await using relay = await RelayProcess.start(await optionsFor(database));
  await expectWell(relay, 1);
  await work({ relay, commits, database });
  await expectDiscreet(relay, database.url);
}
