// How far an experiment is on its way to its planned size or time.
import { daysUntil } from '../stats/power/days.ts';
import { endMs, type Plan, plannedTotal, scaleOf } from './plan.ts';
import { DAY_MS } from './scope.ts';
import type { Design } from './setup.ts';
import type { ArmUnits } from './units.ts';

export interface Progress {
  firstMs: number | null;
  /** Measured units of all arms, and of the smallest. */
  units: number;
  unitsPerArm: number;
  /** Null where nothing is planned. */
  fraction: number | null;
  /** The planned end has passed. */
  isOver: boolean;
}

export function progressOf(
  design: Design,
  plan: Plan | undefined,
  units: readonly ArmUnits[],
  atMs: number,
): Progress {
  const own = armsOf(design, units).map((arm) => arm?.measured ?? 0);
  const total = own.reduce((sum, count) => sum + count, 0);
  const firstMs = units.length === 0 ? null : Math.min(...units.map((arm) => arm.firstMs));
  const end = endMs(design);
  const isOver = end !== null && atMs >= end;
  return {
    firstMs,
    units: total,
    unitsPerArm: own.length === 0 ? 0 : Math.min(...own),
    fraction: fractionOf(),
    isOver,
  };

  function fractionOf(): number | null {
    if (plan?.unitsPerArm != null) return total / plannedTotal(design, plan.unitsPerArm);
    if (isOver) return 1;
    if (scaleOf(design) !== 'time' || firstMs === null || end === null) return null;
    return (atMs - firstMs) / (end - firstMs);
  }
}

/** Until the planned size at the traffic of the last seven days, or until the planned end, whichever comes first. */
export function daysLeft(
  design: Design,
  plan: Plan | undefined,
  units: readonly ArmUnits[],
  atMs: number,
): number | null {
  const end = endMs(design);
  const untilEnd = end === null ? null : Math.max(0, Math.ceil((end - atMs) / DAY_MS));
  if (plan?.unitsPerArm == null) return untilEnd;
  const arms = armsOf(design, units).filter((arm) => arm !== undefined);
  const firstMs = Math.min(...units.map((arm) => arm.firstMs));
  const days = Math.min(7, Math.max((atMs - firstMs) / DAY_MS, 1 / 24));
  const sum = (of: (arm: ArmUnits) => number) => arms.reduce((total, arm) => total + of(arm), 0);
  // Of all arms together, as progress is: one that is behind delays nothing.
  const needed = plannedTotal(design, plan.unitsPerArm) - sum(({ measured }) => measured);
  const untilSize = daysUntil([needed], [sum(({ recent }) => recent) / days]);
  return untilSize === null || untilEnd === null ? (untilSize ?? untilEnd) : Math.min(untilSize, untilEnd);
}

/** Of the arms that are to have units, in their order. */
export function armsOf({ arms }: Design, units: readonly ArmUnits[]): (ArmUnits | undefined)[] {
  return arms.filter(({ weight }) => weight > 0).map(({ arm }) => units.find((each) => each.arm === arm));
}
