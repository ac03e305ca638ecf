// The memory of exposures that were offered: an hour, a bound, and no unit taken for another.
import { expect, it } from 'vitest';
import { Offered } from '../../../src/relay/events/offered.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-21T00:00:00Z');

it('an exposure is remembered for an hour, and no longer', () => {
  const offered = new Offered();
  expect(offered.has('layout\non', 'u', START)).toBe(false);
  offered.add('layout\non', 'u', START);
  expect(offered.has('layout\non', 'u', START)).toBe(true);
  expect(offered.has('layout\non', 'u', START + HOUR - 1)).toBe(true);
  expect(offered.has('layout\non', 'u', START + HOUR)).toBe(false);
});

it('one that is added late in a generation is remembered for an hour too', () => {
  const offered = new Offered();
  offered.add('a', 'first', START);
  offered.add('a', 'late', START + HOUR - 1_000);
  offered.add('a', 'next', START + HOUR);
  expect(offered.has('a', 'late', START + 2 * HOUR - 2_000)).toBe(true);
  expect(offered.has('a', 'first', START + HOUR)).toBe(false);
});

it('arms and units are told apart, also where their texts run together', () => {
  const offered = new Offered();
  offered.add('layout\non', 'u1', START);
  for (const [arm, unit] of [
    ['layout\non', 'u2'],
    ['layout\noff', 'u1'],
    ['layout\nonu', '1'],
    ['layout\no', 'nu1'],
    ['layout\non', ''],
  ] as const) {
    expect([arm, unit, offered.has(arm, unit, START)]).toEqual([arm, unit, false]);
  }
});

it('of 200,000 units none is taken for another, and the last 131,072 at least are remembered', () => {
  const offered = new Offered();
  let mistaken = 0;
  for (let unit = 0; unit < 200_000; unit++) {
    if (offered.has('layout\non', `user-${unit}`, START)) mistaken++;
    offered.add('layout\non', `user-${unit}`, START);
  }
  let forgotten = 0;
  for (let unit = 200_000 - 131_072; unit < 200_000; unit++) {
    if (!offered.has('layout\non', `user-${unit}`, START)) forgotten++;
  }
  expect([mistaken, forgotten]).toEqual([0, 0]);
});

it('beyond its bound it forgets the oldest, instead of growing', () => {
  const offered = new Offered();
  for (let unit = 0; unit < 3 * 131_072; unit++) offered.add('a', `user-${unit}`, START);
  expect(offered.has('a', 'user-0', START)).toBe(false);
  expect(offered.has('a', `user-${3 * 131_072 - 1}`, START)).toBe(true);
});

it('what was lost may be offered again, and a clock that was set back makes none wait', () => {
  const offered = new Offered();
  offered.add('a', 'u', START);
  expect(offered.has('a', 'u', START - 2 * HOUR)).toBe(false);
  offered.clear();
  expect(offered.has('a', 'u', START)).toBe(false);
});
