// The scale that all intervals of a report share: lifts around zero, with round ticks.
import type { Interval } from '../../stats/computed.ts';
import { amount, finite, type Unit } from './numbers.ts';

export interface Scale {
  from: number;
  to: number;
  /** Round numbers from `from` to `to`, zero among them. */
  ticks: number[];
  step: number;
}

/** A lift to be drawn. */
export interface Effect {
  estimate: number;
  interval: Interval | null;
}

/** Where an interval begins and ends on a scale, as shares of its width; what goes on beyond it is cut off. */
export interface Extent {
  start: number;
  end: number;
  isCutAtStart: boolean;
  isCutAtEnd: boolean;
}

/** No effect widens the scale to more than so many times what the first ones (the primary metric's) need. */
const MOST_WIDENING = 2.5;
const TICKS = 5;

/**
 * The scale on which all effects have a place; undefined where there is none. Intervals without an end, and those that
 * would make the first ones too small to be read, are cut off.
 */
export function scaleOf(first: readonly Effect[], others: readonly Effect[]): Scale | undefined {
  const [own, rest] = [first.map(reachOf), others.map(reachOf)];
  const all = [...own, ...rest];
  if (all.length === 0) return undefined;
  const needed = Math.max(0, ...own.flatMap((reach) => reach.map(Math.abs))) || median(rest);
  const limit = needed > 0 ? needed * MOST_WIDENING : 0.01;
  const ends = all.flat().map((end) => Math.min(limit, Math.max(-limit, end)));
  return roundScale(Math.min(0, ...ends), Math.max(0, ...ends));
}

/** Numbers from which to which something is to be seen; both are 0 where there is nothing but zero. */
export function roundScale(least: number, most: number): Scale {
  const width = most - least || 0.02;
  const step = roundStep((width * 1.1) / TICKS);
  const from = Math.min(Math.floor((least - width * 0.02) / step), -1) * step;
  const to = Math.max(Math.ceil((most + width * 0.02) / step), 1) * step;
  const count = Math.round((to - from) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => Math.round(from / step + index) * step || 0);
  return { from, to, ticks, step };
}

function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((each) => each * power >= wanted * 0.999) ?? 10;
  return factor * power;
}

function reachOf({ estimate, interval }: Effect): number[] {
  return [finite(interval?.lower), estimate, finite(interval?.upper)].filter((end) => end !== null);
}

function median(reaches: readonly number[][]): number {
  const sizes = reaches.map((reach) => Math.max(...reach.map(Math.abs))).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

/** A number's place, from 0 at the scale's begin to 1 at its end; outside of them for what is beyond. */
export function placeOn({ from, to }: Scale, value: number): number {
  return (value - from) / (to - from);
}

/** Undefined for an effect without an interval. */
export function extentOn(scale: Scale, { interval }: Effect): Extent | undefined {
  if (interval === null) return undefined;
  const [lower, upper] = [finite(interval.lower), finite(interval.upper)];
  const start = lower === null ? Number.NEGATIVE_INFINITY : placeOn(scale, lower);
  const end = upper === null ? Number.POSITIVE_INFINITY : placeOn(scale, upper);
  return {
    start: Math.min(1, Math.max(0, start)),
    end: Math.min(1, Math.max(0, end)),
    isCutAtStart: start < 0,
    isCutAtEnd: end > 1,
  };
}

/** A tick as its label has it: `+5 %`, `0`. */
export function tickText(tick: number, { step }: Scale, unit: Unit): string {
  if (tick === 0) return '0';
  return amount(tick, Math.max(0, -Math.floor(Math.log10(step * unit.factor) + 1e-9)), unit, true);
}
