// Which condition to ask about next, so that few are asked: those first without which nothing differs.
import { BUCKETS } from '../engine/bucket.ts';
import type { Formula } from './formula.ts';
import type { Possible } from './possible.ts';
import type { Program } from './program.ts';
import { overlaps } from './shares.ts';

type If = Extract<Program, { kind: 'if' }>;

/** A rule of either side, as it stands in a program, and how many buckets it takes. */
interface Rule {
  condition: Formula;
  takes: number;
}

/**
 * Undefined where buckets alone make the difference. Of the rules that differ, or where only what comes last does of all,
 * the one that takes most: where it holds, the others have least to say.
 */
export function dividing(before: Program, after: Program, possible: Possible): Formula | undefined {
  const seen = new Set<string>();
  const waiting: [Program, Program][] = [[before, after]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [x, y] = next;
    const pair = `${x.id} ${y.id}`;
    if (x === y || seen.has(pair)) continue;
    seen.add(pair);
    if (x.kind === 'if' || y.kind === 'if') return chosen(rulesToAsk(x, y), possible);
    waiting.push(...splitPairs(x, y).toReversed());
  }
  return undefined;
}

/** The pairs of what two programs without a condition at their top may go on with together. */
export function splitPairs(x: Program, y: Program): [Program, Program][] {
  if (x.kind === 'split' && y.kind === 'split' && x.dimension.id === y.dimension.id) {
    return overlaps(x.parts, y.parts).map(([inX, inY]) => [inX, inY]);
  }
  if (x.kind === 'split') return x.parts.map(({ program }) => [program, y]);
  return y.kind === 'split' ? y.parts.map(({ program }) => [x, program]) : [];
}

/** Walks along both lists of rules. Rules that stand on one side alone differ; common ones do if they give others things. */
function rulesToAsk(before: Program, after: Program): Rule[] {
  const [inBefore, inAfter] = [conditionsAlong(before), conditionsAlong(after)];
  const differing: Rule[] = [];
  const all: Rule[] = [];
  const note = (rule: If, differs: boolean) => {
    const found = { condition: rule.condition, takes: taking(rule) };
    all.push(found);
    if (differs) differing.push(found);
  };
  let [x, y] = [before, after];
  while (x !== y && (x.kind === 'if' || y.kind === 'if')) {
    if (x.kind === 'if' && y.kind === 'if' && x.condition === y.condition) {
      note(x, givesOther(x, y));
      [x, y] = [x.else, y.else];
    } else if (
      x.kind === 'if' &&
      !(inAfter.has(x.condition) && y.kind === 'if' && !inBefore.has(y.condition))
    ) {
      note(x, true);
      x = x.else;
    } else if (y.kind === 'if') {
      note(y, true);
      y = y.else;
    }
  }
  return differing.length > 0 ? differing : all;
}

function conditionsAlong(program: Program): Set<Formula> {
  const found = new Set<Formula>();
  for (let next = program; next.kind === 'if'; next = next.else) found.add(next.condition);
  return found;
}

/** Whether the two rules differ in more than in what they pass on to. */
function givesOther(x: If, y: If): boolean {
  if (x.then.kind === 'answer' || y.then.kind === 'answer') return x.then !== y.then;
  if (x.then.kind !== 'split' || y.then.kind !== 'split') return true;
  if (x.then.dimension.id !== y.then.dimension.id) return true;
  return overlaps(x.then.parts, y.then.parts).some(
    ([inX, inY]) =>
      inX !== inY && !(inX.isConditional && inY.isConditional) && !(inX === x.else && inY === y.else),
  );
}

/** How many buckets do not simply go on to the next rule. */
function taking({ then, else: next }: If): number {
  if (then.kind !== 'split') return BUCKETS;
  let [from, taken] = [0, 0];
  for (const { to, program } of then.parts) {
    if (program !== next && !program.isConditional) taken += to - from;
    from = to;
  }
  return taken;
}

/** The first of those that take most; or the very first, if whoever it holds for is none of theirs. */
function chosen(rules: readonly Rule[], possible: Possible): Formula | undefined {
  const [first] = rules;
  if (!first) return undefined;
  const most = rules.reduce((best, rule) => (best.takes >= rule.takes ? best : rule));
  const both = [first, most].map(({ condition }) => ({ formula: condition, holds: true }));
  return (possible.is(both) ? most : first).condition;
}
