// What a page and a comment say of an analysis, read as text: no browser is needed for that.
import { expect, test } from 'vitest';
import { reportHtml } from '../../../src/experiments/report/html.ts';
import { reportMarkdown } from '../../../src/experiments/report/markdown.ts';
import { analysis, metric } from './analyses.ts';

/** Hours of one day after one at which nothing was known yet. */
const hours = [9, 10, 17].map((hour) => `2026-11-09T${String(hour).padStart(2, '0')}:30:00.000Z`);
const point = { units: 100, lift: 0.1, liftInterval: null, difference: 0.01, interval: null };
const labels = (page: string) =>
  Array.from(page.matchAll(/<text x="(0|100%)"[^>]*>([^<]+)</g), ([, at, label]) => [at, label]);

test('the course begins with the first analysis that is drawn, and tells the hours of a single day', () => {
  const course = hours.map((at, index) => ({
    ...point,
    at,
    ...(index === 0 && { lift: null, difference: null }),
  }));
  const page = reportHtml(analysis({ course }));
  expect(page.slice(page.indexOf('class="course"')).match(/class="estimate decided" cx="([^"]+)"/)?.[1]).toBe(
    '0%',
  );
  expect(labels(page)).toEqual([
    ['0', '2026-11-09 10:30 UTC'],
    ['100%', '2026-11-09 17:30 UTC'],
  ]);
});

test('the course of several days tells the days', () => {
  expect(labels(reportHtml(analysis()))).toEqual([
    ['0', '2026-11-10'],
    ['100%', '2026-11-23'],
  ]);
});

test('how a metric was computed is told to its end, the test, and in a page without backticks', () => {
  const method = [
    'the average `amount`',
    ...Array.from({ length: 10 }, () => 'a long remark of its own '.repeat(3)),
    'Welch’s t',
  ];
  const of = analysis({ primary: metric('purchase', { method }) });
  expect(reportMarkdown(of)).toMatch(/^- `purchase`: the average `amount`; .*; Welch’s t$/m);
  expect(reportHtml(of)).toMatch(/<b>purchase<\/b>: the average “amount”; .*; Welch’s t<\/li>/);
});
