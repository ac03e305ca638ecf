// An analysis, whole: what is planned, whether the split holds, what may be said now, and the verdict. Each is kept.
import { sqlState } from '../db/faults.ts';
import type { Lender } from '../db/pool.ts';
import { withTransaction } from '../db/transaction.ts';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import type { Analysis, LookTaken } from './analysis.ts';
import { withCourse } from './course.ts';
import { type Addition, keep, TakenMeanwhile } from './kept.ts';
import { dueLook, isDecided, isStanding, takeLook } from './looks.ts';
import { notesOf } from './notes.ts';
import { type Plan, planOf, scaleOf } from './plan.ts';
import { daysLeft, type Progress, progressOf } from './progress.ts';
import { type Read, read } from './read.ts';
import { guardrailResults, type Occasion, primaryResult, secondaryResults, withDecided } from './results.ts';
import { DAY_MS, windowMs } from './scope.ts';
import type { Named } from './setup.ts';
import { splitOf } from './split.ts';
import { telling } from './usage.ts';
import { hasEvents, verdictOf } from './verdict.ts';

export interface AnalyzeOptions extends Named {
  /** What happened later does not count. Now, by the database's clock, if left out. */
  atMs?: number | undefined;
  /** Whether the plan, the look and the analysis are kept; what is not kept takes no look. */
  isKept: boolean;
}

/** Analyses that record the same look at the same time give way to each other this often. */
const ATTEMPTS = 5;

/**
 * Analyses an experiment. Reads one state of the database with up to two connections, then writes what it says.
 * Throws UsageError where the experiment is not applied, measures nothing, runs in several environments, or cannot be computed, and
 * where the login may not record; UnreachableError where others record at the same time again and again.
 */
export function analyze(pool: Lender, options: AnalyzeOptions): Promise<Analysis> {
  return telling(options.experiment, () => analyzed(pool, options));
}

async function analyzed(pool: Lender, options: AnalyzeOptions): Promise<Analysis> {
  for (let attempt = 1; ; attempt++) {
    const found = await read(pool, options, options.atMs);
    const said = analysisOf(found);
    if (!options.isKept) return unrecorded(said);
    try {
      await withTransaction(pool, {}, (tx) => keep(tx, found.scope, { before: found.kept, ...said }));
      return said.analysis;
    } catch (error) {
      if (isRefused(error)) throw new UsageError(REFUSED, { cause: error });
      if (!(error instanceof TakenMeanwhile)) throw error;
      if (attempt === ATTEMPTS) throw new UnreachableError('postgres', BUSY, { cause: error });
    }
  }
}

const BUSY =
  'other analyses of it are recorded at the same time, or some were by a clock that was ahead of the database’s: ask again in a while.';
const REFUSED =
  'this login may read, and not record an analysis: that needs a login in halyard_analyst. With --at it says what stood then, and records nothing.';

function isRefused(error: unknown): boolean {
  return error instanceof UsageError && sqlState(error.cause ?? error) === '42501';
}

/** Whoever may ask of any instant could choose the one that pleases. */
function unrecorded({ analysis, look }: Omit<Addition, 'before'>): Analysis {
  if (!look) return analysis;
  const note = `Look ${look.look} was due and not taken then, and this does not take it. To ask for it at several instants is to look more often than was planned.`;
  return { ...analysis, notes: [...analysis.notes, note] };
}

