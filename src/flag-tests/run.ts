// Runs the cases of flags' tests through the engine itself: one compiled snapshot for each environment.
import { snapshotOf } from '../definitions/environments.ts';
import { compile, type Ruleset } from '../engine/compile.ts';
import { evaluate } from '../engine/evaluate.ts';
import { type Explanation, explain } from '../engine/explain.ts';
import type { Decision } from '../model/decision.ts';
import type { Definitions } from '../model/definition.ts';
import { fixedBucketsOf } from './arms.ts';
import { type Mismatch, mismatches } from './compare.ts';
import { discreet } from './discreet.ts';
import type { Expected, FlagCase } from './flag-case.ts';
import { type TestWorld, testWorld } from './world.ts';

export interface CaseResult {
  case: FlagCase;
  /** What is not as expected; empty where the case passes. */
  failures: Failure[];
  /** Of the first failure, without values of personal attributes. */
  explanation?: Explanation;
  durationMs: number;
}

export interface Failure extends Mismatch {
  /** The buckets for which it is so, both ends included. Absent where the case fixes none. */
  buckets?: { from: number; to: number };
}

export interface RunOptions {
  /** A clock in milliseconds, for the durations. */
  clock: () => number;
  /** Told of every way through a flag that a case takes, with how it was decided. */
  onPath?: (one: FlagCase, explanation: Explanation) => void;
}

interface Compiled {
  ruleset: Ruleset;
  /** Looked at in each evaluation. */
  fixed: Map<string, number>;
}

/** Cases one by one, in the order given. Their flags and environments are those of the definitions. */
export function* runCases(
  cases: readonly FlagCase[],
  definitions: Definitions,
  { clock, onPath }: RunOptions,
): Generator<CaseResult> {
  const world = testWorld(definitions);
  const compiled = new Map<string, Compiled>();
  for (const one of cases) {
    const here = compiled.get(one.environment) ?? compileFor(definitions, one.environment);
    compiled.set(one.environment, here);
    const started = clock();
    const { failures, explained } = runCase(one, here, world, onPath);
    const explanation = explained && { explanation: discreet(explained, world.personal) };
    yield { case: one, failures, ...explanation, durationMs: clock() - started };
  }
}

function compileFor(definitions: Definitions, environment: string): Compiled {
  const fixed = new Map<string, number>();
  return { ruleset: compile(snapshotOf(definitions, environment, 1), { fixedBuckets: fixed }), fixed };
}

interface Outcome {
  failures: Failure[];
  explained?: Explanation;
}

function runCase(one: FlagCase, here: Compiled, world: TestWorld, onPath: RunOptions['onPath']): Outcome {
  const { ruleset, fixed } = here;
  fixed.clear();
  for (const [purpose, bucket] of fixedBucketsOf(one.experiments, world.experiments))
    fixed.set(purpose, bucket);
  if (one.buckets.length > 0) return runBuckets(one, here, onPath);
  const failures = mismatches(evaluate(ruleset, one.flag, one.context, one.nowMs), one.expected);
  if (failures.length === 0 && !onPath) return { failures };
  const explained = explain(ruleset, one.flag, one.context, one.nowMs);
  onPath?.(one, explained);
  return failures.length > 0 ? { failures, explained } : { failures };
}

/** Every bucket is asked for. Neighbours that fail alike are one failure. */
function runBuckets(one: FlagCase, { ruleset, fixed }: Compiled, onPath: RunOptions['onPath']): Outcome {
  const outcome: Outcome = { failures: [] };
  const seen = new Set<Decision>();
  for (const { from, to, anyOf } of one.buckets) {
    const expected: Expected[] = [{ field: 'variation', anyOf }, ...one.expected];
    const judged = new Map<Decision, Mismatch[]>();
    let open: Failure[] = [];
    for (let bucket = from; bucket <= to; bucket++) {
      fixed.set(one.flag, bucket);
      const decision = evaluate(ruleset, one.flag, one.context, one.nowMs);
      // The same answer is the same object, given by the same rule: it is judged once.
      let found = judged.get(decision);
      if (!found) {
        found = mismatches(decision, expected);
        judged.set(decision, found);
      }
      open = continued(open, found, bucket, outcome.failures);
      const isNewPath = onPath && !seen.has(decision);
      if (!isNewPath && (found.length === 0 || outcome.explained)) continue;
      seen.add(decision);
      const explained = explain(ruleset, one.flag, one.context, one.nowMs);
      onPath?.(one, explained);
      if (found.length > 0) outcome.explained ??= explained;
    }
  }
  return outcome;
}

/** The failures that end at this bucket: those of the bucket before grow where they are the same. */
function continued(before: Failure[], found: readonly Mismatch[], bucket: number, all: Failure[]): Failure[] {
  return found.map((mismatch) => {
    const same = before.find(({ anyOf, actual }) => anyOf === mismatch.anyOf && actual === mismatch.actual);
    const failure = same ?? { ...mismatch, buckets: { from: bucket, to: bucket } };
    if (failure.buckets) failure.buckets.to = bucket;
    if (!same) all.push(failure);
    return failure;
  });
}
