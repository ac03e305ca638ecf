// How much more a look knows: against arms drawn anew thousands of times, and at its edges.
import { expect, test } from 'vitest';
import { informationGrowth } from '../../src/stats/sequential/information.ts';
import { Random } from './simulate/random.ts';

const UNITS = 400;
/** The first so many had come by the look before. */
const EARLY = 150;

interface Values {
  before: number[];
  now: number[];
}

/** Values of units that come one after the other; `tell` is what one has told after a time, of the time there is. */
function valuesOf(seed: number, tell: (random: Random) => (watched: number) => number): Values {
  const random = new Random(seed);
  const units = Array.from({ length: UNITS }, (_, at) => ({ cameAt: at / UNITS, told: tell(random) }));
  const since = (time: number) => units.map(({ cameAt, told }) => told(time - cameAt));
  return { before: since(EARLY / UNITS).slice(0, EARLY), now: since(1) };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function products(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  return a.reduce((sum, value, at) => sum + (value - ma) * ((b[at] as number) - mb), 0);
}

function growthOf({ before, now }: Values): number {
  const since = now.slice(0, EARLY);
  return informationGrowth(
    {
      n: EARLY,
      before: products(before, before),
      now: products(since, since),
      products: products(before, since),
      changed: before.reduce((sum, value, at) => sum + (value - (since[at] as number)) ** 2, 0),
    },
    { n: UNITS, now: products(now, now) },
  ) as number;
}

/** 1 / corr² of the differences at both looks, with arms given to units by chance again and again. */
function drawnGrowth({ before, now }: Values, random: Random): number {
  const difference = (values: readonly number[], isOn: readonly boolean[]) =>
    mean(values.filter((_, at) => isOn[at])) - mean(values.filter((_, at) => !isOn[at]));
  const drawn = Array.from({ length: 40_000 }, () => {
    const isOn = now.map(() => random.uniform() < 0.5);
    return [difference(before, isOn), difference(now, isOn)] as const;
  });
  const [one, two] = [drawn.map(([d]) => d), drawn.map(([, d]) => d)];
  return (products(one, one) * products(two, two)) / products(one, two) ** 2;
}

test.each<[name: string, tell: (random: Random) => (watched: number) => number]>([
  [
    'go on telling at a rate of their own',
    (random) =>
      (
        (rate) => (time) =>
          rate * time
      )(random.gamma(1)),
  ],
  [
    'convert at some time',
    (random) =>
      (
        (at) => (time) =>
          Number(at < time)
      )(-Math.log(random.uniform()) / 3),
  ],
  [
    'tell all at once',
    (random) =>
      (
        (value) => () =>
          value
      )(random.normal()),
  ],
  ['tell by time alone', () => (time) => time],
])('units that %s make it know as many times more as draws of the arms have in common', (_name, tell) => {
  const values = valuesOf(7, tell);
  const drawn = drawnGrowth(values, new Random(11));
  expect(drawn).toBeGreaterThan(1.2);
  // The square of a correlation of 0.35 is known to 5 % from 40,000 draws.
  expect(growthOf(values) / drawn).toBeGreaterThan(0.9);
  expect(growthOf(values) / drawn).toBeLessThan(1.1);
});

test('where next to nothing has changed of what was known, it is as units are', () => {
  const now = Array.from(
    { length: UNITS },
    (_, at) => Math.sin(at) + (at >= EARLY ? 5 * Math.cos(3 * at) : 0),
  );
  const before = now.slice(0, EARLY).map((value, at) => value + (at % 50 === 0 ? 0.1 : 0));
  expect(growthOf({ before, now })).toBe(UNITS / EARLY);
});

test.each<[name: string, now: number, products: number, growth: number | null]>([
  ['no less than before', 1, 1, 1],
  ['a thousand times as much at most', 1e9, 1, 1000],
  ['nothing in common with it, where both oppose each other', 100, -5, 1000],
  ['what cannot be said, where nothing varies', 0, 0, null],
])('a look knows %s', (_name, now, shared, growth) => {
  const common = { n: 10, before: 1, now, products: shared, changed: now };
  expect(informationGrowth(common, { n: 10, now })).toBe(growth);
});
