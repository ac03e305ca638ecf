// A small project in a real repository with a database of its own, and sync run against it in this process.
import { rm } from 'node:fs/promises';
import { Pool } from '../../src/db/pool.ts';
import type { SyncEvent, TripOutcome } from '../../src/sync/event.ts';
import { Sync } from '../../src/sync/loop.ts';
import type { SyncOptions } from '../../src/sync/options.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { type FileEdits, GitRepository, temporaryFolder } from './git-repository.ts';

export const PROJECT = 'acme/shop';

export const PROJECT_YAML = `project: ${PROJECT}
environments:
  dev: { salt: "5f0c1a" }
  prod: { salt: "c07d2e" }
attributes:
  country: { type: string }
  email: { type: string, personal: true }
`;

/** A flag that is on for some percent of prod. */
export function flagYaml(key: string, percent = 10, comment = ''): string {
  return `flag: ${key}
description: A flag.
owner: shop
permanent: true
type: boolean
environments:
  dev: { serve: on }
  prod:
    rules:
      - name: US ramp
        if: { attribute: country, operator: eq, value: US }
        then: { serve: on, percent: ${percent} }
    serve: off
${comment}`;
}

/** The files of a project with one flag, under `flags/`. */
export function sampleFiles(): FileEdits {
  return { 'flags/project.yaml': PROJECT_YAML, 'flags/checkout.yaml': flagYaml('checkout') };
}

export class SyncProject implements AsyncDisposable {
  readonly repository: GitRepository;
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly stateFolder: string;
  readonly events: SyncEvent[] = [];
  /** The project that the repository and the state folder belong to; undefined for itself. */
  readonly #original: SyncProject | undefined;

  private constructor(
    repository: GitRepository,
    database: TestDatabase,
    stateFolder: string,
    original?: SyncProject,
  ) {
    this.#original = original;
    this.repository = repository;
    this.database = database;
    this.pool = new Pool(database.url, { applicationName: 'test', maxConnections: 2 });
    this.stateFolder = stateFolder;
  }

  /** On a fresh database, or on the one that is given. */
  static async create(given?: TestDatabase): Promise<SyncProject> {
    const [repository, database, stateFolder] = await Promise.all([
      GitRepository.create(),
      given ?? createDatabase(),
      temporaryFolder('halyard-state-'),
    ]);
    return new SyncProject(repository, database, stateFolder);
  }

  /** The same repository, with its branch back at a commit and no approvals, and a copy of the database; for one test of many. */
  static async copyOf(original: SyncProject, commit: string): Promise<SyncProject> {
    const { repository, stateFolder } = original;
    await repository.git('checkout', '-q', '-f', '-B', 'main', commit);
    await repository.git('clean', '-q', '-f', '-d');
    const refs = await repository.git('for-each-ref', '--format=delete %(refname)', 'refs/halyard');
    if (refs !== '') await repository.pipe(['update-ref', '--stdin'], Buffer.from(`${refs}\n`));
    const database = await createDatabase({ like: original.database });
    return new SyncProject(repository, database, stateFolder, original);
  }

  options(overrides: Partial<SyncOptions> = {}): SyncOptions {
    return {
      databaseUrl: this.database.url,
      repo: this.repository.folder,
      stateFolder: this.stateFolder,
      intervalMs: 50,
      onEvent: (event) => this.events.push(event),
      ...overrides,
    };
  }

  /** One trip of a sync that knows nothing but the database. Resolves to its outcome and to what it told. */
  async sync(overrides: Partial<SyncOptions> = {}): Promise<{ outcome: TripOutcome; events: SyncEvent[] }> {
    const events: SyncEvent[] = [];
    await using sync = new Sync(this.options({ onEvent: (event) => events.push(event), ...overrides }));
    const outcome = await sync.runOnce(AbortSignal.timeout(60_000), 5_000);
    this.events.push(...events);
    return { outcome, events };
  }

  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Lets nobody connect for the time of `work`, and ends the connections that there are, as if PostgreSQL were away. */
  async closed<T>(work: () => Promise<T>): Promise<T> {
    const { name } = this.database;
    const url = new URL(this.database.url);
    url.pathname = '/postgres';
    await using admin = new Pool(url.href, { maxConnections: 1 });
    await admin.query(`alter database ${name} allow_connections false`);
    try {
      await admin.query(
        'select pg_terminate_backend(a.pid) from pg_stat_activity a where a.datname = $1 and a.pid <> pg_backend_pid()',
        [name],
      );
      return await work();
    } finally {
      await admin.query(`alter database ${name} allow_connections true`);
    }
  }

  /** The entries' contents, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at the members that it expects
  async entries(): Promise<any[]> {
    const rows = await this.query<{ content: string }>(
      'select content from halyard.audit_entry order by entry',
    );
    return rows.map(({ content }) => JSON.parse(content));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.close();
    await this.database[Symbol.asyncDispose]();
    if (this.#original) return;
    await this.repository[Symbol.asyncDispose]();
    await rm(this.stateFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}
