// Reads all that an analysis is made of, from one state of the database.
import type { Lender, Queryable } from '../db/pool.ts';
import type { Measured } from './compare.ts';
import { dayWithoutEvents } from './early.ts';
import { readGrowth } from './information.ts';
import { type Kept, readKept } from './kept.ts';
import { dueLook } from './looks.ts';
import type { MetricQuestion } from './metric-statement.ts';
import { readMoments } from './moments.ts';
import { FEWEST_UNITS, scaleOf } from './plan.ts';
import { armsOf, progressOf } from './progress.ts';
import { readTogether } from './readers.ts';
import { type Scope, scopeOf, windowMs } from './scope.ts';
import { type Design, type Named, readSetup, type Setup } from './setup.ts';
import { type ArmUnits, readUnits } from './units.ts';

export interface Read {
  setup: Setup;
  /** The plan's where one is recorded, else the file's. */
  design: Design;
  scope: Scope;
  kept: Kept;
  units: ArmUnits[];
  /** The day of the first exposure, where there is no event of it or of any day before. */
  dayWithoutEvents: string | null;
  primary: Measured;
  /** How many times as much the primary metric knows as at the last look; null where no later one is due, or it cannot be said. */
  growth: number | null;
  secondary: Measured[];
  guardrails: Measured[];
  /** The primary metric of units whose windows are over, where a plan is to be made of them. */
  mature: Measured | undefined;
}

/** Reads an experiment as of an instant, or as of now by the database's clock. Throws UsageError as readSetup. */
export async function read(pool: Lender, named: Named, atMs: number | undefined): Promise<Read> {
  let known: Known | undefined;
  const answers = await readTogether(pool, async (connection) => {
    known = await readKnown(connection, named, atMs);
    return known.questions;
  });
  const { questions, ...rest } = known as Known;
  const [primary, ...others] = answers.map(({ measured }) => measured);
  const { setup } = rest;
  return {
    ...rest,
    primary: primary as Measured,
    growth: answers[0]?.growth ?? null,
    secondary: others.slice(0, setup.secondary.length),
    guardrails: others.slice(setup.secondary.length, setup.secondary.length + setup.guardrails.length),
    mature: others[setup.secondary.length + setup.guardrails.length],
  };
}

interface Answer {
  measured: Measured;
  growth: number | null;
}

type Question = (connection: Queryable) => Promise<Answer>;

type Known = Pick<Read, 'setup' | 'design' | 'scope' | 'kept' | 'units' | 'dayWithoutEvents'> & {
  questions: Question[];
};

/** What says which questions there are: the definitions, what is kept, and the units. */
async function readKnown(connection: Queryable, named: Named, givenMs: number | undefined): Promise<Known> {
  const atMs = givenMs ?? (await readClock(connection));
  const setup = await readSetup(connection, named);
  const kept = await readKept(connection, scopeOf(setup, setup.design, atMs));
  const design = kept.plan?.design ?? setup.design;
  const scope = scopeOf(setup, design, atMs);
  const metrics = [design.primary, ...setup.secondary, ...setup.guardrails];
  const last = kept.looks.at(-1);
  const lastMs = last ? Date.parse(last.at) : atMs;
  const windows = metrics.map((metric) => windowMs(metric) ?? 0);
  const units = await readUnits(connection, scope, [...windows, atMs - lastMs]);
  const firstMs = units.length === 0 ? atMs : Math.min(...units.map((arm) => arm.firstMs));
  const arms = armsOf(design, units);
  /** Units of each arm that had come one of these times ago. */
  const countsBefore = (at: number) => arms.map((arm) => (arm ? arm.measured - (arm.open[at] ?? 0) : 0));
  const isDue = dueLook(design, progressOf(design, kept.plan, units, atMs), kept.looks, null) !== undefined;
  const before = last && isDue ? { atMs: lastMs, counts: countsBefore(windows.length) } : undefined;
  const basis = { scope, design, sinceMs: firstMs };
  const questions = metrics.map((metric, at) => {
    const open = arms.reduce((sum, arm) => sum + (arm?.open[at] ?? 0), 0);
    const counts = arms.map((arm) => arm?.measured ?? 0);
    return questionOf({ ...basis, metric, counts, open, ...(at === 0 && before && { before }) });
  });
  const mature = countsBefore(0);
  if (wantsMature(design, kept, mature[0] ?? 0)) {
    const exposedByMs = atMs - (windowMs(design.primary) ?? 0);
    questions.push(questionOf({ ...basis, metric: design.primary, open: 0, counts: mature, exposedByMs }));
  }
  const found = { dayWithoutEvents: await dayWithoutEvents(connection, scope, firstMs) };
  return { setup, design, scope, kept, units, ...found, questions };
}

/** A plan is made of units whose windows are over as soon as there are enough, unless a look was taken before. */
function wantsMature(design: Design, { plan, looks }: Kept, units: number): boolean {
  const isOpen = plan === undefined || (plan.basis !== null && !plan.basis.isMature && looks.length === 0);
  return scaleOf(design) === 'units' && isOpen && units >= FEWEST_UNITS && windowMs(design.primary) !== null;
}

interface QuestionBasis {
  scope: Scope;
  design: Design;
  /** The first exposure of all. */
  sinceMs: number;
  metric: Measured['metric'];
  counts: readonly number[];
  open: number;
  exposedByMs?: number;
  /** The last look, where this one's information is to be measured against it, with the units that had come by then. */
  before?: { atMs: number; counts: readonly number[] };
}

function questionOf({
  scope,
  design,
  sinceMs,
  metric,
  counts,
  open,
  exposedByMs,
  before,
}: QuestionBasis): Question {
  const names = design.arms.filter(({ weight }) => weight > 0).map(({ arm }) => arm);
  const armsWith = (units: readonly number[]) => names.map((arm, at) => ({ arm, units: units[at] ?? 0 }));
  const question: MetricQuestion = {
    ...{ metric, arms: armsWith(counts), sinceMs },
    covariateDays: metric.type === 'ratio' ? 0 : (design.cupedDays ?? 0),
    ...(exposedByMs !== undefined && { exposedByMs }),
  };
  return async (connection) => {
    const moments = await readMoments(connection, scope, question);
    const measured: Measured = { metric, units: counts, open, cupedDays: design.cupedDays, moments };
    if (!before) return { measured, growth: null };
    const earlier = { ...question, arms: armsWith(before.counts), exposedByMs: before.atMs };
    return { measured, growth: await readGrowth(connection, scope, earlier, measured) };
  };
}

async function readClock(connection: Queryable): Promise<number> {
  const { rows } = await connection.query<{ now: Date }>('select clock_timestamp() as now');
  return (rows[0] as { now: Date }).now.getTime();
}
