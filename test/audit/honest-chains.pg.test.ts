// No false alarm: a hundred chains that were grown honestly, at random, are whole and follow from their repository.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { Pool } from '../../src/db/pool.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { makeSshKey } from '../support/signing.ts';
import { HonestChain, type Surroundings } from './honest-chain.ts';
import { Random } from './random-files.ts';

let database: TestDatabase;
let around: Surroundings;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  const [repository, stateFolder] = await Promise.all([
    GitRepository.create(),
    temporaryFolder('halyard-state-'),
  ]);
  const keyFolder = join(stateFolder, 'keys');
  await mkdir(keyFolder);
  const [ann, bob, eve] = await Promise.all([
    makeSshKey(keyFolder, 'ann'),
    makeSshKey(keyFolder, 'bob'),
    makeSshKey(keyFolder, 'eve'),
  ]);
  around = { repository, stateFolder, databaseUrl: database.url, keys: { ann, bob, eve } };
  pool = new Pool(database.url, { maxConnections: 4 });
});

afterAll(async () => {
  await pool.close();
  await database[Symbol.asyncDispose]();
  await around.repository[Symbol.asyncDispose]();
  await rm(around.stateFolder, { recursive: true, force: true, maxRetries: 5 });
});

/** What chains do, and how many of each there are: a hundred in all. */
const LIVES: [what: string, count: number, live: (chain: HonestChain, random: Random) => Promise<void>][] = [
  [
    'commits alone, synced once and again',
    70,
    async (chain, random) => {
      await chain.commit(1);
      await chain.sync();
      await chain.commit(5 + random.below(5));
      await chain.sync();
    },
  ],
  [
    'overrides between commits',
    8,
    async (chain, random) => {
      await chain.commit(1);
      await chain.sync();
      await chain.override('set');
      await chain.commit(2 + random.below(3));
      await chain.sync();
      await chain.override(random.pick(['set', 'lift']));
      await chain.commit(2);
      await chain.sync();
    },
  ],
  [
    'histories that were rewritten and accepted',
    8,
    async (chain, random) => {
      await chain.commit(3);
      await chain.sync();
      await chain.commit(3);
      await chain.sync();
      await chain.rewriteHistory(1 + random.below(3));
      if ((await chain.sync()) === 'diverged') {
        await chain.accept();
        await chain.sync();
      }
      await chain.commit(2);
      await chain.sync();
    },
  ],
  [
    'a policy, signatures, refusals, approvals and signed overrides',
    14,
    async (chain, random) => {
      await chain.commit(1);
      await chain.sync();
      await chain.bringPolicy(random.pick(['required', 'recorded']));
      await chain.commit(5, [random.pick(['ann', 'bob']), 'bob', undefined, 'eve', 'ann']);
      await chain.sync();
      await chain.commit(1, ['ann']);
      await chain.sync();
      await chain.commitForApproval();
      await chain.sync();
      await chain.approve();
      await chain.sync();
      await chain.override('set', around.keys.ann);
      await chain.commit(1, ['ann']);
      await chain.sync();
    },
  ],
];

/** Most of the time is git's, so some chains grow beside each other. */
const LANES = 3;

test.each(LIVES)('%s: %i chains', { timeout: 600_000 }, async (what, count, live) => {
  const happened = new Set<string>();
  const grow = async (lane: number): Promise<void> => {
    for (let nth = lane; nth < count; nth += LANES) {
      const seed = what.length * 1_000 + nth;
      const random = new Random(seed);
      const chain = new HonestChain(around, `p-${seed}`, random);
      await live(chain, random);
      await expectWhole(chain, seed);
      for (const name of await happenedIn(chain.project)) happened.add(name);
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, lane) => grow(lane)));
  // What the chains are made for has happened.
  expect([...happened]).toEqual(expect.arrayContaining(EXPECTED[what] ?? []));
});

async function expectWhole({ project, branch }: HonestChain, seed: number): Promise<void> {
  const { stateFolder } = around;
  const repository = { repo: around.repository.folder, stateFolder, branch };
  const { projects, derivation, break: found } = await verifyAudit(pool, { project, repository });
  expect({ seed, found }).toEqual({ seed, found: undefined });
  expect(derivation).toMatchObject({ derived: projects[0]?.entries, underivable: 0, pending: 0 });
}

const EXPECTED: Record<string, string[]> = {
  'commits alone, synced once and again': ['commit.applied', 'commit.rejected', 'merged', 'trailer'],
  'overrides between commits': ['override.lifted', 'override.set'],
  'histories that were rewritten and accepted': ['history.accepted', 'history.diverged'],
  'a policy, signatures, refusals, approvals and signed overrides': [
    'access-denied',
    'approval',
    'approval-missing',
    'commit.applied',
    'override.set',
    'signature-missing',
  ],
};

/** Actions, codes of problems and kinds of evidence. */
async function happenedIn(project: string): Promise<string[]> {
  const { rows } = await pool.query<{ content: string }>(
    'select content from halyard.audit_entry where project = $1',
    [project],
  );
  return rows.flatMap(({ content }) => {
    const { action, problems = [], evidence = [], merged } = JSON.parse(content);
    const codes = problems.map(({ code }: { code: string }) => code);
    return [
      action,
      ...codes,
      ...evidence.map(({ kind }: { kind: string }) => kind),
      ...(merged ? ['merged'] : []),
    ];
  });
}
