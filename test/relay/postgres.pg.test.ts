// The postgres source: a relay over a real PostgreSQL, which changes, goes away, comes back and goes back.
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { PostgresSource } from '../../src/relay/sources/postgres.ts';
import { applyCommit, type Wanted } from '../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { flagYaml, PROJECT, SyncProject, sampleFiles } from '../support/sync-project.ts';
import { within } from '../support/until.ts';
import { createFolder } from './folder.ts';
import { relay, type TestRelay } from './start.ts';
import { until } from './support.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { flag, off, salt } from './wanted.ts';

const gone = (key: string): Wanted => ({ key, environment: 'prod' });

/** Each test has its own, since tests wait most of the time and so run side by side. */
async function ownDatabase() {
  const database = await createDatabase();
  const pool = new Pool(database.url, { applicationName: 'test', maxConnections: 1 });
  return {
    database,
    pool,
    /** A commit that wakes nobody up. */
    commit: (...wanted: Wanted[]) => applyCommit(pool, PROJECT, wanted),
    notify: () => pool.query("select pg_notify('halyard_snapshot', '')"),
    [Symbol.asyncDispose]: async () => {
      await pool.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

const servedValue = async (served: TestRelay, key: string) => (await served.evaluate(key)).value;
const revisionOf = (served: TestRelay) => served.statusNow().revision;
const metricsOf = async ({ url }: TestRelay) => (await fetch(`${url}/metrics`)).text();
const faultOf = (served: TestRelay) =>
  (served.statusNow().source as { lastError?: { code: string; message: string } }).lastError;

describe.concurrent('a relay over PostgreSQL', () => {
  it('serves what is applied, and finds the only project by itself', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    const { commit: id, hash } = await commit(...salt, flag('a'));
    await using served = await relay({ source: database.url });
    await served.ready;
    expect(await served.evaluate('a')).toMatchObject({
      value: true,
      metadata: { environment: 'prod', revision: 1, commit: id },
    });
    expect(served.statusNow()).toMatchObject({
      project: PROJECT,
      entry: 1,
      entryHash: hash,
      stale: false,
      fromCache: false,
    });
  });

  it('is woken up by NOTIFY, without any poll', async () => {
    await using own = await ownDatabase();
    const { database, commit, notify } = own;
    await commit(...salt, flag('a'));
    const source = new PostgresSource({
      url: database.url,
      environment: 'prod',
      known: undefined,
      witness: () => undefined,
      pollMs: 3_600_000,
    });
    const stop = new AbortController();
    const revisions: number[] = [];
    const running = source.run(async (news) => {
      if (news.type === 'snapshot') revisions.push(news.snapshot.revision);
    }, stop.signal);
    await until(() => revisions.length === 1);
    for (const revision of [2, 3]) {
      await commit(flag('a', revision === 2 ? off : {}));
      await notify();
      await until(() => revisions.at(-1) === revision);
    }
    stop.abort();
    await running;
    expect(revisions).toEqual([1, 2, 3]);
  });

  it('I9: finds by its poll what nobody woke it up for', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await commit(...salt, flag('a'));
    await using served = await relay({ source: database.url });
    await served.ready;
    await commit(flag('a', off));
    await until(async () => (await servedValue(served, 'a')) === false);
  });

  it('I9: a wake-up without anything new changes nothing', async () => {
    await using own = await ownDatabase();
    const { database, commit, notify } = own;
    await commit(...salt, flag('a'));
    await using served = await relay({ source: database.url });
    await served.ready;
    for (let at = 0; at < 20; at++) await notify();
    await commit(flag('b'));
    await until(() => revisionOf(served) === 2);
    expect(served.lines().filter((line) => line.includes('swapped'))).toHaveLength(1);
  });

  it('I7: reads changes, new rows and tombstones, and holds what a relay holds that reads everything', async () => {
    await using own = await ownDatabase();
    const { database, commit, notify } = own;
    await commit(...salt, flag('a'), flag('b'), flag('c'));
    await using follower = await relay({ source: database.url });
    await follower.ready;
    const commits: Wanted[][] = [
      [flag('a', off), gone('b')],
      [flag('b', { enabled: false }), gone('c'), flag('d')],
      [
        gone('a'),
        {
          kind: 'segment',
          key: 'staff',
          environment: 'prod',
          body: { unit: 'targetingKey', include: ['x'] },
        },
      ],
      [flag('a'), flag('aa'), { kind: 'segment', key: 'staff', environment: 'prod' }],
    ];
    for (const [at, wanted] of commits.entries()) {
      await commit(...wanted);
      await notify();
      await until(() => revisionOf(follower) === at + 2);
      await using fresh = await relay({ source: database.url });
      await fresh.ready;
      const [followed, read] = await Promise.all(
        [follower, fresh].map(async ({ url }) => (await fetch(`${url}/v1/snapshot`)).json()),
      );
      expect(followed).toEqual(read);
    }
  });

  it('a commit for another environment alone changes nothing here', async () => {
    await using own = await ownDatabase();
    const { database, commit, notify } = own;
    await commit(...salt, flag('a'));
    await using served = await relay({ source: database.url });
    await served.ready;
    await commit({ ...flag('a', off), environment: 'dev' });
    await commit(flag('a', off));
    await notify();
    await until(() => revisionOf(served) === 3);
    expect(served.lines().filter((line) => line.includes('swapped'))).toHaveLength(1);
  });

  it('rows that have not the digest that the head names are not served', async () => {
    await using own = await ownDatabase();
    const { database, pool, commit, notify } = own;
    await commit(...salt, flag('a'));
    await using served = await relay({ source: database.url });
    await served.ready;
    await pool.query('alter table halyard.environment_definition disable trigger all');
    await pool.query(
      `update halyard.environment_definition set body = replace(body, '"on"', '"off"'), revision = 1 where key = 'a'`,
    );
    await pool.query('alter table halyard.environment_definition enable trigger all');
    await commit(flag('b'));
    await notify();
    await using fresh = await relay({ source: database.url });
    await until(() => faultOf(fresh)?.code === 'digest');
    expect(await fresh.evaluate('a')).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' });
    expect(await servedValue(served, 'a')).toBe(true);
  });

  it('what does not compile is refused, and the next good commit is served', async () => {
    await using own = await ownDatabase();
    const { database, commit, notify } = own;
    await commit(...salt, flag('a'));
    await using served = await relay({ source: database.url });
    await served.ready;
    await commit(flag('a', { fallthrough: { serve: 'no-such-variation' } }));
    await notify();
    await until(() => faultOf(served)?.code === 'does-not-compile');
    expect([await servedValue(served, 'a'), revisionOf(served), served.statusNow().stale]).toEqual([
      true,
      1,
      true,
    ]);
    expect(await metricsOf(served)).toContain(
      'halyard_snapshots_rejected_total{reason="does-not-compile"} 1',
    );
    await commit(flag('a', off));
    await notify();
    await until(() => revisionOf(served) === 3);
    expect([await servedValue(served, 'a'), served.statusNow().stale]).toEqual([false, false]);
  });

  it('says what is missing, and serves as soon as it is there', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await using served = await relay({ source: database.url });
    await until(() => faultOf(served)?.code === 'project');
    await commit({ ...flag('a'), environment: 'dev' }, ...salt.slice(0, 1));
    await until(() => faultOf(served)?.code === 'environment');
    expect(faultOf(served)?.message).toContain('dev');
    await commit(...salt.slice(1), flag('a'));
    await served.ready;
    expect(served.statusNow()).toMatchObject({ stale: false });
  });

  it('a database with several projects needs --project', async () => {
    await using own = await ownDatabase();
    const { database, pool, commit } = own;
    await commit(...salt, flag('a'));
    await applyCommit(pool, 'acme/other', [{ ...salt[1], key: 'acme/other' } as Wanted, flag('a', off)]);
    await using unsure = await relay({ source: database.url });
    await until(() => faultOf(unsure)?.code === 'project');
    expect(faultOf(unsure)?.message).toContain('--project');
    await using sure = await relay({ source: database.url, project: 'acme/other' });
    await sure.ready;
    expect(await servedValue(sure, 'a')).toBe(false);
  });

  it('a database that is not migrated is said to be so', async () => {
    await using empty = await createDatabase({ migrated: false });
    await using served = await relay({ source: empty.url });
    await until(() => faultOf(served) !== undefined);
    expect(faultOf(served)?.message).toContain('halyard migrate');
  });
});

