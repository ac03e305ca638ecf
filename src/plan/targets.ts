// The units that a flag's targets name: counted apart, since they are decided about before the rules.
import type { Comparison, FlagSide } from './comparison.ts';
import { variationOrder } from './comparison.ts';
import type { Formula } from './formula.ts';
import type { TargetMoves } from './plan.ts';
import type { Answer, Program } from './program.ts';
import { boxes, moveOf } from './result.ts';
import type { Box } from './shares.ts';

/** Units of one fate: named for the same variation before, and for the same one after. */
interface Group {
  /** What they are units of. */
  unit: string;
  before: string | undefined;
  after: string | undefined;
  units: string[];
}

/** Throws TooMuch. */
export function targetMoves(comparison: Comparison): TargetMoves {
  const counts = { added: 0, removed: 0, retargeted: 0, moved: 0, depends: 0 };
  const moves = new Map<string, TargetMoves['moves'][number]>();
  for (const group of groupsOf(comparison)) {
    const { before, after, units } = group;
    if (before === undefined) counts.added += units.length;
    else if (after === undefined) counts.removed += units.length;
    else if (before !== after) counts.retargeted += units.length;
    for (const fate of fatesOf(group, comparison)) {
      counts[fate.moved] += fate.units;
      if (fate.moved === 'depends' || !fate.move) continue;
      const id = JSON.stringify(fate.move);
      moves.set(id, { ...fate.move, units: (moves.get(id)?.units ?? 0) + fate.units });
    }
  }
  const order = variationOrder(comparison);
  const rank = (name: string | undefined) => (name === undefined ? order.length : order.indexOf(name));
  const sorted = [...moves.values()].sort((a, b) => rank(a.from) - rank(b.from) || rank(a.to) - rank(b.to));
  return { ...counts, moves: sorted };
}

/** Who has the same name in another attribute is another one. */
function groupsOf({ before, after }: Comparison): Group[] {
  const groups = new Map<string, Group>();
  for (const unit of new Set([before, after].flatMap(({ flag }) => flag?.body.unit ?? []))) {
    const [was, is] = [variations(before, unit), variations(after, unit)];
    for (const each of new Set([...was.keys(), ...is.keys()])) {
      const group = { unit, before: was.get(each), after: is.get(each) };
      const id = JSON.stringify([unit, group.before ?? null, group.after ?? null]);
      const same = groups.get(id) ?? { ...group, units: [] };
      same.units.push(each);
      groups.set(id, same);
    }
  }
  return [...groups.values()];
}

function variations({ flag }: FlagSide, unit: string): Map<string, string | undefined> {
  const targets = flag?.body.unit === unit ? flag.targets : [];
  return new Map(Array.from(targets, ([each, { variation }]) => [each, variation]));
}

/** Of more units it is not asked which conditions each of them can meet. */
const MOST_LOOKED_AT = 200;

type CanMeet = (condition: Formula, holds: boolean) => boolean;

interface Fate {
  moved: 'moved' | 'depends';
  units: number;
  move?: Omit<TargetMoves['moves'][number], 'units'>;
}

/** Units that certainly move, and those who do by what else is true of them; who stays is in none. */
function fatesOf({ unit, before, after, units }: Group, comparison: Comparison): Fate[] {
  const program = ({ flag, programs }: FlagSide, targeted: string | undefined) =>
    // Where another attribute is targeted, they may be among those too.
    programs.of(comparison.flag, flag?.body.unit === unit ? { targeted } : 'anyone');
  const [was, is] = [program(comparison.before, before), program(comparison.after, after)];
  if (was === is) return [];
  const drawn = [...was.dimensions.values(), ...is.dimensions.values()];
  const boxOf = boxes(drawn.filter((each) => each.unit === unit));
  const fates = new Map<string, Fate>();
  for (const each of units) {
    const whose = units.length <= MOST_LOOKED_AT ? only(unit, each, comparison) : undefined;
    const box = boxOf(each);
    const fate = fateOf(answersWithin(was, box, whose), answersWithin(is, box, whose));
    if (!fate) continue;
    const id = JSON.stringify(fate);
    fates.set(id, { ...fate, units: (fates.get(id)?.units ?? 0) + 1 });
  }
  return [...fates.values()];
}

/** Which conditions this one unit can meet. */
function only(attribute: string, unit: string, { tools: { formulas, possible } }: Comparison): CanMeet {
  const named = { formula: formulas.units(attribute, [unit], 'of the targets'), holds: true };
  return (formula, holds) => possible.is([named, { formula, holds }]);
}

function fateOf(was: ReadonlySet<Program>, is: ReadonlySet<Program>): Fate | undefined {
  const [from] = was;
  const [to] = is;
  const isCertain = was.size === 1 && is.size === 1;
  if (isCertain && from === to) return undefined;
  const isDisjoint = [...was].every((answer) => !is.has(answer));
  if (!isDisjoint) return { moved: 'depends', units: 1 };
  if (!isCertain || from?.kind !== 'answer' || to?.kind !== 'answer') return { moved: 'moved', units: 1 };
  return { moved: 'moved', units: 1, move: moveOf(from.answer as Answer, to.answer as Answer) };
}

/** All answers that a program can give within the box. */
function answersWithin(program: Program, box: Box, canMeet: CanMeet = () => true): Set<Program> {
  const found = new Set<Program>();
  const seen = new Set<Program>();
  const waiting = [program];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.kind === 'answer') found.add(next);
    else if (next.kind === 'if') {
      if (canMeet(next.condition, true)) waiting.push(next.then);
      if (canMeet(next.condition, false)) waiting.push(next.else);
    } else {
      const [from, to] = box.get(next.dimension.id) ?? [0, Number.POSITIVE_INFINITY];
      let start = 0;
      for (const part of next.parts) {
        if (start < to && part.to > from) waiting.push(part.program);
        start = part.to;
      }
    }
  }
  return found;
}
