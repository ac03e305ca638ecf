// Whom the applied policy lets override: every refusal says why and who could, and writes nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../src/audit/verify.ts';
import type { AccessDefinition } from '../../../src/model/definitions.gen.ts';
import { OverrideRefusedError } from '../../../src/sync/override/seal.ts';
import { type Key, Keys, Shop } from './shop.ts';

let keys: Keys;
const key: { [name: string]: Key } = {};
let policy: AccessDefinition;
let shop: Shop;

beforeAll(async () => {
  keys = await Keys.create();
  for (const name of ['admin', 'developer', 'oncall', 'nobody', 'stranger', 'lost', 'forge'])
    key[name] = await keys.make(name);
  const held = (...names: string[]) => names.map((name) => key[name]?.fingerprint ?? '');
  policy = {
    access: 1,
    people: {
      alice: { roles: ['admin'], keys: held('admin', 'lost') },
      dora: { roles: ['developer'], keys: held('developer'), emails: ['dora@example.com'] },
      olaf: { roles: ['oncall', 'developer'], keys: held('oncall') },
      nils: { roles: ['viewer'], keys: held('nobody') },
    },
    trust: [{ key: held('forge')[0] ?? '', vouches: 'author' }],
    revoked: held('lost'),
    rules: [
      { role: 'admin', may: ['change', 'change-access', 'override'] },
      { role: 'developer', may: ['override'], environments: ['dev'] },
      { role: 'developer', may: ['change'], environments: ['prod'] },
      { role: 'oncall', may: ['override'], environments: ['prod'], paths: ['search.yaml'], approvals: 1 },
      { role: 'oncall', may: ['override'] },
    ],
  };
  shop = await Shop.create(policy);
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await keys[Symbol.asyncDispose]();
});

describe('with a policy', () => {
  let before: number;
  beforeEach(async () => {
    before = (await shop.entries()).length;
  });

  it.each([
    ['without a key', undefined, {}, 'it must be signed: give --key. Who could: alice, olaf.'],
    [
      'with a key that is nobody’s',
      'stranger',
      {},
      "is nobody's in the applied policy. Who could: alice, olaf.",
    ],
    ['with a revoked key', 'lost', {}, 'is revoked in the applied policy. Who could: alice, olaf.'],
    ['with a key that vouches for others', 'forge', {}, "is nobody's in the applied policy."],
    [
      'by someone without a rule',
      'nobody',
      {},
      'No rule of the applied policy lets nils override `checkout` (checkout.yaml) in prod.',
    ],
    [
      'by someone who may change it, but not past git',
      'developer',
      {},
      'lets dora override `checkout` (checkout.yaml) in prod.',
    ],
    [
      'by someone who would need an approval, whatever a later rule says',
      'oncall',
      { flag: 'search' },
      'Rule 4 of the applied policy lets olaf override `search` (search.yaml) in prod with 1 approval alone, for which an emergency cannot wait. Who could: alice.',
    ],
  ])('an override %s is refused', async (_, name, asked, message) => {
    const refused = shop.set(asked, name === undefined ? {} : shop.by(key[name] as Key));
    await expect(refused).rejects.toBeInstanceOf(OverrideRefusedError);
    await expect(refused).rejects.toThrow(message);
    expect(await shop.entries()).toHaveLength(before);
    expect(await shop.body()).not.toHaveProperty('override');
  });

  it.each([
    ['an admin', 'admin', 'alice', {}],
    ['a developer in an environment of theirs', 'developer', 'dora', { environment: 'dev' }],
    ['who is on call, by a later rule', 'oncall', 'olaf', {}],
  ])('%s may, and lifts it again', async (_, name, person, asked) => {
    const signed = shop.by(key[name] as Key);
    const { content } = await shop.set(asked, signed);
    const { fingerprint } = key[name] as Key;
    expect(content).toMatchObject({ actor: person, signature: { status: 'valid', fingerprint, person } });
    expect(content.seal).toMatch(/^-----BEGIN SSH SIGNATURE-----\n/);
    await shop.lift(asked, signed);
    expect(await shop.entries()).toHaveLength(before + 2);
    expect(await verifyAudit(shop.pool)).not.toHaveProperty('break');
  });

  it('who may not set one may not lift one either, also one that has ended', async () => {
    const admin = shop.by(key.admin as Key);
    await shop.set({ forMs: 60_000 }, { ...admin, now: () => Date.now() - 120_000 });
    await expect(shop.lift({}, shop.by(key.developer as Key))).rejects.toThrow(OverrideRefusedError);
    await expect(shop.lift()).rejects.toThrow('it must be signed');
    expect(await shop.body()).toHaveProperty('override');
    await shop.lift({}, admin);
  });

  it('the policy that counts is the one that is applied when the entry is written', async () => {
    const olaf = shop.by(key.oncall as Key);
    await shop.set({}, olaf);
    const rules = policy.rules.filter(({ role }) => role !== 'oncall');
    await shop.commit({ kind: 'access', key: 'access', body: { ...policy, rules } });
    await expect(shop.lift({}, olaf)).rejects.toThrow('No rule of the applied policy lets olaf');
    await shop.commit({ kind: 'access', key: 'access', body: policy });
    await shop.lift({}, olaf);
  });

  it('nobody could, where no rule lets anyone', async () => {
    const rules = [{ role: 'admin', may: ['change' as const] }];
    await using strict = await Shop.create({ ...policy, rules });
    await expect(strict.set({}, strict.by(key.admin as Key))).rejects.toThrow(
      'Nobody could: no rule for this file and environment has `override` among what it lets do.',
    );
  });
});
