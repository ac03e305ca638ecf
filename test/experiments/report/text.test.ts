// The report for a terminal: the verdict first, nothing that may not be read, and every line within the width.
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { Analysis, Verdict } from '../../../src/experiments/analysis.ts';
import { CAUTIONS, REASONS } from '../../../src/experiments/report/notes.ts';
import { reportText } from '../../../src/experiments/report/text.ts';
import type { Caution, Reason } from '../../../src/stats/computed.ts';
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
  verdict,
  without,
} from './analyses.ts';

const first = (of: Analysis) => reportText(of).split('\n')[0];
const fall = {
  lift: -0.03,
  liftInterval: between(-0.051, -0.009),
  difference: -0.003,
  interval: between(-0.005, -0.001),
};
const lower = { direction: 'decrease' as const, arms: [comparison('on', fall)] };

test.each<[string, Analysis, string]>([
  ['better', analysis(), 'on raises purchase by 4.1 % (1.2 to 7.0)'],
  [
    'better by falling',
    analysis({ primary: metric('latency', lower) }),
    'on lowers latency by 3.0 % (0.9 to 5.1), which is better',
  ],
  [
    'worse',
    verdict(
      { kind: 'worse', arm: 'on' },
      { primary: metric('purchase', { arms: [comparison('on', fall)] }) },
    ),
    'on lowers purchase by 3.0 % (0.9 to 5.1), which is worse',
  ],
  [
    'better without a lift',
    analysis({
      primary: metric('purchase', { arms: [comparison('on', { lift: null, liftInterval: null })] }),
    }),
    'on raises purchase by 0.41 pp (0.12 to 0.71)',
  ],
  ['too early', tooEarly(), 'too early: 31,200 of 84,000 units per arm'],
  ...(
    [
      ['between two looks', 'between two planned looks', sequential().looks],
      ['before all looks', 'before the first planned look', []],
    ] as const
  ).map(([name, when, looks]): [string, Analysis, string] => [
    name,
    verdict(
      { kind: 'too-early', unitsPerArm: 90_000, plannedPerArm: 84_000 },
      {
        ...{ plan: sequential().plan, looks: [...looks] },
        progress: { ...analysis().progress, look: null, isFinal: false },
      },
    ),
    `too early: ${when}, 90,000 of 84,000 units per arm`,
  ]),
  [
    'before looks are planned',
    verdict(
      { kind: 'too-early', unitsPerArm: 75, plannedPerArm: null },
      { plan: sequential().plan, progress: { ...analysis().progress, look: null, isFinal: false } },
    ),
    'too early: 75 units per arm so far',
  ],
  [
    'before its end',
    verdict(
      { kind: 'too-early', unitsPerArm: 9_000, plannedPerArm: null },
      { plan: { ...analysis().plan, end: '2027-01-31' } },
    ),
    'too early: it ends on 2027-01-31, 9,000 units per arm so far',
  ],
  [
    'with a single unit',
    verdict({ kind: 'too-early', unitsPerArm: 1, plannedPerArm: null }),
    'too early: 1 unit per arm so far',
  ],
  ['a broken split', brokenSplit(), 'do not read this: the split is broken'],
  [
    'no data',
    verdict({ kind: 'no-data', why: 'No unit was exposed yet.' }),
    'nothing to say yet: no unit was exposed yet',
  ],
  [
    'no plan',
    verdict({ kind: 'no-plan', missing: 'minimum effect' }),
    'no verdict without a plan: it has no minimum effect',
  ],
  [
    'no difference',
    verdict(
      { kind: 'no-difference' },
      {
        primary: metric('purchase', {
          arms: [comparison('on', { lift: -0.004, liftInterval: between(-0.03, 0.022) })],
        }),
      },
    ),
    'no difference was found in purchase: on is at -0.4 % (-3.0 to 2.2)',
  ],
  ['no difference among many arms', large(4, 0), 'no difference was found in purchase, in any of 4 arms'],
  ['not computable', verdict({ kind: 'not-computable', reason: 'n=1' }), 'purchase is not computable: n=1'],
])('the first line says it in one sentence: %s', (_, of, sentence) => {
  expect(first(of)).toBe(sentence);
});

test('of a broken split no result is shown, nor a way to ship it', () => {
  const text = reportText(brokenSplit());
  for (const result of [
    '4.1',
    '10.63',
    '0.0053',
    'order-value',
    'checkout-error',
    'better',
    'Next:',
    'Final',
    '├',
  ])
    expect(text).not.toContain(result);
  expect(text).toMatch(/off +50 % +82,210 +84,120/);
  expect(text.indexOf('84,120')).toBeLessThan(text.indexOf('How it was computed'));
});

test('a guardrail that is harmed stands right below the verdict, and nothing is suggested', () => {
  const text = reportText(analysis({ guardrails: [guardrail('checkout-error', 'harm')] }));
  expect(text.split('\n')[1]).toBe('! on harms the guardrail checkout-error: +8.3 %');
  expect(text).toMatch(/on .*\+8\.3 % +5\.2 to 11\.4 +harm, p < 0\.0001$/m);
  expect(text).not.toContain('Next:');
});

