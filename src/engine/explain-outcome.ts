// Explains an outcome: the bucket, the ranges that it was compared with, and what came of it.
import type { RampStep } from '../model/definitions.gen.ts';
import type { Bucket } from './buckets.ts';
import { type Found, foundAt } from './found.ts';
import type { OutcomeNode, Range } from './outcome.ts';
import type { CompiledRamp } from './ramp.ts';
import type { Subject } from './subject.ts';

/** `gives` is the variation; absent where the outcome does not take the unit, or there is no unit. */
export type OutcomeExplanation = { gives?: string } & (
  | { kind: 'serve' }
  | ({ kind: 'ramp' } & RampExplanation & BucketExplanation)
  | ({ kind: 'percent' | 'rollout' } & BucketExplanation)
  | { kind: 'experiment'; experiment: string; running: false }
  | {
      kind: 'experiment';
      experiment: string;
      running: true;
      inclusion: BucketExplanation;
      arms: BucketExplanation;
    }
);

/** Where a ramp is at the time of the decision. */
export interface RampExplanation {
  /** The share as it is now, in percent. */
  percent: number;
  linear: boolean;
  /** The step that holds; absent before the first one. */
  step?: RampStep;
  /** The step that comes next; absent when the ramp is over. */
  next?: RampStep;
}

export interface BucketExplanation {
  /** What the bucket is for: the `name` of the formula. */
  name: string;
  unit: Found;
  /** 0 … 9999; absent where there is no unit. A fixed one may be 10000, which is in no range. */
  bucket?: number;
  /** Someone chose the bucket: nothing was hashed. */
  fixed?: true;
  /** Half-open, [from, to). */
  ranges: { from: number; to: number; variation?: string }[];
}

export function explainOutcome(node: OutcomeNode, subject: Subject): OutcomeExplanation {
  const decision = node.decide(subject);
  const variation = decision?.reason === 'ERROR' ? undefined : decision?.variation;
  const gives = variation !== undefined && { gives: variation };
  switch (node.kind) {
    case 'serve':
      return { kind: 'serve', ...gives };
    case 'ramp': {
      const { ramp, bucket, decision: given } = node;
      const ranges = [{ from: 0, to: ramp.shareAt(subject.nowMs), decision: given }];
      return {
        kind: 'ramp',
        ...explainRamp(ramp, subject.nowMs),
        ...explainBucket(bucket, ranges, subject),
        ...gives,
      };
    }
    case 'split':
      return { kind: node.by, ...explainBucket(node.bucket, node.ranges, subject), ...gives };
    case 'experiment': {
      if (node.running === undefined) return { kind: 'experiment', experiment: node.key, running: false };
      const { inclusion, bucket, ranges } = node.running;
      return {
        kind: 'experiment',
        experiment: node.key,
        running: true,
        inclusion: explainBucket(inclusion.bucket, [inclusion], subject),
        arms: explainBucket(bucket, ranges, subject),
        ...gives,
      };
    }
  }
}

function explainRamp(ramp: CompiledRamp, nowMs: number): RampExplanation {
  const index = ramp.stepAt(nowMs);
  const [step, next] = [ramp.steps[index], ramp.steps[index + 1]];
  return {
    percent: ramp.shareAt(nowMs) / 100,
    linear: ramp.linear,
    ...(step && { step: { at: step.at, percent: step.share / 100 } }),
    ...(next && { next: { at: next.at, percent: next.share / 100 } }),
  };
}

function explainBucket(
  bucket: Bucket,
  ranges: readonly (Pick<Range, 'from' | 'to'> & Partial<Range>)[],
  subject: Subject,
): BucketExplanation {
  const number = bucket.ask(subject);
  return {
    name: bucket.name,
    unit: foundAt(bucket.unit, subject),
    ...(number !== undefined && { bucket: number }),
    ...(bucket.isFixed && { fixed: true }),
    ranges: ranges.map(({ from, to, decision }) => ({
      from,
      to,
      ...(decision?.variation !== undefined && { variation: decision.variation }),
    })),
  };
}
