// Which buckets of a flag can differ: the answer changes only where a share of the flag's own bucket begins or ends.
import { BUCKETS } from '../engine/bucket.ts';
import type { Flag } from '../engine/flag.ts';
import type { OutcomeNode } from '../engine/outcome.ts';
import { unreachable } from '../lib/unreachable.ts';

/** Buckets from `from` to `to`, both included. */
export interface Piece {
  from: number;
  to: number;
}

/** All buckets in ascending pieces. Within one, any context gets the same answer at the time (epoch milliseconds). */
export function piecesOf({ rules, fallthrough }: Flag, nowMs: number): Piece[] {
  const outcomes = [...rules.nodes.map(({ outcome }) => outcome), fallthrough];
  const starts = new Set([0, ...outcomes.flatMap((outcome) => boundsOf(outcome, nowMs))]);
  const ascending = [...starts].filter((start) => start >= 0 && start < BUCKETS).sort((a, b) => a - b);
  return ascending.map((from, index) => ({ from, to: (ascending[index + 1] ?? BUCKETS) - 1 }));
}

/** The parts of the pieces that lie within a range, both ends included. */
export function within(pieces: readonly Piece[], range: Piece): Piece[] {
  return pieces.flatMap((piece) => {
    const [from, to] = [Math.max(piece.from, range.from), Math.min(piece.to, range.to)];
    return from <= to ? [{ from, to }] : [];
  });
}

/** Experiments have buckets of their own. */
function boundsOf(outcome: OutcomeNode, nowMs: number): number[] {
  switch (outcome.kind) {
    case 'serve':
    case 'experiment':
      return [];
    case 'split':
      return outcome.ranges.flatMap(({ from, to }) => [from, to]);
    case 'ramp':
      return [outcome.ramp.shareAt(nowMs)];
    default:
      return unreachable(outcome);
  }
}