test('a guardrail without proof is not called safe', () => {
  const text = reportText(analysis({ guardrails: [guardrail('checkout-error', 'inconclusive')] }));
  expect(text).toContain('! the guardrail checkout-error is not shown to be safe\n');
  expect(text).toMatch(/on .*\+0\.6 % +-2\.5 to 3\.7 +inconclusive$/m);
  expect(text).not.toMatch(/ {2}safe/);
  expect(text).not.toContain('Next:');
});

test('a guardrail has no second p-value, and tells the level of its interval', () => {
  const text = reportText(analysis({ guardrails: [guardrail('checkout-error', 'safe')] }));
  expect(text).toMatch(/^checkout-error guardrail: .*, 90 %\n? +interval$/m);
  expect(text).toMatch(/on .* -0\.40 % +-1\.30 to 0\.50 +safe, p 0\.0053$/m);
  expect(text).not.toContain('0.46');
});

test('harm is told of even where the primary metric has no event at all', () => {
  const of = verdict({ kind: 'no-data', why: 'No unit.' }, { guardrails: [guardrail('errors', 'harm')] });
  expect(reportText(of).split('\n')[1]).toBe('! on harms the guardrail errors: +8.3 %');
});

test('nothing is suggested while an arm is undecided, or where the better one makes another metric worse', () => {
  const { progress } = analysis();
  const undecided = analysis({
    progress: { ...progress, isFinal: false },
    decidedAt: progress.firstExposure,
  });
  const worse = metric('order-value', { arms: [comparison('on', fall)] });
  for (const of of [undecided, analysis({ secondary: [worse] })])
    expect(reportText(of)).not.toContain('Next:');
  expect(reportText(undecided)).toContain('Other arms are not decided yet.');
});

test('what the units of changes mean is told', () => {
  expect(reportText(analysis())).toContain('- Changes in % are relative to the value of the baseline.\n');
  const arms = [comparison('on', { lift: null, liftInterval: null })];
  const points = reportText(analysis({ primary: metric('purchase', { arms }) }));
  expect(points).toContain('- Changes in pp are differences in percentage points.\n');
});

test('that no fault is seen in a split is not said to be more', () => {
  expect(reportText(analysis())).toContain('- no sign of a split other than planned (chi-square p 0.66,');
});

test('an arm that the verdict does not name and that is worse is told of', () => {
  const arms = [comparison('on'), comparison('blue', { ...fall, isSignificant: true })];
  const text = reportText(analysis({ primary: metric('purchase', { arms }) }));
  expect(text).toContain('! blue makes purchase worse\n');
});

test.each(Object.keys(REASONS) as Reason[])('what is not computable says why: %s', (reason) => {
  const text = reportText(analysis({ primary: metric('purchase', { arms: [without('on', { reason })] }) }));
  expect(text).toMatch(new RegExp(`^  on +84,300 +– +not computable: ${reason}$`, 'm'));
  expect(text.replaceAll(/\n +/g, ' ')).toContain(
    `- purchase (on): not computable (${reason}): ${REASONS[reason]}\n`,
  );
  expect(text).not.toMatch(/on .* (0|1|1\.0|0\.0)$/m);
});

test.each(Object.keys(CAUTIONS) as Caution[])('a caution is said in words: %s', (caution) => {
  const text = reportText(
    analysis({ primary: metric('purchase', { arms: [comparison('on', { cautions: [caution] })] }) }),
  );
  expect(text.replaceAll(/\n +/g, ' ')).toContain(`${caution}: ${CAUTIONS[caution]}\n`);
});

test('before its time there is no p-value, no judgement, and no plot', () => {
  const text = reportText(tooEarly());
  expect(text).toMatch(/^ {2}on +84,300 +10\.6 % +\+4\.1 % +not yet$/m);
  expect(text).not.toMatch(/\bbetter$|├|Next:/m);
  expect(text).toContain('About 9 days more');
  expect(text).not.toContain('inconclusive');
});

test.each<[string, Partial<Analysis['plan']>, string]>([
  ['its size', {}, 'About 9 days more, at the traffic of the last seven days.'],
  ['its end', { unitsPerArm: null, end: '2027-01-31' }, 'About 9 days more until its planned end.'],
  ['both', { end: '2027-01-31' }, 'About 9 days more until its planned size or end, at the traffic'],
])('what is left is told by what decides: %s', (_, parts, text) => {
  const early = tooEarly();
  expect(reportText({ ...early, plan: { ...early.plan, ...parts } }, { width: 200 })).toContain(text);
});

test('what is significant before its time is not judged', () => {
  const early: Verdict = { kind: 'too-early', unitsPerArm: 1, plannedPerArm: 2 };
  expect(reportText(verdict(early))).not.toMatch(/ better$/m);
});

test('looks are listed with their boundaries, and the one that decided is named', () => {
  const text = reportText(sequential());
  expect(text).toMatch(/^3 of 5 {2}2026-11-23 09:00 UTC +60 % +on +2\.786 +2\.413 {2}crossed$/m);
  expect(text).toContain('Decided by the look of 2026-11-23 09:00 UTC');
});

