// What events are judged by is looked up again and again: shared by those who ask at one time, and one at a time.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Catalogue } from '../../src/events/catalogue.ts';
import { applyCommit } from '../audit/writing.ts';
import { until } from '../support/until.ts';
import { Collecting } from './collecting.ts';
import { PROJECT } from './definitions.ts';

test('those who ask at one time share a look, however long ago the last one was, and each sees what was applied before it asked', async () => {
  await using collecting = await Collecting.create();
  let nowMs = 1_000_000;
  let looks = 0;
  const counting: Catalogue['look'] = async function (this: Catalogue) {
    looks++;
    return Catalogue.prototype.look.call(this);
  };
  const catalogue = new Catalogue({ database: collecting.pool, now: Date.now, elapsed: () => nowMs });
  catalogue.look = counting;
  for (let round = 1; round <= 4; round++) {
    nowMs += 60_000;
    const metric = { metric: 'm', type: 'binary', event: `event-${round}` };
    await applyCommit(collecting.pool, PROJECT, [{ kind: 'metric', key: 'm', body: metric }]);
    const asked = await Promise.all(Array.from({ length: 20 }, () => catalogue.since(nowMs)));
    expect(asked.every(({ known }) => known.events.has(`event-${round}`))).toBe(true);
    expect(looks).toBe(round);
  }
  // Nothing newer is asked for.
  await catalogue.since(nowMs);
  expect(looks).toBe(4);
});

test('while a look goes on none begins, and all who ask meanwhile share the one after it', async () => {
  await using collecting = await Collecting.create();
  let nowMs = 1_000_000;
  const catalogue = new Catalogue({ database: collecting.pool, now: Date.now, elapsed: () => nowMs });
  const begun: PromiseWithResolvers<void>[] = [];
  catalogue.look = async function (this: Catalogue) {
    const slow = Promise.withResolvers<void>();
    begun.push(slow);
    await slow.promise;
    return Catalogue.prototype.look.call(this);
  };
  const asked = [catalogue.since(nowMs)];
  await until(() => begun.length === 1);
  for (let round = 0; round < 5; round++) {
    nowMs += 1_000;
    asked.push(catalogue.since(nowMs));
    await sleep(5);
  }
  expect(begun).toHaveLength(1);
  nowMs += 1_000;
  begun[0]?.resolve();
  await until(() => begun.length === 2);
  begun[1]?.resolve();
  await Promise.all(asked);
  expect(begun).toHaveLength(2);
});

test('a look that fails is told to all who wait for it, and to nobody else', async () => {
  await using collecting = await Collecting.create({ applied: false });
  let nowMs = 1_000_000;
  const catalogue = new Catalogue({ database: collecting.pool, now: Date.now, elapsed: () => nowMs });
  const waiting = await Promise.allSettled([catalogue.since(nowMs), catalogue.since(nowMs)]);
  expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(catalogue.fault?.error.message).toContain('no project');
  nowMs += 2_000;
  await applyCommit(collecting.pool, PROJECT, [
    { kind: 'project', key: PROJECT, body: { environments: { prod: {} } } },
  ]);
  expect((await catalogue.since(nowMs)).known.environments.has('prod')).toBe(true);
  expect(catalogue.fault).toBeUndefined();
});
