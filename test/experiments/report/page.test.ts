// The page in a real browser: nothing is loaded or runs, everything can be read on a phone, on a desk and on paper.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../../src/experiments/analysis.ts';
import { reportHtml } from '../../../src/experiments/report/html.ts';
import { Browser, hasBrowser, type Look } from '../../support/browser.ts';
import {
  analysis,
  between,
  brokenSplit,
  comparison,
  guardrail,
  large,
  metric,
  sequential,
  tooEarly,
} from './analyses.ts';
import { COURSE, HEAD_END, PLOT, SEEN_TEXTS, WIDTHS } from './page-script.ts';

interface SeenText {
  text: string;
  size: number;
  contrast: number;
  isLarge: boolean;
}

interface Widths {
  width: number;
  inner: number;
  outside: string[];
}

interface Plot {
  ticks: { text: string; at: number }[];
  bars: {
    label: string;
    left: number;
    right: number;
    estimate: number | null;
    cuts: number;
    top: number;
    rowTop: number;
    rowBottom: number;
  }[];
}

interface Course {
  levels: { text: string; at: number }[];
  lines: number[];
  intervals: { left: number; top: number; bottom: number }[];
  estimates: { left: number; at: number }[];
}

const LONG = 'a-very-long-key-that-somebody-has-given-to-a-metric-and-that-does-not-fit-anywhere.really';
const long = analysis({
  experiment: LONG,
  hypothesis: '<img src=https://evil.example/x onerror=alert(1)> '.repeat(10),
  primary: metric(LONG, { arms: [comparison(LONG)] }),
  verdict: { kind: 'better', arm: LONG },
});
const harmed = analysis({ guardrails: [guardrail('checkout-error', 'harm')] });

const PAGES: [string, Analysis][] = [
  ['better', analysis()],
  ['harm', harmed],
  ['too early', tooEarly()],
  ['a broken split', brokenSplit()],
  ['looks', sequential()],
  ['many arms and metrics', large(4, 20)],
  ['long and hostile names', long],
];
const PHONE = { width: 360, height: 640 };
const DESK = { width: 1_100, height: 800 };
/** A4 without its margins, at 96 pixels an inch. */
const PAPER = { width: 673, height: 1_001, media: 'print' } as const;

async function expectReadable(page: Page): Promise<void> {
  const texts = await page.evaluate<SeenText[]>(SEEN_TEXTS);
  expect(texts.length).toBeGreaterThan(20);
  expect(texts.filter(({ size }) => size < 12)).toEqual([]);
  expect(texts.filter(({ contrast, isLarge }) => contrast < (isLarge ? 3 : 4.5))).toEqual([]);
  expect(texts.filter(({ size }) => size >= 16).length).toBeGreaterThan(3);
}

