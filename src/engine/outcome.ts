// Outcomes compiled: what a rule or the fallthrough gives, and to whom among those who reach it.

import type { Decision, Reason } from '../model/decision.ts';
import type { Outcome, RolloutOutcome } from '../model/definitions.gen.ts';
import type { ExperimentBody } from '../model/snapshot.ts';
import { BUCKETS, shareOf } from './bucket.ts';
import type { Bucket, Buckets } from './buckets.ts';
import type { DecisionMaker } from './decisions.ts';
import { refuseUnknown } from './members.ts';
import { CompiledRamp } from './ramp.ts';
import type { Subject } from './subject.ts';

/** Buckets of [from, to) get this decision. */
export interface Range {
  from: number;
  to: number;
  decision: Decision;
}

/** Undefined passes on: this outcome takes the subject not. */
export type OutcomeNode = { decide: (subject: Subject) => Decision | undefined } & (
  | { kind: 'serve'; decision: Decision }
  | { kind: 'ramp'; ramp: CompiledRamp; bucket: Bucket; decision: Decision }
  | { kind: 'split'; by: 'percent' | 'rollout'; bucket: Bucket; ranges: Range[] }
  | { kind: 'experiment'; key: string; running?: { inclusion: Inclusion; bucket: Bucket; ranges: Range[] } }
);

/** Units whose bucket lies in [from, to) take part. */
export interface Inclusion {
  bucket: Bucket;
  from: number;
  to: number;
}

/** What compiling an outcome needs from around it. */
export interface OutcomeSurroundings {
  /** The flag's own bucket, which its rules share. */
  ownBucket: () => Bucket;
  decisions: DecisionMaker;
  /** What the flag answers where a split finds no unit. */
  noUnit: Decision;
  experiments: ReadonlyMap<string, ExperimentBody>;
  buckets: Buckets;
}

/** `rule` is absent for the fallthrough; `reason` is that of a plain `serve`. Throws an error that says what is wrong. */
export function compileOutcome(
  outcome: Outcome,
  { ownBucket, decisions, noUnit, experiments, buckets }: OutcomeSurroundings,
  reason: Reason,
  rule?: string,
): OutcomeNode {
  const why = rule === undefined ? undefined : { rule };
  if ('experiment' in outcome) {
    refuseUnknown('experiment outcome', outcome);
    const experiment = experiments.get(outcome.experiment);
    if (experiment?.status !== 'running')
      return { kind: 'experiment', key: outcome.experiment, decide: () => undefined };
    const give = (arm: string) =>
      decisions.give(arm, 'SPLIT', { ...why, experiment: outcome.experiment, arm });
    return compileExperiment(outcome.experiment, experiment, give, noUnit, buckets);
  }
  const give = (variation: string) => decisions.give(variation, 'SPLIT', why);
  if ('rollout' in outcome) {
    const bucket = ownBucket();
    const ranges = endToEnd(rolloutShares(outcome), give);
    return { kind: 'split', by: 'rollout', bucket, ranges, decide: split(bucket, ranges, noUnit) };
  }
  refuseUnknown('serve outcome', outcome);
  const { serve, percent, ramp } = outcome;
  if (ramp !== undefined) return compileRamp(new CompiledRamp(outcome), ownBucket(), give(serve), noUnit);
  if (percent !== undefined) {
    const bucket = ownBucket();
    const ranges = [{ from: 0, to: shareOf(percent), decision: give(serve) }];
    return { kind: 'split', by: 'percent', bucket, ranges, decide: split(bucket, ranges, noUnit) };
  }
  const decision = decisions.give(serve, reason, why);
  return { kind: 'serve', decision, decide: () => decision };
}

function compileRamp(ramp: CompiledRamp, bucket: Bucket, decision: Decision, noUnit: Decision): OutcomeNode {
  const decide = (subject: Subject) => {
    const found = bucket.ask(subject);
    if (found === undefined) return noUnit;
    return found < ramp.shareAt(subject.nowMs) ? decision : undefined;
  };
  return { kind: 'ramp', ramp, bucket, decision, decide };
}

function compileExperiment(
  key: string,
  body: ExperimentBody,
  give: (arm: string) => Decision,
  noUnit: Decision,
  buckets: Buckets,
): OutcomeNode {
  const bucket = buckets.of(`${key}:arms`, body.unit);
  const ranges = endToEnd(
    body.arms.map(({ variation, weight }) => [variation, weight]),
    give,
  );
  const inclusion = inclusionOf(key, body, buckets);
  const arm = split(bucket, ranges, noUnit);
  const decide = (subject: Subject) => {
    const included = inclusion.bucket.ask(subject);
    if (included === undefined) return noUnit;
    return included >= inclusion.from && included < inclusion.to ? arm(subject) : undefined;
  };
  return { kind: 'experiment', key, running: { inclusion, bucket, ranges }, decide };
}

function inclusionOf(
  key: string,
  { layer, slot, traffic, unit }: ExperimentBody,
  buckets: Buckets,
): Inclusion {
  if (layer !== undefined && slot !== undefined) {
    const bucket = buckets.of(`layer:${layer}`, unit, `${key}:traffic`);
    return { bucket, from: shareOf(slot.from), to: shareOf(slot.to) };
  }
  return { bucket: buckets.of(`${key}:traffic`, unit), from: 0, to: shareOf(traffic ?? 100) };
}

function split(
  bucket: Bucket,
  ranges: readonly Range[],
  noUnit: Decision,
): (subject: Subject) => Decision | undefined {
  return (subject) => {
    const found = bucket.ask(subject);
    if (found === undefined) return noUnit;
    for (const range of ranges) if (found < range.to) return range.decision;
    return undefined;
  };
}

function rolloutShares(outcome: RolloutOutcome): [variation: string, weight: number][] {
  refuseUnknown('rollout outcome', outcome);
  refuseUnknown('rollout', outcome.rollout);
  return outcome.rollout.variations.map((share) => {
    refuseUnknown('rollout share', share);
    return [share.key, share.weight];
  });
}

/** Half-open ranges in the order written; together they are all buckets. */
function endToEnd(
  shares: [variation: string, weight: number][],
  give: (variation: string) => Decision,
): Range[] {
  let from = 0;
  const ranges = shares.map(([variation, weight]) => {
    const range = { from, to: from + shareOf(weight), decision: give(variation) };
    from = range.to;
    return range;
  });
  if (from !== BUCKETS) throw new Error(`weights sum to ${from / 100}, not to 100`);
  return ranges;
}
