// Overrides are set and lifted on a real PostgreSQL, with neither git nor sync: what is written, and what is refused.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overrideStatement } from '../../../src/audit/override-statement.ts';
import { verifyAudit } from '../../../src/audit/verify.ts';
import { openListener } from '../../../src/db/listen.ts';
import { verifyText } from '../../../src/git/ssh-signature.ts';
import { UsageError } from '../../../src/lib/errors.ts';
import { listOverrides } from '../../../src/sync/override/list.ts';
import { LossyProxy } from '../../support/lossy-proxy.ts';
import { createLogin } from '../../support/service-login.ts';
import { until } from '../../support/until.ts';
import { Keys, PROJECT, Shop } from './shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.create();
});
afterEach(async () => {
  await shop[Symbol.asyncDispose]();
});

const whole = async () => expect(await verifyAudit(shop.pool)).not.toHaveProperty('break');
const head = async (environment: string) =>
  (
    await shop.pool.query<{ revision: number; entry: number; commit: string }>(
      'select revision, entry, commit from halyard.snapshot_head where environment = $1',
      [environment],
    )
  ).rows[0];

describe('an override', () => {
  it('I4, I11: is an entry with a revision, stands in the row, and leaves the rest as it was', async () => {
    const before = { prod: await head('prod'), dev: await head('dev'), body: await shop.body() };
    const nowMs = Math.floor(Date.now() / 1_000) * 1_000;
    const { content } = await shop.set({ forMs: 14_400_000 }, { now: () => nowMs + 789 });
    const override = { serve: 'off', until: iso(nowMs + 14_400_000) };
    expect(content).toEqual({
      v: expect.any(Number),
      project: PROJECT,
      entry: 2,
      action: 'override.set',
      revision: 2,
      flag: 'checkout',
      environment: 'prod',
      ...override,
      reason: 'on fire',
      at: iso(nowMs),
      actor: 'ops@bastion',
      signature: { status: 'unsigned' },
      changes: [
        {
          kind: 'flag',
          key: 'checkout',
          environment: 'prod',
          action: 'updated',
          before: expect.stringMatching(/^[0-9a-f]{64}$/),
          after: expect.stringMatching(/^[0-9a-f]{64}$/),
          patch: [
            { at: '', field: 'override serve', after: 'off' },
            { at: '', field: 'override until', after: JSON.stringify(override.until) },
          ],
        },
      ],
    });
    expect((await shop.entries()).at(-1)).toMatchObject(content);
    expect(await shop.body()).toEqual({ ...before.body, override });
    expect(await head('prod')).toEqual({ revision: 2, entry: 2, commit: before.prod?.commit });
    expect(await head('dev')).toEqual(before.dev);
    await whole();
  });

  it('takes the place of the one before, and is lifted, each by an entry', async () => {
    await shop.set();
    const again = await shop.set({ serve: 'on', reason: 'the other way round' });
    expect(again.before).toMatchObject({ serve: 'off' });
    expect((await shop.body()).override).toMatchObject({ serve: 'on' });
    const lifted = await shop.lift();
    expect(lifted).toMatchObject({
      before: { serve: 'on' },
      content: { action: 'override.lifted', entry: 4, revision: 4, reason: 'mended' },
    });
    expect(lifted.content).not.toHaveProperty('serve');
    expect(await shop.body()).not.toHaveProperty('override');
    await whole();
  });

  it('of another flag, or in another environment, stands beside it', async () => {
    await shop.set();
    await shop.set({ environment: 'dev' });
    await shop.set({ flag: 'search' });
    await shop.lift();
    expect(await shop.body()).not.toHaveProperty('override');
    expect(await shop.body('checkout', 'dev')).toHaveProperty('override');
    expect(await shop.body('search')).toHaveProperty('override');
    await whole();
  });

  it('wakes relays up', async () => {
    let woken = 0;
    const listener = await openListener(shop.database.url, 'halyard_snapshot', {
      applicationName: 'test',
      onNotify: () => woken++,
      onLost: () => {},
    });
    await shop.set();
    await until(() => woken === 1);
    await listener.close();
  });

  it('keeps what it was signed with, which holds for this one place in the chain', async () => {
    await using keys = await Keys.create();
    const key = await keys.make('alice');
    await shop.set({}, shop.by(key));
    await shop.set({}, shop.by(key));
    const [, first, second] = await shop.entries();
    if (!first?.seal || !second?.seal) throw new Error('both are sealed');
    // Nobody's key, as long as no policy names people: it is recorded as it is.
    expect(first).toMatchObject({
      actor: 'ops@bastion',
      signature: { status: 'unknown-key', fingerprint: key.fingerprint },
    });
    const found = ({ previousHash, ...content }: typeof first, seal = content.seal ?? '') =>
      verifyText({ text: overrideStatement(content, previousHash), namespace: 'halyard-override' }, seal);
    expect(await found(first)).toEqual({ status: 'holds', fingerprint: key.fingerprint });
    expect(await found(second)).toMatchObject({ status: 'holds' });
    const { previousHash, ...content } = first;
    const forged = {
      'copied to a later entry': {
        ...content,
        entry: second.entry,
        revision: 3,
        previousHash: second.previousHash,
      },
      'put after another entry': { ...first, previousHash: second.previousHash },
      'of a longer time': { ...first, until: '2027-01-01T00:00:00Z' },
      'of another variation': { ...first, serve: 'on' },
      'of another environment': { ...first, environment: 'dev' },
      'of another flag': { ...first, flag: 'search' },
      'of another project': { ...first, project: 'acme/other' },
      'for another reason': { ...first, reason: 'all is well' },
      'at another time': { ...first, at: '2026-01-01T00:00:00Z' },
      'that lifts': { ...first, action: 'override.lifted' as const },
    };
    for (const [title, entry] of Object.entries(forged))
      expect({ title, ...(await found(entry, first.seal)) }).toMatchObject({ title, status: 'invalid' });
    const other = { text: overrideStatement(content, previousHash), namespace: 'halyard-approval' };
    expect(await verifyText(other, first.seal)).toMatchObject({ status: 'invalid' });
  });
});

