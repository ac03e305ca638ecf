// Shares of units, exact: the draws are independent and uniform, so that shares are volumes of boxes.
import { BUCKETS } from '../engine/bucket.ts';
import type { Dimension, Part, Program } from './program.ts';
import { TooMuch } from './too-much.ts';

/** Units of whom what is before and what is after is one answer each, or the same open program on both sides. */
export interface Together {
  readonly before: Program;
  readonly after: Program;
  /** How many of `BUCKETS` to the power of the number of dimensions. */
  readonly volume: bigint;
}

/** The buckets [from, to) of some dimensions; of the others all. */
export type Box = ReadonlyMap<string, readonly [from: number, to: number]>;

/** Boxes that one comparison may fall apart into. */
const MOST_BOXES = 50_000;

/**
 * How many units get what, before and after together. `dimensions` is how many draws are told apart. Both programs
 * differ by buckets alone (see `branchesOf`). Throws TooMuch.
 */
export function sharesOf(
  before: Program,
  after: Program,
  box: Box = new Map(),
): { together: Together[]; dimensions: number } {
  const together = new Volumes().of(before, after, box);
  return { together: [...together.values()], dimensions: dimensionsOf(before, after).size };
}

/** Runs through the parts of two splits of one dimension that have buckets in common, in order. */
export function overlaps(
  x: readonly Part[],
  y: readonly Part[],
): [inX: Program, inY: Program, from: number, to: number][] {
  const found: [Program, Program, number, number][] = [];
  let [i, j, from] = [0, 0, 0];
  for (;;) {
    const [inX, inY] = [x[i], y[j]];
    if (!inX || !inY) return found;
    const to = Math.min(inX.to, inY.to);
    found.push([inX.program, inY.program, from, to]);
    from = to;
    if (inX.to === to) i++;
    if (inY.to === to) j++;
  }
}

type Volume = ReadonlyMap<string, Together>;

class Volumes {
  readonly #known = new Map<string, Volume>();

  /** Within the box, over the dimensions of both programs. */
  of(before: Program, after: Program, box: Box): Volume {
    const dimensions = dimensionsOf(before, after);
    if (dimensions.size === 0) return new Map([['', { before, after, volume: 1n }]]);
    const bounds = Array.from(dimensions.keys(), (id) => box.get(id)?.join('-') ?? '').join(' ');
    const key = `${before.id} ${after.id} ${bounds}`;
    const known = this.#known.get(key) ?? this.#split(before, after, box, dimensions);
    this.#known.set(key, known);
    if (this.#known.size > MOST_BOXES) throw new TooMuch('the buckets fall apart into too many combinations');
    return known;
  }

  #split(before: Program, after: Program, box: Box, dimensions: ReadonlyMap<string, Dimension>): Volume {
    const on =
      before.kind === 'split' ? before.dimension : after.kind === 'split' ? after.dimension : undefined;
    if (!on) throw new Error('two programs differ by a condition');
    const [low, high] = box.get(on.id) ?? [0, BUCKETS];
    const sum = new Map<string, Together>();
    for (const [inBefore, inAfter, from, to] of overlaps(partsOn(on, before), partsOn(on, after))) {
      const [first, last] = [Math.max(from, low), Math.min(to, high)];
      if (first >= last) continue;
      const inner = new Map([...box, [on.id, [first, last] as const]]);
      const left = dimensionsOf(inBefore, inAfter);
      let factor = 1n;
      for (const id of dimensions.keys()) if (!left.has(id)) factor *= width(inner, id);
      for (const each of this.of(inBefore, inAfter, inner).values()) add(sum, each, factor);
    }
    return sum;
  }
}

function add(sum: Map<string, Together>, { before, after, volume }: Together, factor: bigint): void {
  const key = `${before.id} ${after.id}`;
  sum.set(key, { before, after, volume: (sum.get(key)?.volume ?? 0n) + volume * factor });
}

/** All that is drawn before both sides have come to an answer, or to the same open end. */
function dimensionsOf(before: Program, after: Program): ReadonlyMap<string, Dimension> {
  if (before === after && before.isConditional) return new Map();
  if (after.dimensions.size === 0) return before.dimensions;
  return before.dimensions.size === 0
    ? after.dimensions
    : new Map([...before.dimensions, ...after.dimensions]);
}

function partsOn(on: Dimension, program: Program): readonly Part[] {
  const isOn = program.kind === 'split' && program.dimension.id === on.id;
  return isOn ? program.parts : [{ to: BUCKETS, program }];
}

function width(box: Box, id: string): bigint {
  const [from, to] = box.get(id) ?? [0, BUCKETS];
  return BigInt(to - from);
}
