// Faults of a whole PostgreSQL server, each played on a server of its own.
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { expect } from 'vitest';
import { Pool } from '../../../src/db/pool.ts';
import { type FaultGroup, LAST_GOOD, UNNOTICED, withoutRoot } from './fault.ts';
import type { OwnPostgres, PostgresSeed } from './own-postgres.ts';
import { type ServerStage, serverFault } from './play.ts';
import { eventually, statusOf } from './stage.ts';
import { Tmpfs } from './tmpfs.ts';

const away = { code: 'postgres', message: /^PostgreSQL at .* (does not answer|cannot answer now)/ };
const AWAY = '`postgres`: does not answer';

/** `seed` is asked for when a row is played: the docs are made of rows without any server. */
export function serverGroup(seed: () => PostgresSeed): FaultGroup {
  const ended = (name: string, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') =>
    serverFault(seed, {
      name,
      users: LAST_GOOD,
      operator: AWAY,
      says: away,
      begin: ({ server }) => server.end(signal),
      end: ({ server }) => server.start(),
    });
  return {
    title: 'PostgreSQL itself',
    file: 'server.pg.test.ts',
    rows: [
      ended('PostgreSQL is killed (kill -9), and recovers when it is started', 'SIGKILL'),
      ended('PostgreSQL is stopped fast, as for an upgrade', 'SIGINT'),
      ended('PostgreSQL is stopped at once (immediate shutdown)', 'SIGQUIT'),
      serverFault(seed, {
        name: 'PostgreSQL is frozen (SIGSTOP)',
        users: LAST_GOOD,
        operator: AWAY,
        says: away,
        begin: ({ server }) => server.freeze(),
        end: ({ server }) => server.thaw(),
      }),
      serverFault(seed, {
        name: 'PostgreSQL opens no new session (its postmaster is frozen), and ends that of the relay',
        users: LAST_GOOD,
        operator: AWAY,
        says: away,
        begin: async ({ server }) => {
          await using owner = new Pool(server.url, { maxConnections: 1 });
          await owner.query('select');
          await server.freeze('postmaster');
          await owner.query(END_RELAYS);
        },
        end: ({ server }) => server.thaw(),
      }),
      serverFault(seed, {
        name: 'PostgreSQL becomes a standby, which takes no LISTEN, and is promoted again',
        users: LAST_GOOD,
        operator: '`postgres`: cannot answer now (recovery)',
        server: async () => ({ settings: { wal_level: 'replica' } }),
        says: { code: 'postgres', message: /cannot answer now: .*recovery/ },
        begin: async ({ server }) => {
          await server.end('SIGINT');
          await writeFile(standbySignal(server), '');
          await server.start();
        },
        end: async ({ server }) => {
          await server.end('SIGINT');
          await rm(standbySignal(server));
          await server.start();
        },
      }),
      serverFault(seed, {
        name: 'PostgreSQL is made read-only (default_transaction_read_only)',
        users: UNNOTICED,
        operator: UNNOTICED,
        says: undefined,
        begin: async ({ server, commits }) => {
          await commits.run(
            'alter system set default_transaction_read_only = on',
            'select pg_reload_conf()',
            END_RELAYS,
          );
          await expect(commits.next()).rejects.toThrow('read-only');
          await expectSessions(server.url, 1);
        },
        end: ({ commits }) =>
          commits.run(
            'set default_transaction_read_only = off',
            'alter system reset default_transaction_read_only',
            'select pg_reload_conf()',
          ),
      }),
      serverFault(seed, {
        name: 'the disk of PostgreSQL is full',
        users: UNNOTICED,
        operator: UNNOTICED,
        unplayable: withoutRoot,
        server: async () => {
          const disk = await Tmpfs.mount('256m');
          full.set(disk.folder, disk);
          return {
            folder: disk.folder,
            settings: { max_wal_size: '32MB', min_wal_size: '32MB' },
            [Symbol.asyncDispose]: () => disk[Symbol.asyncDispose](),
          };
        },
        says: undefined,
        begin: async ({ server, commits }) => {
          await diskOf(server).fill();
          const write = commits.run(`create table public.filler as select repeat(md5(n::text), 200) as text
            from generate_series(1, 20000) as n`);
          await expect(write).rejects.toThrow(/No space left|does not answer|cannot answer/);
        },
        end: ({ server }) => diskOf(server).empty(),
      }),
      serverFault(seed, {
        name: 'all connections of PostgreSQL are taken (max_connections)',
        users: LAST_GOOD,
        operator: '`postgres`: cannot answer now (too many clients)',
        server: async () => ({ settings: { max_connections: '6', superuser_reserved_connections: '0' } }),
        says: { code: 'postgres', message: /cannot answer now: .*too many clients/ },
        begin: takeAll,
        end: async ({ server }) => {
          const held = taken.get(server) ?? [];
          await Promise.all(held.map((client) => client.end()));
        },
      }),
    ],
  };
}

const END_RELAYS = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'halyard relay'`;

const full = new Map<string, Tmpfs>();
const taken = new WeakMap<OwnPostgres, Client[]>();

const standbySignal = ({ dataFolder }: OwnPostgres) => join(dataFolder, 'standby.signal');

function diskOf({ dataFolder }: OwnPostgres): Tmpfs {
  const disk = full.get(dirname(dataFolder));
  if (!disk) throw new Error(`${dataFolder} is on no disk of its own`);
  return disk;
}

/** Waits until so many relays have sessions (again). */
async function expectSessions(url: string, count: number): Promise<void> {
  await using owner = new Pool(url, { maxConnections: 1 });
  const sessions = async () => {
    const { rows } = await owner.query(
      `select from pg_stat_activity where application_name = 'halyard relay' and query like '%snapshot_head%'`,
    );
    return rows.length;
  };
  await eventually(sessions, (found) => found >= count);
}

/** Takes every connection that there is, also the relay's. */
async function takeAll({ server, relay }: ServerStage): Promise<void> {
  const held: Client[] = [];
  taken.set(server, held);
  await eventually(
    async () => {
      const client = new Client(server.url);
      // Its session is ended when the server stops.
      client.on('error', () => undefined);
      await client.connect().then(
        () => held.push(client),
        () => held[0]?.query(END_RELAYS),
      );
      return (await statusOf(relay)).source.lastError?.message ?? '';
    },
    (message) => message.includes('too many clients'),
  );
}