describe('what is asked wrongly', () => {
  it.each([
    [
      'a flag that is not applied',
      { flag: 'chekout' },
      /no flag `chekout` is applied in prod\. Did you mean `checkout`\?/,
    ],
    ['a flag unlike any other', { flag: 'x'.repeat(30) }, /There are: `checkout`, `search`\./],
    ['another environment', { environment: 'prd' }, /has no environment `prd`\. Did you mean `prod`\?/],
    ['another variation', { serve: 'none' }, /`checkout` has no variation `none`\. It has: `off`, `on`\./],
    ['a variation that objects have', { serve: 'toString' }, /no variation `toString`/],
    ['a minute less a second', { forMs: 59_000 }, /--for is from 1m to 24h/],
    ['a day and a second', { forMs: 86_401_000 }, /--for is from 1m to 24h/],
    ['no number', { forMs: Number.NaN }, /--for is from 1m to 24h/],
    ['no reason', { reason: ' \t' }, /--reason is empty/],
    ['a long reason', { reason: 'x'.repeat(501) }, /has 501 characters: at most 500/],
    ['a reason of two lines', { reason: 'a\nb' }, /must be one line/],
    ['a reason that moves the cursor', { reason: 'a\u001b[2Jb' }, /must be one line/],
    ['a reason that is no text', { reason: 'a\ud800' }, /must be one line/],
  ])('%s is refused, and nothing is written', async (_, asked, message) => {
    const refused = shop.set(asked);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    expect(await shop.entries()).toHaveLength(1);
  });

  it('a deleted flag, and one without an override to lift', async () => {
    await expect(shop.lift()).rejects.toThrow('`checkout` has no override in prod to lift');
    await shop.set();
    await shop.commit(
      ...[undefined, 'dev', 'prod'].map((environment) => ({
        key: 'checkout',
        ...(environment !== undefined && { environment }),
      })),
    );
    await expect(shop.set()).rejects.toThrow('no flag `checkout` is applied in prod');
    await expect(shop.lift()).rejects.toThrow('no flag `checkout` is applied in prod');
    await whole();
  });

  it('the limits themselves are taken', async () => {
    for (const asked of [{ forMs: 60_000 }, { forMs: 86_400_000, reason: 'x'.repeat(500) }])
      await shop.set(asked);
    const [, shortest, longest] = await shop.entries();
    const lengthOf = (entry: typeof shortest) => Date.parse(entry?.until ?? '') - Date.parse(entry?.at ?? '');
    expect([lengthOf(shortest), lengthOf(longest)]).toEqual([60_000, 86_400_000]);
  });

  it.each([
    ['ahead of', 6 * 60_000],
    ['behind', -6 * 60_000],
  ])('a clock that is far %s that of PostgreSQL is not asked when an override ends', async (side, skewMs) => {
    await expect(shop.set({}, { now: () => Date.now() + skewMs })).rejects.toThrow(
      `clock is 6 minutes ${side}`,
    );
    expect(await shop.entries()).toHaveLength(1);
  });

  it('a key that cannot be used', async () => {
    await expect(shop.set({}, shop.by({ file: '/nonexistent/key', fingerprint: '' }))).rejects.toThrow(
      UsageError,
    );
    expect(await shop.entries()).toHaveLength(1);
  });

  it('the applied row is not as the audit says: what was slipped in is not made an entry of', async () => {
    await shop.pool.query('alter table halyard.environment_definition disable trigger all');
    await shop.pool.query(
      `update halyard.environment_definition set body = replace(body, '"enabled":true', '"enabled":false') where key = 'checkout'`,
    );
    await expect(shop.set()).rejects.toThrow(/is not what the audit says.*halyard audit verify/);
    expect(await shop.entries()).toHaveLength(1);
  });
});