/** What can be said of what was read. */
export function analysisOf(found: Read): Omit<Addition, 'before'> {
  const { setup, design, scope, kept, units } = found;
  const plan = newPlan(found) ?? kept.plan;
  const progress = progressOf(design, plan, units, scope.atMs);
  const split = splitOf(design.arms, units, kept.splitP);
  const { occasion, look, isBlind } = lookNow(found, progress, split.isBroken);
  const looks = look ? [...kept.looks, look] : kept.looks;
  const last = looks.at(-1);
  // Between looks what the last one decided stands, with its own figures.
  const standing = !look && last && isStanding(last) && !split.isBroken ? kept.lastLook : undefined;
  const metrics = standing ?? {
    primary: withDecided(
      primaryResult(found.primary, design, occasion, look),
      kept.looks.at(-1),
      kept.lastLook?.primary,
    ),
    secondary: secondaryResults(found.secondary, design, occasion),
    guardrails: guardrailResults(found.guardrails, design, occasion),
  };
  const isOver = last !== undefined && isDecided(last);
  const analysis: Analysis = {
    project: setup.project,
    environment: setup.environment,
    experiment: setup.experiment,
    at: new Date(scope.atMs).toISOString(),
    revision: setup.revision,
    status: setup.definition.status,
    ...(setup.definition.hypothesis !== undefined && { hypothesis: setup.definition.hypothesis }),
    ...(setup.definition.owner !== undefined && { owner: setup.definition.owner }),
    plan: toldPlan(found, plan),
    progress: toldProgress(found, plan, progress, look, isOver),
    split,
    verdict: verdictOf({
      ...{ split, look: last, isBlind, primary: metrics.primary },
      ...{
        units: progress.units,
        unitsPerArm: progress.unitsPerArm,
        plannedPerArm: plan?.unitsPerArm ?? null,
      },
      missing: scaleOf(design) === null ? 'analysis.minimumEffect or end' : null,
      hasEvents: found.primary.moments.arms.some(hasEvents(found.primary)),
    }),
    primary: metrics.primary,
    secondary: metrics.secondary,
    guardrails: metrics.guardrails,
    course: kept.course,
    looks,
    decidedAt: standing ? (last?.at ?? null) : null,
    notes: notesOf({
      ...{ setup, design, plan, units, looks, isDecided: isOver },
      open: look ? { units: found.primary.open, of: progress.units } : null,
      dayWithoutEvents: standing ? null : found.dayWithoutEvents,
    }),
  };
  return { analysis: withCourse(analysis), plan: plan === kept.plan ? undefined : plan, look };
}

/** A plan where none is recorded, or one of units whose windows are over in place of one that was made before. */
function newPlan(found: Read): Plan | undefined {
  const { design, kept, primary, mature, scope } = found;
  const number = (kept.plan?.number ?? 0) + 1;
  const scale = scaleOf(design);
  const own = { atMs: scope.atMs, number };
  if (scale === null || found.units.length === 0) return undefined;
  if (scale === 'time')
    return kept.plan ? undefined : { ...own, design, unitsPerArm: null, baseline: null, basis: null };
  const better = mature && planOf(design, mature, true);
  if (better) return { ...own, ...better };
  if (kept.plan) return undefined;
  const first = planOf(design, primary, windowMs(design.primary) === null);
  return first && { ...own, ...first };
}

interface LookNow {
  occasion: Occasion | undefined;
  look: LookTaken | undefined;
  /** A look is due, and no arm can be compared. */
  isBlind: boolean;
}

/** Takes the look that is due. While the split is broken none is: there is nothing that it could see. */
function lookNow(
  { design, kept, primary, growth, scope }: Read,
  progress: Progress,
  isBroken: boolean,
): LookNow {
  const due = isBroken ? undefined : dueLook(design, progress, kept.looks, growth);
  if (!due) return { occasion: undefined, look: undefined, isBlind: false };
  const occasion = { due, taken: kept.looks };
  const arms = primaryResult(primary, design, occasion, undefined).arms;
  if (arms.every(({ p }) => p === null)) return { occasion, look: undefined, isBlind: true };
  const look = takeLook(due, kept.looks, design, new Date(scope.atMs).toISOString(), arms);
  return { occasion, look, isBlind: false };
}

function toldProgress(
  { design, setup, scope, units }: Read,
  plan: Plan | undefined,
  { firstMs, units: measured, unitsPerArm, fraction }: Progress,
  look: LookTaken | undefined,
  isFinal: boolean,
): Analysis['progress'] {
  const goesOn = !isFinal && setup.definition.status === 'running' && units.length > 0;
  return {
    firstExposure: firstMs === null ? null : new Date(firstMs).toISOString(),
    days: firstMs === null ? 0 : Math.floor((scope.atMs - firstMs) / DAY_MS),
    units: measured,
    unitsPerArm,
    look: look?.look ?? null,
    isFinal,
    fraction,
    daysLeft: goesOn ? daysLeft(design, plan, units, scope.atMs) : null,
  };
}

function toldPlan({ design }: Read, plan: Plan | undefined): Analysis['plan'] {
  const { alpha, power, minimumEffect, end, sequential, cupedDays } = design;
  return {
    ...{ alpha, power, minimumEffect, end, sequential, cupedDays },
    unitsPerArm: plan?.unitsPerArm ?? null,
    recordedAt: plan?.atMs == null ? null : new Date(plan.atMs).toISOString(),
    baseline: plan?.baseline ?? null,
    scale: scaleOf(design),
  };
}
