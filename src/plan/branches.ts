// The conditions on which two programs part: a tree of them, with the programs that are left in its leaves.

import { dividing } from './dividing.ts';
import { attributesIn, type Formula, type Formulas } from './formula.ts';
import type { Assumption, Possible } from './possible.ts';
import type { Program } from './program.ts';
import type { Programs } from './programs.ts';
import { unlessTooMuch } from './too-much.ts';

/** Two programs that are left under some assumptions: what differs in them depends on buckets alone. */
export interface Leaf {
  readonly assumptions: readonly Assumption[];
  readonly before: Program;
  readonly after: Program;
}

/** So many different leaves are told apart, and so many conditions looked at on the way. */
const MOST_LEAVES = 300;
const MOST_QUESTIONS = 5_000;
/** Parts of programs that are made on the way. */
const MOST_MADE = 2_000_000;

export interface Branches {
  /** Those in which something differs. */
  leaves: Leaf[];
  /** What was not looked at, since a limit was reached; empty otherwise. */
  unseen: Leaf[];
}

export interface Tools {
  readonly formulas: Formulas;
  readonly programs: Programs;
  readonly possible: Possible;
}

/** Takes a leaf apart by the conditions that matter to its difference, and first of all by those of `apart`. */
export function branchesOf(whole: Leaf, tools: Tools, apart: readonly Formula[] = []): Branches {
  tools.programs.begin(MOST_MADE);
  const found: Branches = { leaves: [], unseen: [] };
  const parts = (leaf: Leaf, condition: Formula): Leaf[] =>
    unlessTooMuch(
      () => divided(leaf, condition, tools),
      () => {
        found.unseen.push(leaf);
        return [];
      },
    );
  let waiting = [whole];
  for (const formula of apart) waiting = waiting.flatMap((leaf) => parts(leaf, formula));
  let questions = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.before === next.after) continue;
    const condition = dividing(next.before, next.after, tools.possible);
    if (condition === undefined) found.leaves.push(next);
    else if (++questions > MOST_QUESTIONS || found.leaves.length >= MOST_LEAVES) found.unseen.push(next);
    else waiting.push(...parts(next, condition));
  }
  return found;
}

/** The leaf where the condition does not hold and where it does, as far as there can be anyone. */
function divided(leaf: Leaf, condition: Formula, tools: Tools): Leaf[] {
  const { possible } = tools;
  const sides = [false, true].flatMap((holds): Leaf[] => {
    const assumptions = [...leaf.assumptions, { formula: condition, holds }];
    const isPossible = possible.is(assumptions);
    const part = (can: Can) => under({ ...leaf, assumptions }, { formula: condition, holds }, can, tools);
    const found = isPossible ? part((each) => possible.is(each)) : undefined;
    if (possible.mayBeLists && possible.isWithLists(assumptions)) {
      const whole = part((each) => possible.isWithLists(each));
      const isSame = found?.before === whole.before && found.after === whole.after;
      if (whole.before !== whole.after && !isSame) noteSingle(condition, tools);
    }
    return found ? [found] : [];
  });
  // What follows anyway says nothing.
  return sides.length === 1 ? sides.map((side) => ({ ...side, assumptions: leaf.assumptions })) : sides;
}

type Can = (assumptions: readonly Assumption[]) => boolean;

function noteSingle(condition: Formula, { possible }: Tools): void {
  for (const attribute of attributesIn(condition)) possible.takenAsSingle.add(attribute);
}

/** What is left of a leaf's programs where its last assumption is so. */
function under(leaf: Leaf, last: Assumption, can: Can, tools: Tools): Leaf {
  const facts = new Map([[last.formula, last.holds]]);
  if (last.holds) addImplied(facts, last, leaf, can);
  const [before, after] = [leaf.before, leaf.after].map((program) => {
    const left = simplified(program, tools.programs, { facts });
    return tools.programs.narrowed(withoutMissing(left, last.formula, leaf.assumptions, tools));
  }) as [Program, Program];
  return { ...leaf, before, after };
}

/** Of a table of rules on one attribute nothing is left where one of them holds: that is seen at once, and not rule by rule. */
function addImplied(facts: Map<Formula, boolean>, known: Assumption, leaf: Leaf, can: Can): void {
  for (const formula of conditionsIn([leaf.before, leaf.after])) {
    if (formula === known.formula) continue;
    if (!can([known, { formula, holds: true }])) facts.set(formula, false);
    else if (!can([known, { formula, holds: false }])) facts.set(formula, true);
  }
}

function conditionsIn(programs: readonly Program[]): Set<Formula> {
  const found = new Set<Formula>();
  const seen = new Set(programs);
  for (const program of seen) {
    if (!program.isConditional) continue;
    if (program.kind === 'split') for (const part of program.parts) seen.add(part.program);
    if (program.kind !== 'if') continue;
    found.add(program.condition);
    seen.add(program.then).add(program.else);
  }
  return found;
}

/** Where the condition leaves nobody with a unit, what is left is what those without one get. */
function withoutMissing(
  program: Program,
  condition: Formula,
  assumptions: readonly Assumption[],
  { formulas, programs, possible }: Tools,
): Program {
  const read = attributesIn(condition);
  const units = new Set(Array.from(program.dimensions.values(), ({ unit }) => unit));
  let left = program;
  for (const unit of units) {
    if (!read.has(unit)) continue;
    const present = {
      formula: formulas.test({ attribute: unit, operator: 'exists', value: true }),
      holds: true,
    };
    if (!possible.is([...assumptions, present])) left = simplified(left, programs, { missing: unit });
  }
  return left;
}

/** The program of those in whom its splits by the attribute find no unit. */
export function withoutUnit(program: Program, unit: string, programs: Programs): Program {
  return programs.narrowed(simplified(program, programs, { missing: unit }));
}

/** What is known: whether some conditions hold, or that a unit is missing. */
type Fact = { facts: ReadonlyMap<Formula, boolean> } | { missing: string };

/** The program of those for whom the fact holds. */
function simplified(program: Program, programs: Programs, fact: Fact): Program {
  const known = new Map<Program, Program>();
  const isLeft = (inner: Program) => inner.kind === 'answer' || ('facts' in fact && !inner.isConditional);
  const goOn = (inner: Program): Program => {
    // From the last rule up: lists of rules may be thousands long, and the stack is not.
    const rules: Program[] = [];
    let last = inner;
    for (; last.kind === 'if' && !known.has(last); last = last.else) rules.push(last);
    for (const each of [last, ...rules.reverse()]) {
      if (!known.has(each)) known.set(each, isLeft(each) ? each : rebuild(each));
    }
    return known.get(inner) as Program;
  };
  const rebuild = (inner: Program): Program => {
    if (inner.kind === 'answer') return inner;
    if (inner.kind === 'split') {
      if ('missing' in fact && inner.dimension.unit === fact.missing) return goOn(inner.none);
      const parts = inner.parts.map((part) => ({ to: part.to, program: goOn(part.program) }));
      return programs.split(inner.dimension, parts, goOn(inner.none));
    }
    const holds = 'facts' in fact ? fact.facts.get(inner.condition) : undefined;
    if (holds !== undefined) return goOn(holds ? inner.then : inner.else);
    return programs.if(inner.condition, goOn(inner.then), goOn(inner.else));
  };
  return goOn(program);
}
