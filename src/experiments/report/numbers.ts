// Numbers as people read them: as many digits as the interval has a use for, and never a rounding that changes the meaning.
import type { Interval } from '../../stats/computed.ts';

/** Smaller ones are only said to be. */
const LEAST_P = 0.0001;
/** More decimals than these are written with an exponent. */
const MOST_DECIMALS = 8;

/** A way to write a number: multiplied by the factor, with the unit behind it. */
export interface Unit {
  factor: number;
  name: string;
}

export const PERCENT: Unit = { factor: 100, name: ' %' };
export const POINTS: Unit = { factor: 100, name: ' pp' };
export const PLAIN: Unit = { factor: 1, name: '' };

/** The number, or null where JSON's null, NaN or an infinity stands for none. */
export function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * The decimals with which half of the interval's width has two significant digits; negative where tens or hundreds are
 * enough. Where the interval has no width, three significant digits of the value.
 */
export function decimalsFor(interval: Interval | null, value: number | null, { factor }: Unit): number {
  const [lower, upper] = [finite(interval?.lower), finite(interval?.upper)];
  const center = finite(value) ?? 0;
  const reach =
    lower !== null && upper !== null
      ? (upper - lower) / 2
      : Math.max(...[lower, upper].map((end) => (end === null ? 0 : Math.abs(end - center))));
  if (reach > 0) return 1 - exponentOf(reach * factor);
  return center === 0 ? 0 : 2 - exponentOf(center * factor);
}

function exponentOf(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)));
}

/** The number with that many decimals, `1,234.5` say. Minus zero is zero; what is not zero is never written so. */
export function figure(value: number, decimals: number): string {
  if (value === 0) return zero(decimals);
  const text = written(value, decimals);
  return /[1-9]/.test(text) ? text : written(value, -exponentOf(value));
}

function zero(decimals: number): string {
  return (0).toFixed(Math.min(Math.max(decimals, 0), MOST_DECIMALS));
}

function written(value: number, decimals: number): string {
  if (Math.abs(value) >= 1e15) return value.toExponential(2);
  if (decimals > MOST_DECIMALS && Math.abs(value) < 1e-3) return value.toExponential(1);
  const digits = Math.min(Math.max(decimals, 0), MOST_DECIMALS);
  const step = decimals < 0 ? 10 ** -decimals : 1;
  const rounded = Math.round(value / step) * step;
  return (decimals < 0 ? rounded : value).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** The number in a unit, with a sign where one is wanted. */
export function amount(value: number, decimals: number, unit: Unit, isSigned = false): string {
  const text = figure(value * unit.factor, decimals);
  return `${isSigned && value > 0 ? '+' : ''}${text}${unit.name}`;
}

/** `1.2 to 7.0`, `1.2 or more`, `7.0 or less`, `unbounded`; without the unit. */
export function intervalText({ lower, upper }: Interval, decimals: number, { factor }: Unit): string {
  const ends = [lower, upper].map((end) => {
    const value = finite(end);
    return value === null ? null : figure(value * factor, decimals);
  });
  const [low, high] = ends;
  if (low && high) return `${low} to ${high}`;
  if (low) return `${low} or more`;
  return high ? `${high} or less` : 'unbounded';
}

/** Two significant digits, or as many as it takes to stand on its side of alpha. */
export function pText(p: number, alpha: number): string {
  if (p < LEAST_P && p < alpha) return '< 0.0001';
  if (p >= 0.995) return p >= 1 ? '1' : '> 0.99';
  for (let digits = 2; digits < 12; digits++) {
    const text = p.toPrecision(digits);
    if (Number(text) < alpha === p < alpha) return text;
  }
  return String(p);
}

/** A whole number: `8,412`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A share or a level such as 0.95, without needless decimals: `95 %`. */
export function share(value: number): string {
  return `${Number((value * 100).toPrecision(6)).toLocaleString('en', { maximumFractionDigits: 6 })} %`;
}