it('needs the rights of sync, and those of a reader to be listed; a relay’s login can do neither', async () => {
  const by = async (group: string, sees?: { project: string; environment: string }) =>
    createLogin(shop.database.url, { group, ...(sees && { sees }) });
  await using sync = await by('halyard_sync');
  await using reader = await by('halyard_reader');
  await using relay = await by('halyard_relay', { project: PROJECT, environment: 'prod' });
  await expect(shop.set({}, { databaseUrl: reader.url })).rejects.toThrow(
    /permission denied.*Log in as another role/,
  );
  await expect(shop.set({}, { databaseUrl: relay.url })).rejects.toThrow(UsageError);
  expect(await shop.entries()).toHaveLength(1);
  await shop.set({}, { databaseUrl: sync.url });
  const { overrides } = await listOverrides(reader.url, undefined, Date.now());
  expect(overrides).toMatchObject([
    {
      flag: 'checkout',
      environment: 'prod',
      serve: 'off',
      stands: true,
      actor: 'ops@bastion',
      reason: 'on fire',
    },
  ]);
  await expect(listOverrides(relay.url, undefined, Date.now())).rejects.toThrow(UsageError);
});

it('is listed with its latest reason, those that stand first', async () => {
  const ended = { now: () => Date.now() - 120_000 };
  await shop.set({ environment: 'dev', forMs: 60_000, reason: 'old' }, ended);
  await shop.set({ flag: 'search', reason: 'first' });
  await shop.set({ flag: 'search', serve: 'on', reason: 'second' });
  await shop.set({ reason: 'other' });
  await shop.lift();
  const { project, overrides } = await listOverrides(shop.database.url, undefined, Date.now());
  expect(project).toBe(PROJECT);
  expect(overrides).toMatchObject([
    { flag: 'search', environment: 'prod', serve: 'on', stands: true, reason: 'second', entry: 4 },
    { flag: 'checkout', environment: 'dev', serve: 'off', stands: false, reason: 'old', entry: 2 },
  ]);
});

describe('when many are at it', () => {
  it('I6: 20 at once are 20 entries, one after the other', async () => {
    await using keys = await Keys.create();
    const key = await keys.make('alice');
    const asked = Array.from({ length: 20 }, (_, n) => ({
      flag: n % 2 === 0 ? 'checkout' : 'search',
      environment: n % 3 === 0 ? 'dev' : 'prod',
      serve: n % 5 === 0 ? 'on' : 'off',
      reason: `the ${n}th`,
    }));
    const written = await Promise.all(asked.map((each) => shop.set(each, shop.by(key))));
    const entries = (await shop.entries()).slice(1);
    expect(entries.map(({ entry }) => entry)).toEqual(asked.map((_, n) => n + 2));
    expect(entries.map(({ reason }) => reason).sort()).toEqual(asked.map(({ reason }) => reason).sort());
    expect(written.map(({ content }) => content.entry).sort((a, b) => a - b)).toEqual(
      asked.map((_, n) => n + 2),
    );
    for (const { previousHash, ...content } of entries) {
      const statement = { text: overrideStatement(content, previousHash), namespace: 'halyard-override' };
      expect(await verifyText(statement, content.seal ?? '')).toMatchObject({ status: 'holds' });
    }
    await whole();
  });

  it('I6: a reply that is lost after COMMIT is settled by the chain', async () => {
    await using proxy = await LossyProxy.start(shop.database.url);
    proxy.losses = 1;
    const { content } = await shop.set({}, { databaseUrl: proxy.url });
    expect(proxy.losses).toBe(0);
    expect(content.entry).toBe(2);
    expect(await shop.entries()).toHaveLength(2);
    await whole();
  });
});

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
