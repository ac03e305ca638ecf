// A ramp compiled: the share of the units that it takes at a time, and when that changes. All arithmetic is exact.
import type { ServeOutcome } from '../model/definitions.gen.ts';
import { shareOf } from './bucket.ts';
import { refuseUnknown } from './members.ts';
import { epochMs } from './operands/instant.ts';

export interface CompiledStep {
  /** The instant as its author wrote it. */
  readonly at: string;
  /** The first whole millisecond at which the step holds. */
  readonly atMs: number;
  /** 0 … 10000, hundredths of a percent. */
  readonly share: number;
}

export class CompiledRamp {
  readonly steps: readonly CompiledStep[];
  readonly linear: boolean;

  /** Throws an error that says which step is out of order, or begins at no instant. */
  constructor({ ramp = [], linear }: Pick<ServeOutcome, 'ramp' | 'linear'>) {
    this.steps = ramp.map((step) => {
      refuseUnknown('ramp step', step);
      return { at: step.at, atMs: epochMs(step.at), share: shareOf(step.percent) };
    });
    this.linear = linear === true;
    for (const [i, { at, atMs }] of this.steps.entries()) {
      const before = this.steps[i - 1];
      if (before && before.atMs > atMs)
        throw new Error(`the ramp's step at ${at} is before the one above it`);
    }
  }

  /** The share at a time (epoch milliseconds): buckets below it are taken. 0 … 10000. */
  shareAt(nowMs: number): number {
    const index = this.stepAt(nowMs);
    const step = this.steps[index];
    if (step === undefined) return 0;
    const next = this.linear ? this.steps[index + 1] : undefined;
    return next === undefined ? step.share : between(step, next, Math.floor(nowMs));
  }

  /** The index of the step that holds at a time; -1 before the first one. */
  stepAt(nowMs: number): number {
    let [low, high] = [0, this.steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.steps[middle] as CompiledStep).atMs <= nowMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The first whole millisecond after a time at which the share is another one; undefined where it stays. */
  nextChangeMs(nowMs: number): number | undefined {
    const share = this.shareAt(nowMs);
    for (let index = this.stepAt(nowMs); index < this.steps.length - 1; index++) {
      const [step, next] = [this.steps[index], this.steps[index + 1] as CompiledStep];
      // Rounded down, a line that falls is at its end before the end.
      if (this.linear && step !== undefined && step.atMs < next.atMs && share !== next.share)
        return leaving(step, next, share);
      if (this.shareAt(next.atMs) !== share) return next.atMs;
    }
    return undefined;
  }
}

/** Where the line from one step to the next is at a whole millisecond between them, rounded down. */
function between(step: CompiledStep, next: CompiledStep, nowMs: number): number {
  const [rise, span, gone] = [next.share - step.share, next.atMs - step.atMs, nowMs - step.atMs];
  const product = rise * gone;
  // Beyond 2^53 (the steps are 28 years apart or more) a product of numbers is no longer exact.
  if (!Number.isSafeInteger(product)) return step.share + Number(divided(BigInt(rise) * BigInt(gone), span));
  const rest = product % span;
  return step.share + (product - rest) / span - (rest < 0 ? 1 : 0);
}

/** The first whole millisecond at which the line from one step to the next is no longer at `share`, which is on it. */
function leaving(step: CompiledStep, next: CompiledStep, share: number): number {
  const [rise, span] = [next.share - step.share, BigInt(next.atMs - step.atMs)];
  if (rise > 0) return step.atMs - Number(divided(BigInt(step.share - share - 1) * span, rise));
  return step.atMs + Number(divided(BigInt(step.share - share) * span, -rise)) + 1;
}

/** Rounded down, for negative numbers too. `divisor` is positive. */
function divided(product: bigint, divisor: number): bigint {
  const by = BigInt(divisor);
  return product / by - (product % by < 0n ? 1n : 0n);
}
