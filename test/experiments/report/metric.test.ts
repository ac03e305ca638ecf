// A metric as reports tell it: what its change is the change of.
import { expect, test } from 'vitest';
import { toldMetric } from '../../../src/experiments/report/metric.ts';
import { comparison, metric, without } from './analyses.ts';

const manner = { alpha: 0.05, confidence: 0.95, isEarly: false, isSequential: false };
const baseline = { arm: 'off', units: 1_965, value: 60.61 };
const told = (arm: ReturnType<typeof comparison>) =>
  toldMetric(metric('order-value', { type: 'mean', baseline, arms: [arm] }), 'secondary', manner).about;

test.each([
  ['the values', comparison('on', { value: 60.38, difference: 60.38 - 60.61 }), 'average, should increase'],
  ['no values', without('on'), 'average, should increase'],
  [
    'what CUPED left',
    comparison('on', { value: 60.38, difference: 0.06 }),
    'average, should increase, CUPED-adjusted',
  ],
])('a change of %s is told as that', (_, arm, about) => {
  expect(told(arm)).toBe(about);
});

test('with planned looks the p-value is the plan’s alone; else that of one metric among many stands beside its own', () => {
  const result = metric('purchase', { arms: [comparison('on', { p: 0.97, adjustedP: 0.83 })] });
  expect(toldMetric(result, 'primary', manner).isAdjusted).toBe(true);
  const told = toldMetric(result, 'primary', { ...manner, isSequential: true });
  expect([told.isAdjusted, told.arms[0]?.adjustedP]).toEqual([false, '0.83']);
});

test('another level is told where there is an interval of it', () => {
  const about = (arm: ReturnType<typeof comparison>) =>
    toldMetric(metric('errors', { arms: [arm], confidence: 0.9 }), 'secondary', manner).about;
  expect(about(comparison('on'))).toMatch(/, 90 % interval$/);
  expect(about(comparison('on', { interval: null, liftInterval: null }))).not.toContain('90 %');
});
