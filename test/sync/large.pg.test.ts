// Ten thousand definitions: one transaction of few statements, with every guard on; and then one edit.
import { expect, test } from 'vitest';
import { Policy } from '../../src/access/policy.ts';
import { Pool, type Queryable } from '../../src/db/pool.ts';
import type { AccessRule } from '../../src/model/definitions.gen.ts';
import { judgeAccess } from '../../src/sync/access.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { Sync } from '../../src/sync/loop.ts';
import { recordJudgement } from '../../src/sync/record.ts';
import { createDatabase } from '../support/database.ts';
import { asTree, manyFlags, manyFlagsPath, someCommit } from '../support/many-flags.ts';
import { flagYaml, PROJECT, SyncProject } from '../support/sync-project.ts';

const FLAGS = 10_000;
const NO_PROOF = { verified: { status: 'unsigned' }, evidence: [], tree: 'beef' } as const;

/** Notes each statement that it runs. */
class WatchedPool extends Pool {
  readonly statements: string[] = [];

  override withConnection<T>(use: (connection: Queryable) => Promise<T>): Promise<T> {
    return super.withConnection((connection) =>
      use({
        query: (text, values) => {
          this.statements.push(text.trim().split(/\s+/).slice(0, 3).join(' '));
          return connection.query(text, values);
        },
      }),
    );
  }
}

test(`${FLAGS} definitions are one transaction of few statements`, async () => {
  await using database = await createDatabase();
  await using pool = new WatchedPool(database.url);
  const source = { repository: '/srv/shop', path: 'flags', branch: 'main' };
  const applied = nothingApplied(PROJECT, source);
  const files = asTree(manyFlags(FLAGS));
  const known = { ...applied, project: PROJECT };
  const judgement = judgeCommit(someCommit, files, known, undefined);
  const judged = judgeAccess(judgement, NO_PROOF, known);
  const { event } = await recordJudgement(pool, source, applied, judged, () => {});
  expect(event).toMatchObject({ type: 'applied', entry: 1, revision: 1 });
  expect(pool.statements.filter((text) => /^(begin|commit|rollback)/.test(text))).toEqual([
    'begin isolation level',
    'commit',
  ]);
  expect(pool.statements.length).toBeLessThanOrEqual(15);
  const { rows } = await pool.query('select count(*)::int as count from halyard.environment_definition');
  expect(rows).toEqual([{ count: 2 * (FLAGS + 1) }]);
});

test(`who may bring ${FLAGS} definitions is decided in less time than they are read in`, () => {
  const people = Object.fromEntries(
    Array.from({ length: 100 }, (_, n) => [
      `person-${n}`,
      { keys: [keyOf(n)], roles: [n === 0 ? 'admin' : 'developer'] },
    ]),
  );
  const ofArea = (area: number): AccessRule => ({
    role: 'developer',
    may: ['change'],
    environments: ['prod'],
    paths: [`area-${area}/**`],
    approvals: 1,
  });
  const policy = new Policy({
    access: 1,
    people,
    rules: [
      { role: 'admin', may: ['change', 'change-access'] },
      ...Array.from({ length: 50 }, (_, n) => ofArea(n)),
    ],
  });
  const known = {
    ...nothingApplied(PROJECT, { repository: '/srv/shop', path: 'flags', branch: 'main' }),
    policy,
  };
  const files = asTree(manyFlags(FLAGS));
  const startedMs = performance.now();
  const judgement = judgeCommit(someCommit, files, known, undefined);
  const readMs = performance.now() - startedMs;
  const judged = [0, 1].map((person) => {
    const verified = { status: 'holds', fingerprint: keyOf(person) } as const;
    return judgeAccess(judgement, { ...NO_PROOF, verified }, { ...known, project: PROJECT });
  });
  const decidedMs = (performance.now() - startedMs - readMs) / judged.length;
  expect(judged.map(({ type }) => type)).toEqual(['applied', 'rejected']);
  expect(judged[1]?.type === 'rejected' && judged[1].problems).toHaveLength(100);
  expect(decidedMs / readMs).toBeLessThan(1);
});

const keyOf = (n: number) => `SHA256:${String(n).padStart(43, 'a')}`;

test(`one edit among ${FLAGS} flags writes its own rows alone`, async () => {
  await using project = await SyncProject.create();
  await project.repository.commit('import', manyFlags(FLAGS));
  const stop = new AbortController();
  await using sync = new Sync(project.options());
  expect(await sync.runOnce(stop.signal)).toBe('applied');
  await project.repository.commit('edit', { [manyFlagsPath(7)]: flagYaml('flag-7', 77) });
  expect(await sync.runOnce(stop.signal)).toBe('applied');
  expect(project.events.at(-1)).toMatchObject({
    entry: 2,
    revision: 2,
    changes: [{ key: 'flag-7' }, { environment: 'prod' }],
  });
  const rows = await project.query(
    'select kind, key, environment from halyard.environment_definition where revision = 2',
  );
  expect(rows).toEqual([{ kind: 'flag', key: 'flag-7', environment: 'prod' }]);
});
