// What is kept of analyses: the plan, the looks that were taken, and every analysis that was shown. Nothing of it is ever changed.
import type { Queryable } from '../db/pool.ts';
import type { Tx } from '../db/transaction.ts';
import type { Analysis, CoursePoint, LookTaken } from './analysis.ts';
import type { Basis, Plan } from './plan.ts';
import { instant, type Scope } from './scope.ts';
import type { Design } from './setup.ts';

export interface Kept {
  plan: Plan | undefined;
  looks: LookTaken[];
  /** The analysis that took the last of these looks. */
  lastLook: Analysis | undefined;
  course: CoursePoint[];
  /** The smallest of the always valid p-values of the split. */
  splitP: number | null;
}

/** The most points that a course is drawn of. */
const MOST_POINTS = 200;
const OURS = 'k.project = $1 and k.environment = $2 and k.experiment = $3';

/** What stood at the scope's instant: a look that was taken just then is still to come. */
export async function readKept(connection: Queryable, scope: Scope): Promise<Kept> {
  const looks = await readLooks(connection, scope);
  return {
    plan: await readPlan(connection, scope),
    looks,
    lastLook: await readLookAnalysis(connection, scope, looks.at(-1)),
    course: await readCourse(connection, scope),
    splitP: await readSplitP(connection, scope),
  };
}

async function readPlan(connection: Queryable, scope: Scope): Promise<Plan | undefined> {
  const { rows } = await connection.query<{
    number: number;
    at: Date;
    design: Design;
    unitsPerArm: number | null;
    baseline: number | null;
    basis: Basis | null;
  }>(
    `select k.number, k.at, k.design, k.units_per_arm as "unitsPerArm", k.baseline, nullif(k.basis, 'null'::jsonb) as basis
     from halyard.experiment_plan k where ${OURS} and k.at <= $4 order by k.number desc limit 1`,
    values(scope),
  );
  const [row] = rows;
  if (!row) return undefined;
  const { at, ...plan } = row;
  return { ...plan, atMs: at.getTime() };
}

async function readLooks(connection: Queryable, scope: Scope): Promise<LookTaken[]> {
  const { rows } = await connection.query<Omit<LookTaken, 'at'> & { at: Date }>(
    `select k.look, k.at, k.fraction, k.units, coalesce(k.information, k.fraction) as information,
       k.is_final as "isFinal", k.arms
     from halyard.experiment_look k where ${OURS} and k.at < $4 order by k.look`,
    values(scope),
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

async function readLookAnalysis(
  connection: Queryable,
  scope: Scope,
  last: LookTaken | undefined,
): Promise<Analysis | undefined> {
  if (!last) return undefined;
  const { rows } = await connection.query<{ content: Analysis }>(
    `select k.content from halyard.experiment_snapshot k where ${OURS} and k.at < $4 and k.look = $5
     order by k.number limit 1`,
    [...values(scope), last.look],
  );
  return rows[0]?.content;
}

/** The course of the first arm on the primary metric, thinned where it is long. What only repeats a decision is no point of it. */
export async function readCourse(connection: Queryable, scope: Scope): Promise<CoursePoint[]> {
  const { rows } = await connection.query<{
    at: Date;
    units: number;
    arm: Omit<CoursePoint, 'at' | 'units'> | null;
  }>(
    `with shown as (
       select k.number, ntile(${MOST_POINTS}) over (order by k.number) as part
       from halyard.experiment_snapshot k where ${OURS} and k.at < $4 and k.content ->> 'decidedAt' is null
     )
     select k.at, (k.content #>> '{progress,units}')::integer as units, k.content #> '{primary,arms,0}' as arm
     from halyard.experiment_snapshot k
     where ${OURS} and k.number in (select max(s.number) from shown s group by s.part) order by k.number`,
    values(scope),
  );
  return rows.flatMap(({ at, units, arm }) => {
    if (arm === null) return [];
    const { lift, liftInterval, difference, interval } = arm;
    return [{ at: at.toISOString(), units, lift, liftInterval, difference, interval }];
  });
}

async function readSplitP(connection: Queryable, scope: Scope): Promise<number | null> {
  const { rows } = await connection.query<{ p: number | null }>(
    `select min((k.content #>> '{split,alwaysValidP}')::double precision) as p
     from halyard.experiment_snapshot k where ${OURS} and k.at < $4`,
    values(scope),
  );
  return rows[0]?.p ?? null;
}

function values({ project, environment, experiment, atMs }: Scope): unknown[] {
  return [project, environment, experiment, instant(atMs)];
}

/** What one analysis adds, and what it knew to be there. */
export interface Addition {
  before: Pick<Kept, 'plan' | 'looks'>;
  /** Where it is new. */
  plan: Plan | undefined;
  /** Where one was taken. */
  look: LookTaken | undefined;
  analysis: Analysis;
}

/** Another analysis recorded a plan or a look at the same time: whoever throws it is asked again. */
export class TakenMeanwhile extends Error {
  override readonly name = 'TakenMeanwhile';
}

/** Keeps it, all of it or nothing. Throws TakenMeanwhile. */
export async function keep(tx: Tx, scope: Scope, { before, plan, look, analysis }: Addition): Promise<void> {
  const own = values(scope);
  // One analysis of an experiment is written at a time, so that numbers follow each other.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `halyard analysis ${own.slice(0, 3).join('\n')}`,
  ]);
  // What a look is held against depends on those before it: also an earlier one, taken in the meantime, makes this one another.
  await one(tx, UNCHANGED, [...own.slice(0, 3), before.plan?.number ?? 0, before.looks.length]);
  if (plan) await one(tx, PLAN, [...own, plan.number, ...planColumns(plan)]);
  if (look) {
    const { fraction, isFinal, units, information, arms } = look;
    await one(tx, LOOK, [...own, look.look, fraction, isFinal, units, information, JSON.stringify(arms)]);
  }
  // The course is in the analyses before it.
  await one(tx, SNAPSHOT, [...own, look?.look ?? null, JSON.stringify({ ...analysis, course: [] })]);
}

/** Finds or adds one row. */
async function one(tx: Tx, statement: string, row: unknown[]): Promise<void> {
  const { rowCount } = await tx.query(statement, row);
  if (rowCount !== 1) throw new TakenMeanwhile('recorded by another analysis at the same time');
}

function planColumns({ design, unitsPerArm, baseline, basis }: Plan): unknown[] {
  return [JSON.stringify(design), unitsPerArm, baseline, JSON.stringify(basis)];
}

const UNCHANGED = `select 1
  where $4::integer = (select coalesce(max(k.number), 0) from halyard.experiment_plan k where ${OURS})
    and $5::integer = (select count(*) from halyard.experiment_look k where ${OURS})`;
const PLAN = `insert into halyard.experiment_plan
  (project, environment, experiment, at, number, design, units_per_arm, baseline, basis)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`;
const LOOK = `insert into halyard.experiment_look
  (project, environment, experiment, at, look, fraction, is_final, units, information, arms)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`;
const SNAPSHOT = `insert into halyard.experiment_snapshot (project, environment, experiment, at, number, look, content)
  select $1, $2, $3, $4, coalesce(max(k.number), 0) + 1, $5::integer, $6::json
  from halyard.experiment_snapshot k where ${OURS}`;
