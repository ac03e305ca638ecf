// A project that is applied without git, keys that are made on the spot, and overrides set on it.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OverrideContent } from '../../../src/audit/content.ts';
import { Pool } from '../../../src/db/pool.ts';
import type { AccessDefinition } from '../../../src/model/definitions.gen.ts';
import type { FlagBody } from '../../../src/model/snapshot.ts';
import type { OverrideRequest } from '../../../src/sync/override/content.ts';
import {
  type OverrideOptions,
  type WrittenOverride,
  writeOverride,
} from '../../../src/sync/override/write.ts';
import { applyCommit, type Wanted } from '../../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { temporaryFolder } from '../../support/git-repository.ts';
import { flagBody } from '../../support/snapshot.ts';

export const PROJECT = 'acme/shop';
export const NOW = Date.parse('2026-11-20T03:00:00.789Z');

export interface Key {
  /** The private key; the public one stands beside it under `.pub`. */
  file: string;
  fingerprint: string;
}

/** Keys in a folder that is removed with them. */
export class Keys implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Keys> {
    return new Keys(await temporaryFolder('halyard-keys-'));
  }

  async make(name: string): Promise<Key> {
    const file = join(this.folder, name);
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
    const { stdout } = await promisify(execFile)('ssh-keygen', ['-l', '-f', file]);
    return { file, fingerprint: stdout.split(' ')[1] ?? '' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

type Asked = Partial<Omit<Extract<OverrideRequest, { action: 'set' }>, 'action'>>;

export class Shop implements AsyncDisposable {
  readonly database: TestDatabase;
  readonly pool: Pool;

  private constructor(database: TestDatabase) {
    this.database = database;
    this.pool = new Pool(database.url, { applicationName: 'test', maxConnections: 1 });
  }

  /** `checkout` and `search` are on everywhere, and have the variations on and off. */
  static async create(policy?: AccessDefinition): Promise<Shop> {
    const shop = new Shop(await createDatabase());
    const flags = ['checkout', 'search'].flatMap((key): Wanted[] => [
      { key, body: { flag: key } },
      ...['dev', 'prod'].map((environment) => ({ key, environment, body: flagBody() })),
    ]);
    const projects = ['dev', 'prod'].map((environment) => ({
      kind: 'project',
      key: PROJECT,
      environment,
      body: { salt: 'c07d2e' },
    }));
    const access = policy ? [{ kind: 'access', key: 'access', body: policy }] : [];
    await shop.commit(...projects, ...flags, ...access);
    return shop;
  }

  async commit(...wanted: Wanted[]): Promise<void> {
    await applyCommit(this.pool, PROJECT, wanted);
  }

  /** `checkout` is off in prod for an hour, unless `asked` says otherwise. */
  set(asked: Asked = {}, options: Partial<OverrideOptions> = {}): Promise<WrittenOverride> {
    const standard = {
      flag: 'checkout',
      environment: 'prod',
      serve: 'off',
      forMs: 3_600_000,
      reason: 'on fire',
    };
    return writeOverride({ action: 'set', ...standard, ...asked }, this.options(options));
  }

  lift(asked: Asked = {}, options: Partial<OverrideOptions> = {}): Promise<WrittenOverride> {
    const standard = { flag: 'checkout', environment: 'prod', reason: 'mended' };
    return writeOverride({ action: 'lift', ...standard, ...asked }, this.options(options));
  }

  /** With `--key` in the hand of whoever has it. */
  by(key: Key): Partial<OverrideOptions> {
    return { operator: { name: 'ops@bastion', keyFile: key.file } };
  }

  async body(flag = 'checkout', environment = 'prod'): Promise<FlagBody> {
    const { rows } = await this.pool.query<{ body: string }>(
      `select body from halyard.environment_definition where kind = 'flag' and key = $1 and environment = $2`,
      [flag, environment],
    );
    return JSON.parse(rows[0]?.body ?? 'null') as FlagBody;
  }

  /** All entries, oldest first, with the hash that each follows. */
  async entries(): Promise<(OverrideContent & { previousHash: string })[]> {
    const { rows } = await this.pool.query<{ content: string; previousHash: string }>(
      'select content, previous_hash as "previousHash" from halyard.audit_entry order by entry',
    );
    return rows.map(({ content, previousHash }) => ({ ...JSON.parse(content), previousHash }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.close();
    await this.database[Symbol.asyncDispose]();
  }

  private options(options: Partial<OverrideOptions>): OverrideOptions {
    return { databaseUrl: this.database.url, operator: { name: 'ops@bastion' }, ...options };
  }
}