describe.concurrent('PostgreSQL away', () => {
  it('I8: a relay goes on answering, says that it is stale, and catches up', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await using proxy = await TcpProxy.open(database.url);
    await commit(...salt, flag('a'));
    await using served = await relay({ source: proxy.urlOf(database.url) });
    await served.ready;
    proxy.cut();
    await until(() => served.statusNow().stale === true);
    await commit(flag('a', off));
    expect([await servedValue(served, 'a'), revisionOf(served)]).toEqual([true, 1]);
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    proxy.heal();
    await until(async () => (await servedValue(served, 'a')) === false);
    expect(served.statusNow()).toMatchObject({ stale: false, source: { state: 'current' } });
  });

  it('a connection that died without a word is seen by the next look, and replaced', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await using proxy = await TcpProxy.open(database.url);
    await commit(...salt, flag('a'));
    await using served = await relay({ source: proxy.urlOf(database.url) });
    await served.ready;
    await until(() => served.statusNow().stale === false);
    proxy.swallow();
    // Without the listener's own deadline it would be the pool's, a minute later.
    await until(() => served.statusNow().stale === true);
    await commit(flag('a', off));
    proxy.heal();
    await until(async () => (await servedValue(served, 'a')) === false);
  });

  it('I8: a relay restarted with PostgreSQL away answers from its cache, and catches up when it is back', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await using proxy = await TcpProxy.open(database.url);
    await using folder = await createFolder({});
    const options = { source: proxy.urlOf(database.url), cache: folder.path };
    await commit(...salt, flag('a'), flag('b'));
    const first = await relay(options);
    await first.ready;
    await until(async () => (await readdir(folder.path)).length > 0);
    await first.stop();
    proxy.cut();
    await commit(flag('a', off), gone('b'));
    await using second = await relay(options);
    expect(await second.evaluate('a')).toMatchObject({ value: true, metadata: { revision: 1 } });
    expect(second.statusNow()).toMatchObject({ ready: true, stale: true, fromCache: true, project: PROJECT });
    proxy.heal();
    await until(() => revisionOf(second) === 2);
    expect([await servedValue(second, 'a'), (await second.evaluate('b')).errorCode]).toEqual([
      false,
      'FLAG_NOT_FOUND',
    ]);
    expect(second.statusNow()).toMatchObject({ stale: false, fromCache: false });
  });

  it('a cached snapshot that is still the newest is confirmed without a swap', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await using folder = await createFolder({});
    const options = { source: database.url, cache: folder.path };
    await commit(...salt, flag('a'));
    const first = await relay(options);
    await first.ready;
    await first.stop();
    await using second = await relay(options);
    await until(() => second.statusNow().stale === false);
    expect(second.statusNow()).toMatchObject({ fromCache: false, revision: 1 });
    expect(second.lines().filter((line) => line.includes('swapped'))).toHaveLength(0);
  });

  it('a relay stops while PostgreSQL says nothing', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await using proxy = await TcpProxy.open(database.url);
    await commit(...salt, flag('a'));
    const served = await relay({ source: proxy.urlOf(database.url) });
    await served.ready;
    proxy.swallow();
    await until(() => proxy.swallowedBytes > 0);
    // Without waiting for what PostgreSQL never says, a minute long.
    await within(30_000, served.stop());
  });
});

