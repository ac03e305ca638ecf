// Chains of relays over a real PostgreSQL: what reaches the last one, what a dead one in the middle means, and the witness.
import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { applyCommit, type Wanted, writeEntry } from '../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { PROJECT } from '../support/sync-project.ts';
import { createFolder } from './folder.ts';
import { RelayProcess } from './relay-process.ts';
import { relay, type TestRelay } from './start.ts';
import { until } from './support.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { flag, off, salt } from './wanted.ts';

/** A database of its own for each test, since these wait most of the time and so run side by side. */
async function databaseOf(...commits: Wanted[][]): Promise<TestDatabase> {
  const database = await createDatabase();
  await commit(database, ...commits);
  return database;
}

async function commit({ url }: TestDatabase, ...commits: Wanted[][]): Promise<void> {
  await using pool = new Pool(url, { maxConnections: 1 });
  for (const wanted of commits) await applyCommit(pool, PROJECT, wanted);
  await pool.query(`select pg_notify('halyard_snapshot', '')`);
}

/** An entry that changes nothing, and is not the one that `commit` would write. */
async function forkedEntry({ url }: TestDatabase): Promise<void> {
  await using pool = new Pool(url, { maxConnections: 1 });
  await withTransaction(pool, {}, (tx) => writeEntry(tx, PROJECT, [], { subject: 'Forked' }));
}

const servedValue = async (served: TestRelay, key: string) => (await served.evaluate(key)).value;
const isCurrent = (served: TestRelay) => served.statusNow().stale === false;
const isRewound = (served: TestRelay) => served.statusNow().rewound === true;
const witnessOf = (served: TestRelay) => served.statusNow().witness as { entry: number; hash: string };
const faultOf = (served: TestRelay) =>
  (served.statusNow().source as { lastError?: { code: string; message: string } }).lastError;

describe.concurrent('a chain of three relays', () => {
  it('serves at its end what is committed, an override too, and knows the audit chain there', async () => {
    await using database = await databaseOf([...salt, flag('a')]);
    await using first = await RelayProcess.start({ source: database.url });
    await using second = await RelayProcess.start({ source: first.url });
    await using third = await relay({ source: second.url });
    await third.ready;
    const override = { serve: 'off', until: '2999-01-01T00:00:00Z' };
    await commit(database, [flag('a', { override }), flag('b', off)], [flag('a', {}, 'dev')]);
    await until(async () => (await servedValue(third, 'b')) === false);
    expect(await third.evaluate('a')).toMatchObject({ value: false, metadata: { override: override.until } });
    await until(() => witnessOf(third)?.entry === 3);
    expect(third.statusNow()).toMatchObject({
      project: PROJECT,
      revision: 2,
      entry: 2,
      overrides: [{ flag: 'a' }],
      stale: false,
    });
  });

  it('goes on where the first is killed (-9), and follows its successor, which is another process', async () => {
    await using database = await databaseOf([...salt, flag('a')]);
    const first = await RelayProcess.start({ source: database.url });
    const { url } = first;
    await using second = await relay({ source: url });
    await using third = await relay({ source: second.url });
    await third.ready;
    await first[Symbol.asyncDispose]();
    await until(() => faultOf(second)?.code === 'http' && faultOf(third)?.code === 'upstream-stale');
    expect(await servedValue(third, 'a')).toBe(true);
    await commit(database, [flag('a', off)]);
    await using _successor = await RelayProcess.start({
      source: database.url,
      args: ['--listen', new URL(url).host],
    });
    await until(async () => (await servedValue(third, 'a')) === false);
    await until(() => isCurrent(second) && isCurrent(third));
  });

  it('says all along it that the database is away, and that it is back', async () => {
    await using database = await databaseOf([...salt, flag('a')]);
    await using proxy = await TcpProxy.open(database.url);
    await using first = await relay({ source: proxy.urlOf(database.url) });
    await using second = await relay({ source: first.url });
    await using third = await relay({ source: second.url });
    await until(() => isCurrent(third));
    proxy.cut();
    await until(() => faultOf(third)?.code === 'upstream-stale');
    const metrics = await (await fetch(`${third.url}/metrics`)).text();
    expect(metrics).toContain('halyard_snapshot_stale 1\n');
    expect(metrics).toContain('halyard_source_up{source="upstream"} 0\n');
    const age = third.statusNow().ageMs as number;
    await until(() => (third.statusNow().ageMs as number) > age + 1_500);
    proxy.heal();
    await until(() => isCurrent(third));
    expect(third.statusNow().ageMs).toBeLessThan(age + 1_500);
  });
});

