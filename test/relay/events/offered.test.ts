// The memory of exposures that were offered: an hour, a bound, and no unit taken for another.
import { expect, it } from 'vitest';
import { armDigest, Offered } from '../../../src/relay/events/offered.ts';

const HOUR = 3_600_000;
const LAYOUT = armDigest('layout', 'on');
const A = armDigest('a', 'on');
const START = Date.parse('2026-11-21T00:00:00Z');

it('an exposure is remembered for an hour, and no longer', () => {
  const offered = new Offered();
  expect(offered.has(LAYOUT, 'u', START)).toBe(false);
  offered.add(LAYOUT, 'u', START);
  expect(offered.has(LAYOUT, 'u', START)).toBe(true);
  expect(offered.has(LAYOUT, 'u', START + HOUR - 1)).toBe(true);
  expect(offered.has(LAYOUT, 'u', START + HOUR)).toBe(false);
});

it('one that is added late in a generation is remembered for an hour too', () => {
  const offered = new Offered();
  offered.add(A, 'first', START);
  offered.add(A, 'late', START + HOUR - 1_000);
  offered.add(A, 'next', START + HOUR);
  expect(offered.has(A, 'late', START + 2 * HOUR - 2_000)).toBe(true);
  expect(offered.has(A, 'first', START + HOUR)).toBe(false);
});

it('arms and units are told apart, also where their texts run together', () => {
  const offered = new Offered();
  offered.add(LAYOUT, 'u1', START);
  for (const [experiment, arm, unit] of [
    ['layout', 'on', 'u2'],
    ['layout', 'off', 'u1'],
    ['layout', 'onu', '1'],
    ['layout', 'o', 'nu1'],
    ['layout', 'on', ''],
    ['other', 'on', 'u1'],
  ] as const) {
    expect([arm, unit, offered.has(armDigest(experiment, arm), unit, START)]).toEqual([arm, unit, false]);
  }
});

it('of 200,000 units none is taken for another, and the last 131,072 at least are remembered', () => {
  const offered = new Offered();
  let mistaken = 0;
  for (let unit = 0; unit < 200_000; unit++) {
    if (offered.has(LAYOUT, `user-${unit}`, START)) mistaken++;
    offered.add(LAYOUT, `user-${unit}`, START);
  }
  let forgotten = 0;
  for (let unit = 200_000 - 131_072; unit < 200_000; unit++) {
    if (!offered.has(LAYOUT, `user-${unit}`, START)) forgotten++;
  }
  expect([mistaken, forgotten]).toEqual([0, 0]);
});

it('beyond its bound it forgets the oldest, instead of growing', () => {
  const offered = new Offered();
  for (let unit = 0; unit < 3 * 131_072; unit++) offered.add(A, `user-${unit}`, START);
  expect(offered.has(A, 'user-0', START)).toBe(false);
  expect(offered.has(A, `user-${3 * 131_072 - 1}`, START)).toBe(true);
});

it('what was lost may be offered again, and a clock that was set back makes none wait', () => {
  const offered = new Offered();
  offered.add(A, 'u', START);
  expect(offered.has(A, 'u', START - 2 * HOUR)).toBe(false);
  offered.clear();
  expect(offered.has(A, 'u', START)).toBe(false);
});