describe.concurrent('a database that went back', () => {
  /** The database as a restore of an early backup leaves it. */
  async function restored(): Promise<TestDatabase> {
    const backup = await createDatabase();
    await using writer = new Pool(backup.url, { maxConnections: 1 });
    await applyCommit(writer, PROJECT, [...salt, flag('a', off)]);
    return backup;
  }

  it('is not followed: the relay is a witness, and says what to do', async () => {
    await using own = await ownDatabase();
    const { database, commit } = own;
    await using backup = await restored();
    await using folder = await createFolder({});
    await commit(...salt, flag('a'));
    await commit(flag('b'));
    const first = await relay({ source: database.url, cache: folder.path });
    await first.ready;
    await first.stop();

    await using second = await relay({ source: backup.url, cache: folder.path });
    await until(() => second.statusNow().rewound === true);
    expect([await servedValue(second, 'a'), revisionOf(second)]).toEqual([true, 2]);
    expect(faultOf(second)?.message).toContain('--accept-rewind');
    await using writer = new Pool(backup.url, { maxConnections: 1 });
    for (const key of ['x', 'y', 'z']) await applyCommit(writer, PROJECT, [flag(key)]);
    // Its chain is longer now, but it is not the one that was served.
    await until(async () => /rejected_total\{reason="rewound"\} [2-9]/.test(await metricsOf(second)));
    expect([revisionOf(second), second.statusNow().rewound]).toEqual([2, true]);
    await second.stop();

    await using third = await relay({ source: backup.url, cache: folder.path, acceptRewind: true });
    await until(() => revisionOf(third) === 4);
    expect([await servedValue(third, 'a'), third.statusNow().rewound]).toEqual([false, undefined]);
    await third.stop();
    await using fourth = await relay({ source: backup.url, cache: folder.path });
    await until(() => fourth.statusNow().stale === false);
    expect(revisionOf(fourth)).toBe(4);
  });
});

describe.concurrent('the whole trip', () => {
  it('a commit is answered a moment later, with its id', async () => {
    await using project = await SyncProject.create();
    await project.repository.commit('First', sampleFiles());
    await project.sync();
    await using served = await relay({ source: project.database.url });
    await served.ready;
    const context = { targetingKey: 'u', country: 'US' };
    expect(await served.evaluate('checkout', context)).toMatchObject({ value: false });
    const id = await project.repository.commit('Ramp up', {
      'flags/checkout.yaml': flagYaml('checkout', 100),
    });
    await project.sync();
    await until(
      () => served.evaluate('checkout', context),
      ({ value }) => value === true,
    );
    expect(await served.evaluate('checkout', context)).toMatchObject({
      value: true,
      variation: 'on',
      reason: 'SPLIT',
      metadata: { revision: 2, commit: id, rule: 'US ramp' },
    });
    await served.stop();
  });
});