describe.concurrent('a database that went back, seen from behind a relay', () => {
  const SHARED: Wanted[][] = [[...salt, flag('a'), flag('b')], [flag('a', off)], [flag('a', {}, 'dev')]];

  const WRONG: [what: string, grow: (wrong: TestDatabase) => Promise<unknown>][] = [
    ['an older chain with the same head', async () => undefined],
    [
      'a longer chain that forked',
      async (wrong) => {
        await forkedEntry(wrong);
        await commit(wrong, [flag('a')]);
      },
    ],
  ];
  it.each(WRONG)('is not followed, though the relay before it knows no better: %s', async (_what, grow) => {
    await using database = await databaseOf(...SHARED);
    await using wrong = await databaseOf(...SHARED.slice(0, 2));
    await grow(wrong);
    let first = await relay({ source: database.url });
    const listen = new URL(first.url).host;
    await using second = await relay({ source: first.url });
    await until(() => isCurrent(second) && witnessOf(second)?.entry === 3);
    await first.stop();
    // One without a memory serves what it finds.
    first = await relay({ source: wrong.url, listen });
    await first.ready;
    await until(() => isRewound(second));
    expect(faultOf(second)?.message).toContain('--accept-rewind');
    expect(await second.evaluate('a')).toMatchObject({ value: false, metadata: { revision: 2 } });
    expect(second.statusNow()).toMatchObject({ ready: true, stale: true, witness: { entry: 3 } });
    await first.stop();
    first = await relay({ source: database.url, listen });
    await until(() => isCurrent(second));
    expect(isRewound(second)).toBe(false);
    await first.stop();
  });

  it('is accepted by each relay of a chain for itself', async () => {
    await using database = await databaseOf(...SHARED);
    await using wrong = await databaseOf(SHARED[0] ?? []);
    await using folders = await createFolder({ 'first/x': '', 'second/x': '' });
    const cache = (name: string) => `${folders.path}/${name}`;
    let first = await relay({ source: database.url, cache: cache('first') });
    const listen = new URL(first.url).host;
    const upstream = { source: first.url, cache: cache('second') };
    let second = await relay(upstream);
    await until(() => isCurrent(second) && witnessOf(second)?.entry === 3);
    await first.stop();
    first = await relay({ source: wrong.url, listen, cache: cache('first'), acceptRewind: true });
    await until(() => isCurrent(first) && first.statusNow().revision === 1);
    await until(() => isRewound(second));
    await second.stop();
    second = await relay({ ...upstream, acceptRewind: true });
    await until(() => isCurrent(second) && second.statusNow().revision === 1);
    expect([await servedValue(second, 'a'), witnessOf(second).entry, isRewound(second)]).toEqual([
      true,
      1,
      false,
    ]);
    await commit(wrong, [flag('a', off)]);
    await until(async () => (await servedValue(second, 'a')) === false);
    await second.stop();
    await first.stop();
  });

  it('is told apart from a relay that is merely behind', async () => {
    await using database = await databaseOf(...SHARED);
    await using proxy = await TcpProxy.open(database.url);
    await using late = await relay({ source: proxy.urlOf(database.url) });
    await until(() => isCurrent(late) && witnessOf(late)?.entry === 3);
    const first = await relay({ source: database.url });
    const listen = new URL(first.url).host;
    await using way = await TcpProxy.open(first.url);
    await using second = await relay({ source: way.urlOf(first.url) });
    await until(() => isCurrent(second));
    proxy.cut();
    await commit(database, [flag('a')]);
    await until(() => witnessOf(second)?.entry === 4);
    // The same address now leads to the one that has not seen the last entry, and that says so itself.
    await first.stop();
    await until(() => late.statusNow().stale === true);
    await using _instead = await TcpProxy.open(late.url, Number(listen.split(':')[1]));
    await until(() => faultOf(second)?.code === 'upstream-stale');
    expect([isRewound(second), second.statusNow().revision]).toEqual([false, 4]);
    proxy.heal();
    await until(() => isCurrent(second));
  });
});
