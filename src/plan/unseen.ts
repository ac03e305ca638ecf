// What is certain all the same of cases beyond the limit: which moves there can be.
import type { Leaf } from './branches.ts';
import { splitPairs } from './dividing.ts';
import type { Answer, Program } from './program.ts';
import { moveOf } from './result.ts';

const MOST_PAIRS = 20_000;

/** A sentence or two. */
export function unseenText(unseen: readonly Leaf[], seen: number): string {
  const first = `There are more cases than can be told apart: ${seen.toLocaleString('en')} were, and the rest is left out.`;
  const moves = possibleMoves(unseen);
  if (!moves) return first;
  if (moves.length === 0) return `${first} In the rest nobody moves.`;
  return `${first} In the rest there can be no other moves than ${moves.join(', ')}. The rules' own shares are exact.`;
}

/** All moves that the two programs' structure allows; undefined where that is too much to walk. */
function possibleMoves(leaves: readonly Leaf[]): string[] | undefined {
  const seen = new Set<string>();
  const found = new Set<string>();
  const waiting: [Program, Program][] = leaves.map(({ before, after }) => [before, after]);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [x, y] = next;
    const pair = `${x.id} ${y.id}`;
    if (x === y || seen.has(pair)) continue;
    seen.add(pair);
    if (seen.size > MOST_PAIRS) return undefined;
    if (x.kind === 'answer' && y.kind === 'answer') found.add(moveText(x.answer, y.answer));
    else waiting.push(...pairsOf(x, y));
  }
  return [...found].sort();
}

function pairsOf(x: Program, y: Program): [Program, Program][] {
  if (x.kind === 'if' && y.kind === 'if' && x.condition === y.condition)
    return [
      [x.then, y.then],
      [x.else, y.else],
    ];
  if (x.kind === 'if') {
    return [
      [x.then, y],
      [x.else, y],
    ];
  }
  if (y.kind === 'if') {
    return [
      [x, y.then],
      [x, y.else],
    ];
  }
  return splitPairs(x, y);
}

function moveText(before: Answer, after: Answer): string {
  const { from, to } = moveOf(before, after);
  const name = (variation: string | undefined) => variation ?? "the app's own default";
  return `${name(from)} -> ${name(to)}`;
}
