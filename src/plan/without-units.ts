// Subjects in whom a split finds no unit: how they move where those who have one do not.
import { branchesOf, type Leaf, withoutUnit } from './branches.ts';
import type { Comparison } from './comparison.ts';
import type { Case, TargetMoves, Way, WithoutUnits } from './plan.ts';
import type { Assumption } from './possible.ts';
import type { Program } from './program.ts';
import { resultForAll } from './result.ts';
import { TooMuch } from './too-much.ts';

/** What is told of the others. */
interface Told {
  readonly cases: readonly Case[];
  readonly targets: TargetMoves;
}

/** By the attributes that they lack, and each way once. Throws TooMuch. */
export function withoutUnits(comparison: Comparison, { cases, targets }: Told): WithoutUnits[] {
  const { before, after, flag } = comparison;
  const drawn = [before, after].flatMap(({ programs }) => [
    ...programs.of(flag, 'anyone').dimensions.values(),
  ]);
  const told = new Set(cases.flatMap(waysOfEveryone));
  const found: WithoutUnits[] = [];
  for (const units of gaps([...new Set(drawn.map(({ unit }) => unit))].sort())) {
    const ways = new Map<string, Way>();
    const asTargets = new Set(areTargets(units, comparison) ? targets.moves.map(idOf) : []);
    for (const leaf of leavesWithout(units, comparison)) {
      for (const { percent: _, ...way } of resultForAll(leaf.before, leaf.after, []).moves) {
        const id = idOf(way);
        if (isSeen(way) && !told.has(id) && !asTargets.has(id)) ways.set(id, way);
      }
    }
    for (const id of ways.keys()) told.add(id);
    if (ways.size > 0) found.push({ units, moves: [...ways].sort(byId).map(([, way]) => way) });
  }
  return found;
}

/** What a subject can lack, the fewest first. Of many units not every combination is looked at, but one and all of them. */
function gaps(units: readonly string[]): string[][] {
  const [first, second, third] = units;
  const single = units.map((unit) => [unit]);
  if (first === undefined || second === undefined) return single;
  if (third === undefined || units.length > 3) return [...single, [...units]];
  return [...single, [first, second], [first, third], [second, third], [...units]];
}

/** Who lacks one unit may be a target by another. */
function areTargets(units: readonly string[], { before, after }: Comparison): boolean {
  return [before, after].some(({ flag }) => flag && flag.targets.size > 0 && !units.includes(flag.body.unit));
}

/** Where the answers of those without the units differ. */
function leavesWithout(units: readonly string[], comparison: Comparison): Leaf[] {
  const { flag, tools, wording } = comparison;
  const { formulas, programs } = tools;
  const whom = areTargets(units, comparison) ? 'anyone' : undefined;
  const [was, is] = [comparison.before, comparison.after].map((side) => side.programs.of(flag, whom));
  programs.begin();
  const [before, after] = [was, is].map((program) =>
    units.reduce((left, unit) => withoutUnit(left, unit, programs), program as Program),
  ) as [Program, Program];
  const assumptions = units.flatMap((unit): Assumption[] => {
    const declared = wording.attributes?.get(unit);
    // Of other types some values are no units: who has one of those lacks nothing.
    const isText = unit === 'targetingKey' || (declared?.type === 'string' && !declared.list);
    const exists = { attribute: unit, operator: 'exists', value: true } as const;
    return isText ? [{ formula: formulas.test(exists), holds: false }] : [];
  });
  const { leaves, unseen } = branchesOf({ assumptions, before, after }, tools);
  if (unseen.length > 0) throw new TooMuch('there are more cases than can be told apart');
  return leaves;
}

/** What moves a whole case moves those without a unit too. */
function waysOfEveryone({ moves: [first, ...others], units }: Case): string[] {
  return first && others.length === 0 && units === undefined && first.percent === '100' ? [idOf(first)] : [];
}

/** An app cannot tell an error from no value: it uses its own default. */
function isSeen({ from, fromError, to, toError }: Way): boolean {
  const had = from !== undefined && fromError === undefined;
  return had || (to !== undefined && toError === undefined);
}

function idOf({ from, fromError, to, toError }: Way): string {
  return JSON.stringify([from ?? null, fromError ?? null, to ?? null, toError ?? null]);
}

function byId([a]: [string, Way], [b]: [string, Way]): number {
  return a < b ? -1 : 1;
}
