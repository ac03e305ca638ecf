// How many units a mean needs, and what it can show with those that there are; the same for a CUPED metric and a ratio.
import type { MinimumEffect } from './proportions.ts';

export interface MeansDesign {
  varianceControl: number;
  varianceTreatment: number;
  nControl: number;
  nTreatment: number;
  /** Two-sided. */
  alpha: number;
}

export function powerOfMeans(_design: MeansDesign & { difference: number }): number {
  throw new Error('to come');
}

/** Units of the control arm, not rounded; the treatment arm needs `ratio` times as many (default 1). Null where the difference is 0. */
export function sampleSizeOfMeans(_need: {
  difference: number;
  varianceControl: number;
  varianceTreatment: number;
  alpha: number;
  power: number;
  ratio?: number;
}): number | null {
  throw new Error('to come');
}

export function minimumEffectOfMeans(
  _design: MeansDesign & { power: number; meanControl: number },
): MinimumEffect {
  throw new Error('to come');
}

/** What CUPED multiplies a variance and thus a sample size by: 1 - correlation². The effect that can be shown shrinks by its root. */
export function cupedFactor(_correlation: number): number {
  throw new Error('to come');
}
