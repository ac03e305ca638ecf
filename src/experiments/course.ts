// The course over time: a point for each analysis that said something new.
import type { Analysis } from './analysis.ts';

/** The analysis with its own point at the end of the course before it. What only repeats a decision is no point. */
export function withCourse(analysis: Analysis): Analysis {
  const { at, progress, primary, decidedAt, course } = analysis;
  const [arm] = primary.arms;
  if (!arm || progress.units === 0 || decidedAt !== null) return analysis;
  const { lift, liftInterval, difference, interval } = arm;
  return {
    ...analysis,
    course: [...course, { at, units: progress.units, lift, liftInterval, difference, interval }],
  };
}
