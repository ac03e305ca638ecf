// What is around the relay: a repository with commits, a sync that applies them, and a PostgreSQL that is restarted again and again.
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Sync } from '../../src/sync/loop.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { filesAt } from './definitions.ts';

export const ENDINGS = ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const;

export class World implements AsyncDisposable {
  readonly #outer: string;
  readonly #repository: GitRepository;
  readonly #state: string;
  readonly #stopping = new AbortController();
  readonly #syncing: Promise<void>;
  #server: EmbeddedPostgres;
  readonly url: string;
  commits = 0;
  restarts = 0;

  private constructor(outer: string, repository: GitRepository, state: string, server: EmbeddedPostgres) {
    this.#outer = outer;
    this.#repository = repository;
    this.#state = state;
    this.#server = server;
    this.url = server.url;
    const sync = new Sync({
      databaseUrl: server.url,
      repo: repository.folder,
      stateFolder: state,
      intervalMs: 250,
    });
    this.#syncing = sync.run(this.#stopping.signal).finally(() => sync[Symbol.asyncDispose]());
  }

  static async create(): Promise<World> {
    const outer = await mkdtemp(join(await realpath(tmpdir()), 'halyard-soak-'));
    await chmod(outer, 0o711);
    const server = await startEmbeddedPostgres({ dataFolder: join(outer, 'data'), isTemporary: true });
    await migrate(server.url);
    const repository = await GitRepository.create();
    await repository.commit('The first', filesAt(1));
    const world = new World(outer, repository, await temporaryFolder('halyard-soak-state-'), server);
    world.commits = 1;
    return world;
  }

  /** One more commit, which sync finds by itself. */
  async commit(): Promise<void> {
    const revision = this.commits + 1;
    await this.#repository.commit(`Commit ${revision}`, filesAt(revision));
    this.commits = revision;
  }

  /** Ends PostgreSQL, and starts it again after a while. */
  async restart(signal: (typeof ENDINGS)[number], awayMs: number): Promise<void> {
    process.kill(this.#server.pid, signal);
    await this.#server.ended;
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    const { port, dataFolder } = this.#server;
    this.#server = await startEmbeddedPostgres({ dataFolder, port, isTemporary: true });
    this.restarts++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#syncing;
    await this.#server.stop();
    await this.#repository[Symbol.asyncDispose]();
    for (const folder of [this.#outer, this.#state])
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