describe.skipIf(!hasBrowser())('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.start();
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
  });

  test.each(PAGES)(
    'it loads nothing, can be read on every screen, and begins with what may not be overlooked: %s',
    async (_, of) => {
      const { page, said, requests } = await browser.open(reportHtml(of), PHONE);
      await expectReadable(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const width of [320, 360, 700, 1_100]) {
        await page.setViewportSize({ width, height: 640 });
        const widths = await page.evaluate<Widths>(WIDTHS);
        expect(widths.outside).toEqual([]);
        expect(widths.width).toBeLessThanOrEqual(widths.inner);
        if (width === 360 || width === 1_100) await expectReadable(page);
        if (width >= 360) expect(await page.evaluate<number>(HEAD_END)).toBeLessThan(640);
      }
      expect({ said, requests }).toEqual({ said: [], requests: [] });
      await page.close();
    },
  );

  test('the dark scheme is dark, and paper is always white', async () => {
    const background = async (look: Look) => {
      const { page } = await browser.open(reportHtml(analysis()), look);
      const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      await page.close();
      return colour;
    };
    expect(await background(DESK)).toBe('rgb(255, 255, 255)');
    expect(await background({ ...DESK, colorScheme: 'dark' })).toBe('rgb(13, 17, 23)');
    expect(await background({ ...PAPER, colorScheme: 'dark' })).toBe('rgb(255, 255, 255)');
  });

  test.each<[string, Look]>([
    ['on a phone', PHONE],
    ['on a desk', DESK],
    ['on paper', PAPER],
  ])('the plot has each interval where its numbers are, %s', async (_, look) => {
    const cut = comparison('on', { lift: 0.06, liftInterval: between(-2, 3) });
    const of = analysis({ secondary: [metric('wide', { arms: [cut] }), ...analysis().secondary] });
    const { page } = await browser.open(reportHtml(of), look);
    const { ticks, bars } = await page.evaluate<Plot>(PLOT);
    const percentOf = (text: string) => Number(text.replace('−', '-').replace(/[^\d.-]/g, ''));
    const zero = ticks.find(({ text }) => text === '0');
    const far = ticks.findLast(({ text }) => percentOf(text) > 0);
    if (!zero || !far) throw new Error('the axis has no labels');
    const perPercent = (far.at - zero.at) / percentOf(far.text);
    const at = (lift: number) => zero.at + lift * 100 * perPercent;
    const arms = [of.primary, ...of.secondary, ...of.guardrails].flatMap((each) => each.arms);
    expect(bars).toHaveLength(arms.length);
    for (const [index, arm] of arms.entries()) {
      const bar = bars[index];
      const { lower, upper } = arm.liftInterval ?? {};
      if (!bar) throw new Error('a bar is missing');
      expect(Math.abs((bar.estimate ?? Number.NaN) - at(arm.lift ?? 0)), bar.label).toBeLessThan(1);
      expect(bar.top > bar.rowTop && bar.top < bar.rowBottom).toBe(true);
      if (bar.label.startsWith('wide')) {
        expect(bar.cuts).toBe(2);
        continue;
      }
      expect(bar.cuts).toBe(0);
      expect(Math.abs(bar.left - at(lower ?? 0)), bar.label).toBeLessThan(1.5);
      expect(Math.abs(bar.right - at(upper ?? 0)), bar.label).toBeLessThan(1.5);
    }
    await page.close();
  });

  test('the course has a point for each analysis where its numbers are', async () => {
    const of = analysis();
    const { page } = await browser.open(reportHtml(of), DESK);
    const { levels, lines, intervals, estimates } = await page.evaluate<Course>(COURSE);
    const percents = levels.map(({ text }) => Number(text.replace('−', '-').replace(/[^\d.-]/g, '')));
    const [lowest = 0, highest = 0] = [Math.min(...percents), Math.max(...percents)];
    const [bottom, top] = [Math.max(...lines), Math.min(...lines)];
    const at = (lift: number) => bottom - ((lift * 100 - lowest) / (highest - lowest)) * (bottom - top);
    expect(estimates).toHaveLength(of.course.length);
    of.course.forEach(({ lift, liftInterval }, index) => {
      expect(Math.abs((estimates[index]?.at ?? 0) - at(lift ?? 0))).toBeLessThan(1.5);
      const wanted = [liftInterval?.upper, liftInterval?.lower].map((end) =>
        Math.min(bottom, Math.max(top, at(end ?? 0))),
      );
      expect(Math.abs((intervals[index]?.top ?? 0) - (wanted[0] ?? 0))).toBeLessThan(1.5);
      expect(Math.abs((intervals[index]?.bottom ?? 0) - (wanted[1] ?? 0))).toBeLessThan(1.5);
    });
    const places = estimates.map(({ left }) => left);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    await page.close();
  });

  test.each(PAGES)('on paper the verdict is on page one and no table is cut: %s', async (_, of) => {
    const { page } = await browser.open(reportHtml(of), PAPER);
    const headline = await page.locator('h1').boundingBox();
    expect((headline?.y ?? 0) + (headline?.height ?? 0)).toBeLessThan(500);
    const { outside } = await page.evaluate<Widths>(WIDTHS);
    expect(outside).toEqual([]);
    const rows = await page.evaluate<string[]>(
      `[...document.querySelectorAll('tr, .plot li')].map((each) => getComputedStyle(each).breakInside)`,
    );
    expect(new Set(rows)).toEqual(new Set(['avoid']));
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThanOrEqual(1);
    expect(pages).toBeLessThanOrEqual(of.secondary.length > 10 ? 12 : 3);
    expect(pdf).toMatch(/\/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]/);
    await page.close();
  });

  test('landmarks, headings, tables and drawings have their roles and names, on a phone too', async () => {
    const of = sequential();
    for (const look of [PHONE, DESK]) {
      const { page } = await browser.open(reportHtml(of), look);
      expect(await page.getByRole('main').count()).toBe(1);
      expect(await page.getByRole('contentinfo').count()).toBe(1);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      const names = await page.getByRole('heading', { level: 2 }).allTextContents();
      expect(names).toEqual([
        'Intervals',
        'Results',
        'Mind',
        'Course over time',
        'Planned looks',
        'Split',
        'How it was computed',
      ]);
      for (const name of names) expect(await page.getByRole('region', { name }).count()).toBe(1);
      const results = page.getByRole('region', { name: 'Results' }).getByRole('table');
      expect(await results.getByRole('columnheader').count()).toBe(7);
      expect(await results.getByRole('rowheader').count()).toBe(9);
      expect(await page.getByRole('img', { name: 'purchase, on: +4.1 % (1.2 to 7.0), better' }).count()).toBe(
        1,
      );
      expect(await page.getByRole('img', { name: 'Lift of purchase by on over time' }).count()).toBe(1);
      await page.close();
    }
  });

  test('of a broken split no result is on the page', async () => {
    const { page } = await browser.open(reportHtml(brokenSplit()), DESK);
    const text = await page.locator('body').innerText();
    expect(text).toContain('do not read this: the split is broken');
    expect(text).toContain('The results are not shown');
    expect(text).not.toMatch(/4\.1|10\.63|order-value|better/);
    expect(await page.locator('svg').count()).toBe(0);
    await page.close();
  });
});
