// Faults of the relay's own process and of its machine, each played on a process of its own.
import { readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createDatabase } from '../../support/database.ts';
import { createFolder } from '../folder.ts';
import { expectServedFromCache, NAME, restarted } from './cache-play.ts';
import { Caller } from './caller.ts';
import { clock } from './clock-rows.ts';
import { type FaultGroup, type FaultRow, LAST_GOOD, withoutRoot } from './fault.ts';
import { onProcess } from './play.ts';
import { RelayProcess } from './relay-process.ts';
import { asked, Commits, eventually, expectSaid, expectWell, isLogged, metricOf, statusOf } from './stage.ts';

const KILLS = 4;

const killed: FaultRow = {
  name: `the relay is killed (-9) at ${KILLS} instants of a burst of commits, and starts with everything else down`,
  users: LAST_GOOD,
  operator: 'stale, `fromCache`, `postgres`: does not answer',
  play: async () => {
    await using folder = await createFolder({});
    await using database = await createDatabase();
    const commits = new Commits(database.url);
    await commits.next();
    for (let kill = 0; kill < KILLS; kill++) {
      await using relay = await RelayProcess.start({ source: database.url, cache: folder.path });
      await expectWell(relay, commits.revision);
      // What was there before the burst is on disk; of the burst nobody knows what is.
      const least = commits.revision;
      const onDisk = async () =>
        (await readFile(join(folder.path, NAME), 'utf8').catch(() => '')).slice(0, 500);
      await eventually(async () => (await onDisk()).includes(`"revision":${least},`));
      const burst = (async () => {
        for (let at = 0; at < 3; at++) {
          await commits.next();
          await commits.run(`select pg_notify('halyard_snapshot', '')`);
        }
      })();
      await sleep(kill * 31);
      await relay.kill();
      await burst;
      await using second = await restarted(folder.path);
      const { revision = 0 } = await statusOf(second);
      expect(revision).toBeGreaterThanOrEqual(least);
      await expectServedFromCache(second, revision);
    }
    await using last = await RelayProcess.start({ source: database.url, cache: folder.path });
    await expectWell(last, commits.revision);
  },
};

/** Two callers, whose connections the workers share: one each. */
const worker: FaultRow = {
  name: 'a worker is killed (-9)',
  users: 'those connected to it are cut off, and find another; the others: nothing',
  operator: '`workers` counts it as lost; the log says that another one is started',
  play: () =>
    onProcess(
      ({ url }) => ({ source: url, args: ['--workers', '2'] }),
      async ({ relay, commits }) => {
        const workers = () => relay.lines().filter((line) => line.includes('"a worker answers"'));
        await eventually(() => workers().length === 2);
        const callers = [new Caller(relay), new Caller(relay)];
        try {
          await eventually(() => callers.every(({ answers }) => answers > 0));
          process.kill(JSON.parse(workers()[0] as string).pid, 'SIGKILL');
          await eventually(() => isLogged(relay, 'a worker has ended; another one is started'));
          await eventually(
            () => statusOf(relay),
            (status) => status.workers?.up === 2 && status.workers.lost === 1,
          );
          expect(await metricOf(relay, 'halyard_workers_lost_total')).toBe(1);
          const revision = await commits.next();
          await expectWell(relay, revision);
          await eventually(() => callers.every((caller) => caller.revision === revision));
        } finally {
          await Promise.all(callers.map((caller) => caller.stop()));
        }
        const faults = callers.flatMap((caller) => caller.faults);
        expect(faults.filter((fault) => !/ECONNRESET|socket hang up/.test(fault))).toEqual([]);
        // Each may have had one call in flight there.
        expect(faults.length).toBeLessThanOrEqual(callers.length);
      },
    ),
};

const starved: FaultRow = {
  name: 'more callers connect than the relay may have files open (ulimit -n)',
  users: 'those who are connected: nothing; others are turned away',
  operator: '`halyard_connections_dropped_total` counts them',
  unplayable: () => (process.platform === 'linux' ? undefined : 'needs prlimit'),
  play: () =>
    onProcess(
      ({ url }) => ({ source: url, through: ['prlimit', '--nofile=128:128'] }),
      async ({ relay, commits }) => {
        const crowd: Socket[] = [];
        await asked(relay, commits, async () => {
          const { hostname, port } = new URL(relay.url);
          for (let at = 0; at < 300; at++) {
            crowd.push(connect(Number(port), hostname).on('error', () => undefined));
          }
          await eventually(() => crowd.every((socket) => !socket.connecting));
          await eventually(
            async () => ((await metricOf(relay, 'halyard_connections_dropped_total')) ?? 0) > 0,
          );
          await commits.run(END_RELAYS);
          await expectWell(relay, await commits.next());
        });
        for (const socket of crowd) socket.destroy();
        await expectWell(relay, await commits.next());
      },
    ),
};

const END_RELAYS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'halyard relay'`;

const nameless: FaultRow = {
  name: 'the name of the database’s host is not found any more (DNS)',
  users: LAST_GOOD,
  operator: '`postgres`: does not answer (ENOTFOUND or EAI_AGAIN)',
  unplayable: withoutRoot,
  play: async () => {
    await using folder = await createFolder({
      hosts: `127.0.0.1 localhost ${HOST}\n`,
      'resolv.conf': 'nameserver 127.0.0.1\n',
    });
    const hosts = join(folder.path, 'hosts');
    const mounts = `mount --bind ${hosts} /etc/hosts && mount --bind ${join(folder.path, 'resolv.conf')} /etc/resolv.conf`;
    const through = ['unshare', '--mount', 'sh', '-c', `${mounts} && exec "$@"`, 'sh'];
    const named = (url: string) => Object.assign(new URL(url), { hostname: HOST }).href;
    await onProcess(
      ({ url }) => ({ source: named(url), through }),
      ({ relay, commits }) =>
        asked(relay, commits, async () => {
          await writeFile(hosts, '127.0.0.1 localhost\n');
          await commits.run(END_RELAYS);
          await expectSaid(relay, { code: 'postgres', message: /does not answer: .*(ENOTFOUND|EAI_AGAIN)/ });
          await writeFile(hosts, `127.0.0.1 localhost ${HOST}\n`);
          await expectWell(relay, await commits.next());
        }),
    );
  },
};

const HOST = 'database.halyard-faults';

export const machine: FaultGroup = {
  title: 'The relay’s own process and machine',
  file: 'process.pg.test.ts',
  rows: [killed, worker, starved, nameless, clock],
};
