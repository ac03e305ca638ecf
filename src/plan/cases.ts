// Who moves: everyone but targets, told apart by the conditions that matter.
import { ticked } from '../lib/printable.ts';
import { branchesOf, type Leaf } from './branches.ts';
import { caseText } from './case-words.ts';
import { type Comparison, type FlagSide, variationOrder } from './comparison.ts';
import { decidersOf } from './deciders.ts';
import { namedUnits, relistedUnits } from './named-units.ts';
import type { Case } from './plan.ts';
import { type Assumption, idOf } from './possible.ts';
import { type Result, resultForAll, resultForUnits } from './result.ts';
import { TooMuch } from './too-much.ts';
import { unseenText } from './unseen.ts';

/** One case before it has words. */
export interface FoundCase extends Result {
  readonly assumptions: readonly Assumption[];
  readonly rules: Case['rules'];
}

/** The cases in which somebody moves, and what keeps them from being all. Throws TooMuch. */
export function casesOf(comparison: Comparison): { cases: Case[]; limits: string[] } {
  const { groups, limits } = findCases(comparison);
  const cases = groups.map((same) => caseOf(same, comparison));
  // Words are shortened by it too.
  const single = [...comparison.tools.possible.takenAsSingle].sort();
  return { cases, limits: single.length > 0 ? [...limits, singleText(single)] : limits };
}

/** The same without words: each group is one case, and of each of its members everything but the assumptions is alike. */
export function findCases(comparison: Comparison): { groups: FoundCase[][]; limits: string[] } {
  const { before, after, flag, tools } = comparison;
  const found: FoundCase[] = [];
  const limits: string[] = [];
  const whole = { assumptions: [], before: before.programs.of(flag), after: after.programs.of(flag) };
  const { leaves, unseen } = branchesOf(whole, tools, relistedUnits(comparison));
  for (const leaf of leaves) {
    try {
      const result = resultOfLeaf(leaf, comparison);
      if (result.moves.length === 0) continue;
      const { assumptions } = leaf;
      const decide = (side: FlagSide) => decidersOf(side, assumptions, tools);
      found.push({ ...result, assumptions, rules: { before: decide(before), after: decide(after) } });
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      const when = caseText(leaf.assumptions, comparison.wording) || 'everyone';
      limits.push(`The shares of ${when} are not worked out: ${error.message}.`);
    }
  }
  if (unseen.length > 0) limits.push(unseenText(unseen, leaves.length));
  return { groups: merged(found).sort(byWeight), limits };
}

/** Undeclared attributes may hold lists. */
function singleText(attributes: readonly string[]): string {
  const named = attributes.slice(0, 5).map((name) => ticked(name));
  const more = attributes.length > named.length ? ' and others' : '';
  const [are, each, them] = attributes.length > 1 ? ['are', ' each', 'them'] : ['is', '', 'it'];
  return `${named.join(', ')}${more} ${are} taken to hold one value${each}, since the project does not declare ${them}: who has a list there may be in another case, or in none.`;
}

function resultOfLeaf({ assumptions, before, after }: Leaf, comparison: Comparison): Result {
  const order = variationOrder(comparison);
  const drawn = [...before.dimensions.values(), ...after.dimensions.values()];
  const [attribute] = drawn.map(({ unit }) => unit);
  const unit = attribute ?? comparison.after.flag?.body.unit ?? comparison.before.flag?.body.unit ?? '';
  const named = namedUnits(assumptions, unit)?.filter((each) => !isTarget(each, unit, comparison));
  const counted = named && resultForUnits(before, after, named, unit, order);
  return counted ?? resultForAll(before, after, order);
}

function isTarget(unit: string, attribute: string, { before, after }: Comparison): boolean {
  return [before, after].some(({ flag }) => flag?.body.unit === attribute && flag.targets.has(unit));
}

/** Cases that are told apart by a condition without effect are one; what is left is grouped by what happens in it. */
function merged(found: readonly FoundCase[]): FoundCase[][] {
  const groups = Map.groupBy(found, ({ assumptions: _, ...what }) => JSON.stringify(what));
  return [...groups.values()].map((same) => (same[0]?.units === undefined ? withoutIdle(same) : same));
}

/** Those of whom most move come first, and the few whom definitions name last. */
function byWeight([a]: readonly FoundCase[], [b]: readonly FoundCase[]): number {
  const isNamed = (each?: FoundCase) => Number(each?.units !== undefined);
  const moved = (each?: FoundCase) =>
    (each?.moves ?? []).reduce((sum, { percent, units }) => sum + (units ?? Number(percent)), 0);
  return isNamed(a) - isNamed(b) || moved(b) - moved(a);
}

/** Two that differ in one assumption alone do not need it. */
function withoutIdle(same: readonly FoundCase[]): FoundCase[] {
  const left = new Map(same.map((each) => [idOf(each.assumptions), each]));
  for (const waiting = [...same]; waiting.length > 0; ) {
    const each = waiting.pop() as FoundCase;
    if (left.get(idOf(each.assumptions)) !== each) continue;
    for (const [index, assumption] of each.assumptions.entries()) {
      const flipped = { ...assumption, holds: !assumption.holds };
      const other = left.get(idOf(each.assumptions.with(index, flipped)));
      if (!other) continue;
      const joined = { ...each, assumptions: each.assumptions.toSpliced(index, 1) };
      for (const gone of [each, other]) left.delete(idOf(gone.assumptions));
      left.set(idOf(joined.assumptions), joined);
      waiting.push(joined);
      break;
    }
  }
  return [...left.values()];
}

function caseOf(same: readonly FoundCase[], { wording }: Comparison): Case {
  const [{ rules, before, after, moves, units } = same[0] as FoundCase] = same;
  const when = same.map(({ assumptions }) => caseText(assumptions, wording));
  return {
    when: when.includes('') ? [] : when,
    ...(units !== undefined && { units }),
    rules,
    before,
    after,
    moves,
  };
}