test('the plot has each interval where its numbers are', () => {
  const lines = reportText(analysis()).split('\n');
  const axis = lines.find((line) => /-2 %.*0.*\+8 %/.test(line)) ?? '';
  const at = (label: string) => axis.indexOf(label) + Math.floor(label.length / 2);
  const perPercent = (at('+6 %') - at('0')) / 6;
  const bar = lines.find((line) => line.startsWith('purchase  on')) ?? '';
  const expected = (lift: number) => at('0') + lift * perPercent;
  for (const [mark, lift] of [
    ['├', 1.2],
    ['●', 4.1],
    ['┤', 7],
  ] as const)
    expect(Math.abs(bar.indexOf(mark) - expected(lift)), mark).toBeLessThanOrEqual(1);
});

test.each([
  ['decrease', '+2 %', 0.02],
  ['increase', '-2 %', 0.02],
] as const)(
  'of a guardrail that should %s, the plot marks the most that it may lose: %s',
  (direction, label, margin) => {
    const arms = [comparison('on', { lift: 0, liftInterval: between(-0.001, 0.001) })];
    const guard = guardrail('errors', 'safe', { direction, margin, arms });
    const lines = reportText(analysis({ guardrails: [guard] })).split('\n');
    const axis = lines.find((line) => line.trim().startsWith('-2 %')) ?? '';
    const bar = lines.find((line) => line.startsWith('errors  on')) ?? '';
    const at = axis.indexOf(label) + Math.floor(label.length / 2);
    expect(Math.abs(bar.indexOf('┊') - at)).toBeLessThanOrEqual(1);
  },
);

test('what goes on beyond the scale is cut with an arrow, and the primary metric stays readable', () => {
  const wide = comparison('on', { lift: 0.1, liftInterval: between(-9, 12) });
  const open = comparison('on', { lift: 0.02, liftInterval: between(null, 0.05) });
  const text = reportText(
    analysis({ secondary: [metric('wide', { arms: [wide] }), metric('open', { arms: [open] })] }),
  );
  expect(text).toMatch(/^wide {2}on .*◄─.*─►$/m);
  expect(text).toMatch(/^open {2}on .*◄─.*┤/m);
  expect(/^purchase {2}on .*(├.*┤)/m.exec(text)?.[1]?.length).toBeGreaterThan(8);
});

test.each([40, 50, 60, 80, 120, 200])('no line is wider than %i columns, but a command to copy', (width) => {
  for (const each of [analysis(), tooEarly(), brokenSplit(), sequential(), large(4, 20)]) {
    for (const line of reportText(each, { width }).split('\n')) {
      if (line.startsWith('Next: ')) continue;
      expect(stringWidth(line), line).toBeLessThanOrEqual(width);
    }
  }
});

test('where lines are too short for a judgement it stands below its numbers', () => {
  expect(reportText(analysis(), { width: 40 })).toMatch(/^ {2}on .*-1\.30 to 0\.50\n {4}safe, p 0\.0053$/m);
});

test('colours are those of the terminal alone', () => {
  const escapes = (text: string) => text.includes('\u001b');
  expect(escapes(reportText(analysis()))).toBe(false);
  const used = new Set<string>();
  const style = (style: string, text: string) => {
    used.add(style);
    return text;
  };
  reportText(analysis(), { style });
  expect([...used].sort()).toEqual(['bold', 'dim', 'green']);
  const arms = [comparison('on')];
  const named = metric('purchase', { baseline: { arm: 'worse', units: 1, value: null }, arms });
  reportText(analysis({ primary: named }), { width: 50, style });
  expect(used).not.toContain('red');
});

test.each<[string, Analysis]>([
  ['green', analysis()],
  ['red', analysis({ guardrails: [guardrail('checkout-error', 'harm')] })],
  ['red', brokenSplit()],
  ['yellow', tooEarly()],
])('the verdict is %s', (colour, of) => {
  const text = reportText(of, { style: (style, each) => (style === 'bold' ? each : `<${style}>${each}`) });
  expect(text.startsWith(`<${colour}>`)).toBe(true);
});

test('the same analysis is the same report', () => {
  expect(reportText(analysis())).toBe(reportText(structuredClone(analysis())));
});

test.each([
  [0.04, 'and no size is planned yet'],
  [null, 'and no size was planned'],
])('without a size it says whether one may come: minimum effect %s', (minimumEffect, words) => {
  const plan = { ...analysis().plan, unitsPerArm: null, minimumEffect };
  expect(reportText(analysis({ plan })).replace(/\n */g, ' ')).toContain(words);
});

test('what is broken or stopped is not told to wait', () => {
  const { progress } = tooEarly();
  expect(reportText(tooEarly())).toMatch(/^About \d+ days more/m);
  expect(reportText({ ...tooEarly(), status: 'stopped' })).not.toMatch(/ days? more/);
  expect(reportText({ ...brokenSplit(), progress })).not.toMatch(/ days? more/);
});
