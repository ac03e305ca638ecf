// Relays as witnesses of the audit: a chain that lacks what a relay has seen is not followed, whatever it offers instead.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { applyCommit, type Entry, type Wanted, writeEntry } from '../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { PROJECT } from '../support/sync-project.ts';
import { createFolder } from './folder.ts';
import { relay, type TestRelay } from './start.ts';
import { until } from './support.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { flag, off, salt } from './wanted.ts';

const WAKE = `select pg_notify('halyard_snapshot', '')`;
const PROD: Wanted[] = [...salt, flag('a'), flag('b')];
const DEV: Wanted[] = [flag('a', {}, 'dev')];
/** What two databases share up to the fork: three entries, of which the second is prod's last. */
const SHARED: Wanted[][] = [PROD, [flag('a', off)], DEV];

/**
 * Two databases behind one address, as after a restore, and a relay's cache: each test has its own, since tests wait
 * most of the time and so run side by side.
 */
async function twoDatabases() {
  const [right, wrong, folder] = await Promise.all([createDatabase(), createDatabase(), createFolder({})]);
  const proxy = await TcpProxy.open(right.url);
  return {
    right,
    wrong,
    folder,
    /** Every later connection finds this database; the open ones are cut. */
    lead: (to: TestDatabase) => {
      proxy.cut();
      proxy.lead(to.name);
      proxy.heal();
    },
    start: (options: { acceptRewind?: boolean } = {}) =>
      relay({ source: proxy.urlOf(right.url), cache: folder.path, ...options }),
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await Promise.all([right, wrong, folder].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

async function commit({ url }: TestDatabase, ...commits: Wanted[][]): Promise<Entry | undefined> {
  await using pool = new Pool(url, { maxConnections: 1 });
  let last: Entry | undefined;
  for (const wanted of commits) last = await applyCommit(pool, PROJECT, wanted);
  await pool.query(WAKE);
  return last;
}

/** An entry that changes nothing, and is not the one that `commit` would write. */
async function forkedEntry({ url }: TestDatabase, subject = 'Forked'): Promise<void> {
  await using pool = new Pool(url, { maxConnections: 1 });
  await withTransaction(pool, {}, (tx) => writeEntry(tx, PROJECT, [], { subject }));
  await pool.query(WAKE);
}

const witnessOf = (served: TestRelay) => served.statusNow().witness as { entry: number; hash: string };
const isRewound = (served: TestRelay) => served.statusNow().rewound === true;
const isCurrent = (served: TestRelay) => served.statusNow().stale === false;
const metricsOf = async ({ url }: TestRelay) => (await fetch(`${url}/metrics`)).text();
const sourceOf = (served: TestRelay) =>
  served.statusNow().source as { state: string; lastError?: { code: string; message: string } };

/** It goes on with what it had, and says everywhere why. */
async function expectRefusal(served: TestRelay, revision = 2): Promise<void> {
  await until(() => isRewound(served));
  expect(await served.evaluate('a')).toMatchObject({ value: false, metadata: { revision } });
  expect(served.statusNow()).toMatchObject({ ready: true, stale: true, revision, rewound: true });
  expect(sourceOf(served)).toMatchObject({ state: 'faulty', lastError: { code: 'rewound' } });
  expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
  expect(await metricsOf(served)).toContain('halyard_source_rewound 1\n');
}

async function expectHealed(served: TestRelay, revision = 2): Promise<void> {
  await until(() => isCurrent(served));
  expect(served.statusNow()).toMatchObject({ revision, source: { state: 'current' } });
  expect(isRewound(served)).toBe(false);
  expect(await metricsOf(served)).toContain('halyard_source_rewound 0\n');
}

/** What the wrong database holds, and how the message must call it. */
const WRONG: [what: string, build: (wrong: TestDatabase) => Promise<unknown>, said: RegExp][] = [
  ['an older chain', (wrong) => commit(wrong, PROD), /went back: audit entry 3, .* \(its last entry is 1\)/],
  [
    'an older chain in which the environment’s own head is the same',
    (wrong) => commit(wrong, PROD, [flag('a', off)]),
    /went back: audit entry 3, .* \(its last entry is 2\)/,
  ],
  [
    'a forked chain that is longer',
    (wrong) => commit(wrong, PROD, DEV, [flag('a', off)], [flag('b', off)], [flag('c')]),
    /another one: entry 3, .* was replaced \(its last entry is 5\)/,
  ],
  [
    'a longer chain that forked after the environment’s own head, which did not move',
    async (wrong) => {
      await commit(wrong, PROD, [flag('a', off)]);
      await forkedEntry(wrong);
      await commit(wrong, DEV);
    },
    /another one: entry 3, .* was replaced \(its last entry is 4\)/,
  ],
  [
    'a longer chain that forked after the environment’s own head, which has moved on since',
    async (wrong) => {
      await commit(wrong, PROD, [flag('a', off)]);
      await forkedEntry(wrong);
      await commit(wrong, [flag('a')]);
    },
    /another one: entry 3, .* was replaced \(its last entry is 4\)/,
  ],
  ['a database without the project', async () => {}, /no longer holds acme\/shop prod/],
];

describe.concurrent.each(WRONG)('%s', (_what, build, said) => {
  it('is refused by a relay that runs, until the right database is back', async () => {
    await using two = await twoDatabases();
    const { right, wrong, lead, start } = two;
    await commit(right, ...SHARED);
    await build(wrong);
    await using served = await start();
    await until(() => isCurrent(served) && witnessOf(served).entry === 3);
    lead(wrong);
    await expectRefusal(served);
    expect(sourceOf(served).lastError?.message).toMatch(said);
    lead(right);
    await expectHealed(served);
    await commit(right, [flag('a')]);
    await until(() => served.statusNow().revision === 4);
  });

  it('is refused by a relay that was restarted meanwhile, its cache between', async () => {
    await using two = await twoDatabases();
    const { right, wrong, lead, start } = two;
    await commit(right, ...SHARED);
    await build(wrong);
    const first = await start();
    await until(() => isCurrent(first) && witnessOf(first).entry === 3);
    await first.stop();
    lead(wrong);
    await using second = await start();
    await expectRefusal(second);
    lead(right);
    await expectHealed(second);
  });
});

it.concurrent('a chain that was deleted and grown anew is refused, and is accepted once where that was asked for', async () => {
  await using two = await twoDatabases();
  const { right, wrong, lead, start } = two;
  await commit(right, ...SHARED);
  const first = await start();
  await until(() => isCurrent(first) && witnessOf(first).entry === 3);
  lead(wrong);
  await expectRefusal(first);
  await commit(wrong, [...salt, flag('a', off)]);
  await forkedEntry(wrong);
  await commit(wrong, [flag('b')], [flag('d')]);
  await until(() => sourceOf(first).lastError?.message.includes('was replaced') === true);
  await expectRefusal(first);
  await first.stop();

  const second = await start({ acceptRewind: true });
  await until(() => isCurrent(second) && witnessOf(second).entry === 4);
  expect(second.statusNow()).toMatchObject({ revision: 3, entry: 4 });
  // Once: from here on the accepted chain is the one that must go on.
  lead(right);
  await expectRefusal(second, 3);
  await second.stop();

  await using third = await start();
  await expectRefusal(third, 3);
  lead(wrong);
  await expectHealed(third, 3);
});

it.concurrent('what was accepted may be served under the very same head', async () => {
  await using two = await twoDatabases();
  const { right, wrong, lead, start } = two;
  await commit(right, ...SHARED);
  await commit(wrong, PROD, [flag('a', off)]);
  await forkedEntry(wrong);
  const first = await start();
  await until(() => isCurrent(first) && witnessOf(first).entry === 3);
  const { hash } = witnessOf(first);
  await first.stop();
  lead(wrong);
  await using second = await start({ acceptRewind: true });
  await until(() => isCurrent(second) && witnessOf(second).hash !== hash);
  expect([witnessOf(second).entry, second.statusNow().revision, isRewound(second)]).toEqual([3, 2, false]);
});

it.concurrent('entries of other environments and without changes are witnessed, and remembered on disk', async () => {
  await using two = await twoDatabases();
  const { right, folder, start } = two;
  await commit(right, ...SHARED);
  await using served = await start();
  await until(() => isCurrent(served) && witnessOf(served).entry === 3);
  await forkedEntry(right, 'A comment');
  await until(() => witnessOf(served).entry === 4);
  const { hash } = witnessOf(served);
  const file = join(folder.path, 'acme%2Fshop@prod.witness');
  await until(async () => (await readFile(file, 'utf8')) === `halyard-witness 1 4 ${hash}\n`);
  expect(served.statusNow()).toMatchObject({ revision: 2, entry: 2 });
});

it.concurrent('a damaged memory of the chain leaves that of the snapshot', async () => {
  await using two = await twoDatabases();
  const { right, wrong, folder, lead, start } = two;
  await commit(right, ...SHARED);
  const first = await start();
  await until(() => isCurrent(first) && witnessOf(first).entry === 3);
  await first.stop();
  await writeFile(join(folder.path, 'acme%2Fshop@prod.witness'), 'halyard-witness 1 3 nonsense\n');
  await commit(wrong, PROD);
  lead(wrong);
  await using second = await start();
  await until(() => isRewound(second));
  expect(witnessOf(second).entry).toBe(2);
});

it.concurrent('a head that names an entry otherwise than the chain holds it is not served', async () => {
  await using two = await twoDatabases();
  const { right, start } = two;
  await commit(right, ...SHARED);
  await using served = await start();
  await until(() => isCurrent(served) && witnessOf(served).entry === 3);
  await using owner = new Pool(right.url, { maxConnections: 1 });
  await owner.query(`alter table halyard.snapshot_head disable trigger all;
    update halyard.snapshot_head set entry = 3, entry_hash = repeat('0', 64) where environment = 'prod';
    alter table halyard.snapshot_head enable trigger all`);
  await until(() => sourceOf(served).lastError?.code === 'unaudited');
  expect(served.statusNow()).toMatchObject({ revision: 2, entry: 2, ready: true });
});
