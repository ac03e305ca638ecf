// What the guards cost: a large commit, and one edit in a large project, against the same rows in tables without guards.

import { startTemporaryPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';
import { type Judged, judgeAccess } from '../../src/sync/access.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { recordJudgement } from '../../src/sync/record.ts';
import { asTree, manyFlags, manyFlagsPath, someCommit } from '../support/many-flags.ts';
import { flagYaml, PROJECT } from '../support/sync-project.ts';
import { median, table } from './report.ts';

const FLAGS = 10_000;
const ROUNDS = 5;
const NO_PROOF = { verified: { status: 'unsigned' }, evidence: [], tree: 'beef' } as const;
const SOURCE = { repository: '/srv/shop', path: 'flags', branch: 'main' };

interface Round {
  import: number;
  judgeEdit: number;
  edit: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startedMs = performance.now();
  const result = await work();
  return { result, tookMs: performance.now() - startedMs };
}

/** A fresh database, its tables guarded as migrations leave them or bare. */
async function freshDatabase(admin: Pool, serverUrl: string, guarded: boolean): Promise<string> {
  await admin.query('drop database if exists bench with (force)');
  await admin.query("create database bench template template0 encoding 'UTF8'");
  const url = new URL(serverUrl);
  url.pathname = '/bench';
  await migrate(url.href);
  if (guarded) return url.href;
  await using owner = new Pool(url.href, { maxConnections: 1 });
  const { rows } = await owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = 'halyard'::regnamespace and c.relkind = 'r'`,
  );
  for (const { name } of rows) await owner.query(`alter table ${name} disable trigger all`);
  return url.href;
}

const files = manyFlags(FLAGS);
const edited = { ...files, [manyFlagsPath(7)]: flagYaml('flag-7', 77) };

async function round(url: string): Promise<Round> {
  await using pool = new Pool(url, { maxConnections: 1 });
  await pool.query('select 1');
  const nothing = { ...nothingApplied(PROJECT, SOURCE), project: PROJECT };
  const first = judgeAccess(judgeCommit(someCommit, asTree(files), nothing, undefined), NO_PROOF, nothing);
  const record = (applied: typeof nothing, judged: Judged) =>
    timed(() => recordJudgement(pool, SOURCE, applied, judged, () => {}));
  const imported = await record(nothing, first);
  const applied = { ...imported.result.applied, project: PROJECT };
  const commit = { ...someCommit, id: 'c0ffee2' };
  const judged = await timed(() =>
    judgeAccess(judgeCommit(commit, asTree(edited), applied, first.loaded), NO_PROOF, applied),
  );
  const written = await record(applied, judged.result);
  return { import: imported.tookMs, judgeEdit: judged.tookMs, edit: written.tookMs };
}

const rounds: Record<'guarded' | 'bare', Round[]> = { guarded: [], bare: [] };
await using server = await startTemporaryPostgres();
await using admin = new Pool(server.url, { maxConnections: 1 });
for (let n = 0; n < ROUNDS; n++) {
  for (const kind of ['guarded', 'bare'] as const) {
    rounds[kind].push(await round(await freshDatabase(admin, server.url, kind === 'guarded')));
  }
}

const rows = (
  [
    [`a commit of ${FLAGS} flags: its transaction`, 'import'],
    [`one edit among ${FLAGS} flags: its judgement`, 'judgeEdit'],
    [`one edit among ${FLAGS} flags: its transaction`, 'edit'],
  ] as const
).map(([name, step]) => {
  const [guarded, bare] = [rounds.guarded, rounds.bare].map((all) => median(all.map((each) => each[step])));
  const cells = [guarded, bare].map((ms = Number.NaN) => `${ms.toFixed(0)} ms`);
  return [name, ...cells, step === 'judgeEdit' ? '' : `${((guarded ?? 0) / (bare ?? 1)).toFixed(2)} x`];
});
process.stdout.write(`${table([['medians', 'with guards', 'bare tables', 'ratio'], ...rows])}\n`);
