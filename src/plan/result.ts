// What the units of a case get, before and after, and who of them moves: volumes as shares.
import { bucketing } from '../engine/bucket.ts';
import { exactPercent, roundedPercent } from './percent.ts';
import type { Amount, Move, Share } from './plan.ts';
import type { Answer, Dimension, Program } from './program.ts';
import { type Box, sharesOf, type Together } from './shares.ts';

export interface Result {
  before: Share[];
  after: Share[];
  moves: Move[];
  /** There where these are named units. */
  units?: number;
}

/** What units do together, and how an amount of them is written. */
interface Counted {
  together: Together[];
  amount: (volume: bigint) => Amount;
}

/** Shares of all units. `order` is that of the variations. Throws TooMuch. */
export function resultForAll(before: Program, after: Program, order: readonly string[]): Result {
  const { together, dimensions } = sharesOf(before, after);
  return resultOf({ together, amount: (volume) => ({ percent: exactPercent(volume, dimensions) }) }, order);
}

/** Counts of units by their real buckets. Undefined where something else than these units is drawn, or none is left. */
export function resultForUnits(
  before: Program,
  after: Program,
  units: readonly string[],
  attribute: string,
  order: readonly string[],
): Result | undefined {
  const drawn = [...before.dimensions.values(), ...after.dimensions.values()];
  if (units.length === 0 || drawn.some(({ unit }) => unit !== attribute)) return undefined;
  const counts = new Map<string, Together>();
  const boxOf = boxes(drawn);
  for (const unit of units) {
    for (const { before: from, after: to, volume } of sharesOf(before, after, boxOf(unit)).together) {
      const id = `${from.id} ${to.id}`;
      counts.set(id, { before: from, after: to, volume: (counts.get(id)?.volume ?? 0n) + volume });
    }
  }
  const amount = (volume: bigint) => ({
    percent: roundedPercent(Number(volume), units.length),
    units: Number(volume),
  });
  return { ...resultOf({ together: [...counts.values()], amount }, order), units: units.length };
}

/** For a unit the one bucket of each dimension. */
export function boxes(drawn: readonly Dimension[]): (unit: string) => Box {
  const hashed = drawn.map(({ id, prefix }) => ({ id, bucketOf: bucketing(prefix, '') }));
  return (unit) =>
    new Map(
      hashed.map(({ id, bucketOf }) => {
        const bucket = bucketOf(unit);
        return [id, [bucket, bucket + 1]];
      }),
    );
}

function resultOf({ together, amount }: Counted, order: readonly string[]): Result {
  const [before, after] = [new Sums<Share>(), new Sums<Share>()];
  const moves = new Sums<Move>();
  for (const each of together) {
    const [from, to] = [answerOf(each.before), answerOf(each.after)];
    before.add(from ? shareOf(from) : { unchanged: true }, each.volume);
    after.add(to ? shareOf(to) : { unchanged: true }, each.volume);
    if (from && to && each.before !== each.after) moves.add(moveOf(from, to), each.volume);
  }
  const rank = (name: string | undefined) => (name === undefined ? order.length : order.indexOf(name));
  const byAnswer = (a: Omit<Share, 'percent'>, b: Omit<Share, 'percent'>) =>
    Number(a.unchanged ?? false) - Number(b.unchanged ?? false) || rank(a.answer) - rank(b.answer);
  const byMove = (a: Omit<Move, 'percent'>, b: Omit<Move, 'percent'>) =>
    rank(a.from) - rank(b.from) || rank(a.to) - rank(b.to);
  return {
    before: before.list(amount, byAnswer),
    after: after.list(amount, byAnswer),
    moves: moves.list(amount, byMove),
  };
}

/** Volumes by what they are of, without the amount. */
class Sums<Kind extends Amount> {
  readonly #sums = new Map<string, { kind: Omit<Kind, keyof Amount>; volume: bigint }>();

  add(kind: Omit<Kind, keyof Amount>, volume: bigint): void {
    const id = JSON.stringify(kind);
    this.#sums.set(id, { kind, volume: (this.#sums.get(id)?.volume ?? 0n) + volume });
  }

  list(
    amount: (volume: bigint) => Amount,
    order: (a: Omit<Kind, keyof Amount>, b: Omit<Kind, keyof Amount>) => number,
  ): Kind[] {
    const sorted = [...this.#sums.values()].sort((a, b) => order(a.kind, b.kind));
    return sorted.map(({ kind, volume }) => ({ ...kind, ...amount(volume) }) as unknown as Kind);
  }
}

function answerOf(program: Program): Answer | undefined {
  return program.kind === 'answer' ? program.answer : undefined;
}

/** The value is left out: a plan says once which values changed. */
export function shareOf({ variation, error, passes }: Answer): Omit<Share, keyof Amount> {
  return {
    ...(variation !== undefined && { answer: variation }),
    ...(error !== undefined && { error }),
    ...(passes && { passes }),
  };
}

export function moveOf(from: Answer, to: Answer): Omit<Move, keyof Amount> {
  return {
    ...(from.variation !== undefined && { from: from.variation }),
    ...(from.error !== undefined && { fromError: from.error }),
    ...(from.passes && { fromPasses: true }),
    ...(to.variation !== undefined && { to: to.variation }),
    ...(to.error !== undefined && { toError: to.error }),
    ...(to.passes && { toPasses: true }),
  };
}
