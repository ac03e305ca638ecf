// A PostgreSQL of one test's own, which may be killed, frozen, restarted and filled up: a copy of one that is made once.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/db/embedded-postgres.ts';
import { migrate } from '../../../src/db/migrate.ts';

const run = promisify(execFile);

export interface OwnPostgresOptions {
  /** Where the data shall lie; a temporary folder if left out. */
  folder?: string;
  /** Settings that go before the server's own. */
  settings?: { [name: string]: string };
}

/** A migrated server that is stopped, to be copied: that takes a tenth of the time that making one takes. */
export class PostgresSeed implements AsyncDisposable {
  readonly #outer: string;

  private constructor(outer: string) {
    this.#outer = outer;
  }

  static async make(): Promise<PostgresSeed> {
    const outer = await passableFolder();
    const server = await startEmbeddedPostgres({ dataFolder: join(outer, 'data'), isTemporary: true });
    try {
      await migrate(server.url);
    } finally {
      await server.stop();
    }
    return new PostgresSeed(outer);
  }

  async copyTo(folder: string): Promise<void> {
    await run('cp', ['-a', join(this.#outer, 'data'), folder]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#outer, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class OwnPostgres implements AsyncDisposable {
  readonly #outer: string;
  readonly #isOurs: boolean;
  #settings: { [name: string]: string };
  #server: EmbeddedPostgres;
  /** Keeps its meaning over restarts. */
  readonly url: string;

  private constructor(
    outer: string,
    isOurs: boolean,
    settings: { [name: string]: string },
    server: EmbeddedPostgres,
  ) {
    this.#outer = outer;
    this.#isOurs = isOurs;
    this.#settings = settings;
    this.#server = server;
    this.url = server.url;
  }

  static async start(
    seed: PostgresSeed,
    { folder, settings = {} }: OwnPostgresOptions = {},
  ): Promise<OwnPostgres> {
    const outer = folder ?? (await passableFolder());
    const dataFolder = join(outer, 'data');
    try {
      await seed.copyTo(dataFolder);
      const server = await startEmbeddedPostgres({ dataFolder, isTemporary: true, settings });
      return new OwnPostgres(outer, folder === undefined, settings, server);
    } catch (error) {
      if (folder === undefined) await rm(outer, { recursive: true, force: true });
      throw error;
    }
  }

  get dataFolder(): string {
    return join(this.#outer, 'data');
  }

  /** Starts it again on the same port. */
  async start(settings = this.#settings): Promise<void> {
    this.#settings = settings;
    const { port, dataFolder } = this.#server;
    this.#server = await startEmbeddedPostgres({ dataFolder, port, isTemporary: true, settings });
  }

  /** SIGINT ends sessions and writes all down, SIGQUIT just ends, and SIGKILL lets nobody do anything. Resolves when it has ended. */
  async end(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    process.kill(this.#server.pid, signal);
    await this.#server.ended;
  }

  /** Freezes all its processes, or the postmaster alone, which takes new connections. */
  async freeze(who: 'all' | 'postmaster' = 'all'): Promise<void> {
    this.#signal(who === 'all' ? await this.#pids() : [this.#server.pid], 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    this.#signal(await this.#pids(), 'SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.thaw();
    await this.#server.stop();
    if (this.#isOurs) await rm(this.#outer, { recursive: true, force: true, maxRetries: 5 });
  }

  #signal(pids: number[], signal: NodeJS.Signals): void {
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  /** The postmaster and all whose parent it is. */
  async #pids(): Promise<number[]> {
    const { pid } = this.#server;
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
    const children = stdout.split('\n').flatMap((line) => {
      const [child, parent] = line.trim().split(/\s+/).map(Number);
      return parent === pid && child !== undefined ? [child] : [];
    });
    return [pid, ...children];
  }
}

/** A folder that the server's user can pass through. */
async function passableFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'halyard-faults-'));
  await chmod(folder, 0o711);
  return folder;
}
