// How much of alpha is spent by when (Lan & DeMets 1983; as gsDesign's sfLDPocock and sfLDOF).
import { normalQuantile, normalTail } from '../distributions/normal.ts';
import type { Boundary } from './plan.ts';

/**
 * alpha(t), what both sides together have spent by a time in (0, 1], with a = alpha / 2 on each:
 * `pocock` a ln(1 + (e - 1) t), `obrien-fleming` 2 - 2 Phi(z_{1 - a/2} / sqrt t). It is alpha at 1.
 */
export function spentBy(time: number, alpha: number, boundary: Boundary): number {
  if (time === 1) return alpha;
  if (boundary === 'pocock') return alpha * Math.log1p((Math.E - 1) * time);
  return 4 * normalTail(-normalQuantile(alpha / 4) / Math.sqrt(time));
}

/** What was spent when alpha spending began, and what it would have spent by then. */
export interface Start {
  spent: number;
  scheduled: number;
}

/** What is spent by a look for which alpha(t) is `scheduled`. */
export function targetOf(scheduled: number, alpha: number, start: Start): number {
  if (start.scheduled >= alpha) return start.spent;
  return start.spent + (alpha - start.spent) * ((scheduled - start.scheduled) / (alpha - start.scheduled));
}
