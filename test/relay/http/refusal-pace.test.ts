// Refusals come at a pace, the newest and the oldest in turns, and none is forgotten.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RefusalPace } from '../../../src/relay/http/refusal-pace.ts';

beforeEach(() => void vi.useFakeTimers({ now: 5_000 }));
afterEach(() => void vi.useRealTimers());

function flood(pace: RefusalPace, count: number): number[] {
  const answered: number[] = [];
  for (let at = 0; at < count; at++) pace.answer(() => answered.push(at));
  return answered;
}

test('a second’s worth is answered at once', () => {
  expect(flood(new RefusalPace(20), 20)).toHaveLength(20);
});

test('what is more waits for its turn, the newest and the oldest by turns', () => {
  const pace = new RefusalPace(20);
  const answered = flood(pace, 25);
  expect(answered).toHaveLength(20);
  vi.advanceTimersByTime(51);
  expect(answered.slice(20)).toEqual([24]);
  pace.answer(() => answered.push(99));
  vi.advanceTimersByTime(51);
  expect(answered.slice(20)).toEqual([24, 20]);
  vi.advanceTimersByTime(250);
  expect(answered.slice(20)).toEqual([24, 20, 99, 21, 23, 22]);
});

test('nobody waits for a flood to end', () => {
  const pace = new RefusalPace(20);
  flood(pace, 20);
  let isAnswered = false;
  pace.answer(() => {
    isAnswered = true;
  });
  // Sixteen callers who ask again as soon as they are answered.
  const again = () => pace.answer(again);
  for (let caller = 0; caller < 16; caller++) again();
  vi.advanceTimersByTime(200);
  expect(isAnswered).toBe(true);
});

test('the pace holds however long a flood lasts', () => {
  const pace = new RefusalPace(1_000);
  const answered = flood(pace, 2_000);
  for (let ms = 1; ms <= 500; ms++) {
    vi.advanceTimersByTime(1);
    expect(answered.length).toBeLessThanOrEqual(1_000 + ms);
  }
  expect(answered.length).toBeGreaterThan(1_480);
});

test('where more than a thousand wait, the oldest is answered', () => {
  const pace = new RefusalPace(20);
  const answered = flood(pace, 1_021);
  expect(answered.slice(20)).toEqual([20]);
});

test('after a quiet second there is a second’s worth again', () => {
  const pace = new RefusalPace(20);
  flood(pace, 25);
  vi.advanceTimersByTime(2_000);
  expect(flood(pace, 25)).toHaveLength(20);
});
