// The conditions on which two programs part: a tree of them, with the programs that are left in its leaves.
import { attributesIn, type Formula, type Formulas } from './formula.ts';
import type { Assumption, Possible } from './possible.ts';
import type { Program, Programs } from './program.ts';
import { overlaps } from './shares.ts';
import { TooMuch } from './too-much.ts';

/** Two programs that are left under some assumptions: what differs in them depends on buckets alone. */
export interface Leaf {
  readonly assumptions: readonly Assumption[];
  readonly before: Program;
  readonly after: Program;
}

/** So many different leaves are told apart, and so many conditions looked at on the way. */
const MOST_LEAVES = 300;
const MOST_QUESTIONS = 5_000;

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

/** Takes two programs apart by the conditions that matter to their difference, and first of all by those of `apart`. */
export function branchesOf(
  before: Program,
  after: Program,
  tools: Tools,
  apart: readonly Formula[] = [],
): Branches {
  const found: Branches = { leaves: [], unseen: [] };
  const waiting: Leaf[] = [{ assumptions: [], before, after }];
  for (const formula of apart) {
    waiting.push(...waiting.splice(0).flatMap((leaf) => attempt(leaf, formula, tools) ?? []));
  }
  let questions = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.before === next.after) continue;
    const condition = dividing(next.before, next.after);
    if (condition === undefined) found.leaves.push(next);
    else if (++questions > MOST_QUESTIONS || found.leaves.length >= MOST_LEAVES) found.unseen.push(next);
    else waiting.push(...(attempt(next, condition, tools) ?? []));
  }
  return found;

  function attempt(leaf: Leaf, condition: Formula, tools: Tools): Leaf[] | undefined {
    try {
      return divided(leaf, condition, tools);
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      found.unseen.push(leaf);
      return undefined;
    }
  }
}

/** The leaf where the condition does not hold and where it does, as far as there can be anyone. */
function divided(leaf: Leaf, condition: Formula, tools: Tools): Leaf[] {
  const sides = [false, true].flatMap((holds) => {
    const assumptions = [...leaf.assumptions, { formula: condition, holds }];
    return tools.possible.is(assumptions) ? [{ holds, assumptions }] : [];
  });
  return sides.map(({ holds, assumptions }) => {
    const [before, after] = [leaf.before, leaf.after].map((program) => {
      const left = simplified(program, tools.programs, { condition, holds });
      return withoutMissing(left, condition, assumptions, tools);
    }) as [Program, Program];
    // What follows anyway says nothing.
    return { assumptions: sides.length === 1 ? leaf.assumptions : assumptions, before, after };
  });
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

/** What is known: whether a condition holds, or that a unit is missing. */
type Fact = { condition: Formula; holds: boolean } | { missing: string };

/** The program of those for whom the fact holds. */
function simplified(program: Program, programs: Programs, fact: Fact): Program {
  const known = new Map<Program, Program>();
  const goOn = (inner: Program): Program => {
    if (inner.kind === 'answer' || ('condition' in fact && !inner.isConditional)) return inner;
    const found = known.get(inner) ?? rebuild(inner);
    known.set(inner, found);
    return found;
  };
  const rebuild = (inner: Exclude<Program, { kind: 'answer' }>): Program => {
    if (inner.kind === 'split') {
      if ('missing' in fact && inner.dimension.unit === fact.missing) return goOn(inner.none);
      const parts = inner.parts.map((part) => ({ to: part.to, program: goOn(part.program) }));
      return programs.split(inner.dimension, parts, goOn(inner.none));
    }
    if ('condition' in fact && inner.condition === fact.condition)
      return goOn(fact.holds ? inner.then : inner.else);
    return programs.if(inner.condition, goOn(inner.then), goOn(inner.else));
  };
  return goOn(program);
}

/** The condition to ask about next: of the differences the innermost one's, so that where it does not hold nothing is left. */
function dividing(before: Program, after: Program): Formula | undefined {
  const seen = new Set<string>();
  const look = (x: Program, y: Program): Formula | undefined => {
    const pair = `${x.id} ${y.id}`;
    if (x === y || seen.has(pair)) return undefined;
    seen.add(pair);
    if (x.kind === 'if' && y.kind === 'if') {
      if (x.condition !== y.condition) return inserted(x, y) ? y.condition : x.condition;
      return look(x.then, y.then) ?? look(x.else, y.else) ?? x.condition;
    }
    if (x.kind === 'if') return x.condition;
    if (y.kind === 'if') return y.condition;
    for (const [inX, inY] of splitPairs(x, y)) {
      const found = look(inX, inY);
      if (found) return found;
    }
    return undefined;
  };
  return look(before, after);
}

/** Whether the first condition of `y` is new, and what `x` begins with comes later in it. */
function inserted(x: Program & { kind: 'if' }, y: Program & { kind: 'if' }): boolean {
  return !comesLater(y.condition, x) && comesLater(x.condition, y);
}

function comesLater(condition: Formula, program: Program): boolean {
  let next = program;
  while (next.kind === 'if') {
    if (next.condition === condition) return true;
    next = next.else;
  }
  return false;
}

/** The pairs of what two programs without a condition at their top may go on with together. */
export function splitPairs(x: Program, y: Program): [Program, Program][] {
  if (x.kind === 'split' && y.kind === 'split' && x.dimension.id === y.dimension.id) {
    return overlaps(x.parts, y.parts).map(([inX, inY]) => [inX, inY]);
  }
  if (x.kind === 'split') return x.parts.map(({ program }) => [program, y]);
  return y.kind === 'split' ? y.parts.map(({ program }) => [x, program]) : [];
}
