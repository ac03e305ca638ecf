// Runs the cases of flags' tests through the engine itself: one compiled snapshot for each environment.
import { snapshotOf } from '../definitions/environments.ts';
import { compile, type Ruleset } from '../engine/compile.ts';
import { evaluate } from '../engine/evaluate.ts';
import { type Explanation, explain } from '../engine/explain.ts';
import type { Definitions } from '../model/definition.ts';
import { fixedBucketsOf } from './arms.ts';
import { type Mismatch, mismatches } from './compare.ts';
import { discreet } from './discreet.ts';
import type { Expected, FlagCase } from './flag-case.ts';
import { type Piece, piecesOf, within } from './pieces.ts';
import { type TestWorld, testWorld } from './world.ts';

/** Explanations may be long. Nobody reads more of them, and a hundred thousand would not fit into memory. */
export const MOST_EXPLAINED = 100;

export interface CaseResult {
  case: FlagCase;
  /** What is not as expected; empty where the case passes. */
  failures: Failure[];
  /** Of the first failure, without values of personal attributes. Absent after MOST_EXPLAINED failing cases. */
  explanation?: Explanation;
  durationMs: number;
}

export interface Failure extends Mismatch {
  /** The buckets for which it is so, both ends included. Absent where the case fixes none. */
  buckets?: Piece;
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
  let left = MOST_EXPLAINED;
  for (const one of cases) {
    const here = compiled.get(one.environment) ?? compileFor(definitions, one.environment);
    compiled.set(one.environment, here);
    const started = clock();
    const { failures, explained } = runCase(one, here, world, { isExplained: left > 0, onPath });
    if (failures.length > 0) left--;
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

interface Manner {
  /** Whether a failure is explained. */
  isExplained: boolean;
  onPath: RunOptions['onPath'];
}

function runCase(one: FlagCase, here: Compiled, world: TestWorld, manner: Manner): Outcome {
  const { ruleset, fixed } = here;
  fixed.clear();
  for (const [purpose, bucket] of fixedBucketsOf(one.experiments, world.experiments))
    fixed.set(purpose, bucket);
  if (one.buckets.length > 0) return runBuckets(one, here, manner);
  const failures = mismatches(evaluate(ruleset, one.flag, one.context, one.nowMs), one.expected);
  const explained = explainedWhere(failures.length > 0, one, ruleset, manner);
  return { failures, ...(explained && { explained }) };
}

/** Each piece of the buckets is asked for, and stands for all of its own. Neighbours that fail alike are one failure. */
function runBuckets(one: FlagCase, { ruleset, fixed }: Compiled, manner: Manner): Outcome {
  const outcome: Outcome = { failures: [] };
  const flag = ruleset.flags.get(one.flag);
  const pieces = flag ? piecesOf(flag, one.nowMs) : [];
  for (const { from, to, anyOf } of one.buckets) {
    const expected: Expected[] = [{ field: 'variation', anyOf }, ...one.expected];
    let open: Failure[] = [];
    for (const piece of within(pieces, { from, to })) {
      fixed.set(one.flag, piece.from);
      const found = mismatches(evaluate(ruleset, one.flag, one.context, one.nowMs), expected);
      open = continued(open, found, piece, outcome.failures);
      const explained = explainedWhere(found.length > 0 && !outcome.explained, one, ruleset, manner);
      if (explained) outcome.explained = explained;
    }
  }
  return outcome;
}

/** The explanation of what fails, if it is wanted. Whoever wants every way gets it of what passes, too. */
function explainedWhere(
  fails: boolean,
  one: FlagCase,
  ruleset: Ruleset,
  { isExplained, onPath }: Manner,
): Explanation | undefined {
  const isWanted = fails && isExplained;
  if (!isWanted && !onPath) return undefined;
  const explained = explain(ruleset, one.flag, one.context, one.nowMs);
  onPath?.(one, explained);
  return isWanted ? explained : undefined;
}

/** The failures that end with this piece: those of the piece before grow where they are the same. */
function continued(before: Failure[], found: readonly Mismatch[], piece: Piece, all: Failure[]): Failure[] {
  return found.map((mismatch) => {
    const same = before.find(({ anyOf, actual }) => anyOf === mismatch.anyOf && actual === mismatch.actual);
    const failure = same ?? { ...mismatch, buckets: { ...piece } };
    if (failure.buckets) failure.buckets.to = piece.to;
    if (!same) all.push(failure);
    return failure;
  });
}
