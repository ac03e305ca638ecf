// What a plan says on a terminal, made from plans by hand.
import { expect, test } from 'vitest';
import { narrowed } from '../../../src/cli/plan/report.ts';
import { planLines } from '../../../src/cli/plan/text.ts';
import type { Case, EnvironmentPlan } from '../../../src/plan/plan.ts';
import {
  change,
  environmentPlan,
  flagPlan,
  planWith,
  reportOf,
  rise,
  warning,
} from '../../support/hand-made-plan.ts';

const text = (...args: Parameters<typeof reportOf>) => planLines(reportOf(...args)).join('\n');
const prod = (overrides: Partial<EnvironmentPlan>) =>
  text(planWith([flagPlan('checkout', { environments: [environmentPlan(overrides)] })]))
    .split('\n')
    .slice(4)
    .map((line) => line.trim());

test('a raise: the words, the shares, who moves, and whom it is about', () => {
  const rule = {
    rule: 'US ramp',
    action: 'updated' as const,
    before: [
      { answer: 'on', percent: '10' },
      { passes: true as const, percent: '90' },
    ],
    after: [
      { answer: 'on', percent: '25' },
      { passes: true as const, percent: '75' },
    ],
    moves: [{ fromPasses: true as const, to: 'on', percent: '15' }],
  };
  const plan = planWith([flagPlan('checkout', { environments: [environmentPlan({ rules: [rule] })] })], {
    warnings: [warning('checkout')],
  });
  expect(text(plan)).toBe(`\
acme/shop, from origin/main (4c1d5ab0f2) to the folder as it is: 1 flag changes, and somebody moves. 1 warning.

checkout  payments
  prod  rule "US ramp"  percent 10 → 25
  prod: on 10% → 25%; 15% move off → on, nobody moves back
          of those for whom country eq US
        rule US ramp: on 10% → 25%; 15% move next rule → on, nobody moves back

Warnings
  ! reshuffle  checkout in prod: Everyone is dealt anew.`);
});

test('an empty plan is one line', () => {
  expect(text(planWith([]))).toBe(
    'acme/shop, from origin/main (4c1d5ab0f2) to the folder as it is: nothing changes, and nobody moves.',
  );
});

test('a flag of which only words change moves nobody', () => {
  const plan = planWith([flagPlan('checkout', { environments: [] })], {
    changes: [change('checkout', { at: '', field: 'description', before: 'Old.', after: 'New.' }, {})],
  });
  expect(text(plan)).toContain('1 flag changes, and nobody moves.\n');
  expect(text(plan).split('\n').slice(-2)).toEqual([
    '  prod  description "Old." → "New."'.replaceAll('"', ''),
    '  nobody moves',
  ]);
});

const shares = (amounts: Record<string, string>) =>
  Object.entries(amounts).map(([answer, percent]) => ({ answer, percent }));
const everyone = (part: Pick<Case, 'before' | 'after' | 'moves'>): string | undefined =>
  prod({ cases: [{ when: [], rules: { before: [], after: [] }, ...part }] })[0];

test.each<[string, Pick<Case, 'before' | 'after' | 'moves'>]>([
  [
    'prod: everyone moves off → on',
    {
      before: shares({ off: '100' }),
      after: shares({ on: '100' }),
      moves: [{ from: 'off', to: 'on', percent: '100' }],
    },
  ],
  [
    'prod: on 25% → 10%; 15% move on → off, nobody moves back',
    {
      before: shares({ on: '25', off: '75' }),
      after: shares({ on: '10', off: '90' }),
      moves: [{ from: 'on', to: 'off', percent: '15' }],
    },
  ],
  [
    'prod: the shares stay, the units do not; 9% move off → on, 9% move on → off',
    {
      before: shares({ on: '10', off: '90' }),
      after: shares({ on: '10', off: '90' }),
      moves: [
        { from: 'off', to: 'on', percent: '9' },
        { from: 'on', to: 'off', percent: '9' },
      ],
    },
  ],
  [
    'prod: b 50% → 60%; 10% move a → b, nobody moves back',
    {
      before: shares({ a: '50', b: '50' }),
      after: shares({ a: '40', b: '60' }),
      moves: [{ from: 'a', to: 'b', percent: '10' }],
    },
  ],
  [
    'prod: a 50% → 40%, b 25% → 30%, c 25% → 30%; 5% move a → b, 5% move a → c, nobody moves back',
    {
      before: shares({ a: '50', b: '25', c: '25' }),
      after: shares({ a: '40', b: '30', c: '30' }),
      moves: [
        { from: 'a', to: 'b', percent: '5' },
        { from: 'a', to: 'c', percent: '5' },
      ],
    },
  ],
  [
    'prod: 20% move from sale to its new value',
    {
      before: shares({ sale: '20', none: '80' }),
      after: shares({ sale: '20', none: '80' }),
      moves: [{ from: 'sale', to: 'sale', percent: '20' }],
    },
  ],
  [
    'prod: on ≈0.0012% → ≈12.3457%; ≈12.3444% move off → on, nobody moves back',
    {
      before: shares({ on: '0.00123456', off: '99.99876544' }),
      after: shares({ on: '12.345678', off: '87.654322' }),
      moves: [{ from: 'off', to: 'on', percent: '12.34444344' }],
    },
  ],
  [
    'prod: on <0.0001% → >99.9999%; >99.9999% move off → on, nobody moves back',
    {
      before: shares({ on: '0.00000000000000000001', off: '99.99999999999999999999' }),
      after: shares({ on: '99.99999999999999999999', off: '0.00000000000000000001' }),
      moves: [{ from: 'off', to: 'on', percent: '99.99999999999999999998' }],
    },
  ],
  [
    "prod: everyone moves on → the app's default",
    { before: shares({ on: '100' }), after: [{ percent: '100' }], moves: [{ from: 'on', percent: '100' }] },
  ],
  [
    'prod: everyone moves on → the error TARGETING_KEY_MISSING',
    {
      before: shares({ on: '100' }),
      after: [{ error: 'TARGETING_KEY_MISSING', percent: '100' }],
      moves: [{ from: 'on', toError: 'TARGETING_KEY_MISSING', percent: '100' }],
    },
  ],
])('%s', (line, part) => {
  expect(everyone(part)).toBe(line);
});

test('those without a unit are told of, and where they alone move it is not nobody', () => {
  const moves = [{ from: 'off', to: 'off', toError: 'TARGETING_KEY_MISSING' }, { to: 'on' }];
  const without = [{ units: ['targetingKey', 'company'], moves }];
  const line =
    "without targetingKey and company: off → the error TARGETING_KEY_MISSING, the app's default → on";
  expect(prod({ without, cases: [] })).toEqual([`prod: ${line}`]);
  expect(prod({ without })).toContain(line);
  const plan = planWith([flagPlan('checkout', { environments: [environmentPlan({ without, cases: [] })] })]);
  expect(text(plan)).toContain('1 flag changes, and somebody moves.');
});

test('a new flag says what it gives, a deleted one what it gave', () => {
  const created = flagPlan('checkout', { action: 'created' });
  expect(text(planWith([created]))).toContain('prod: on 25%, off 75%\n');
  const deleted = flagPlan('checkout', { action: 'deleted' });
  expect(text(planWith([deleted]))).toContain(
    "prod: on 10%, off 90% until now, then the app's own default\n",
  );
});

test('targets, schedules, named units and limits have their lines', () => {
  expect(
    prod({
      cases: [
        { ...rise('plan eq pro'), when: ['plan eq pro', 'b exists', 'c exists', 'd exists'], units: 40 },
      ],
      targets: {
        added: 2,
        removed: 1,
        retargeted: 0,
        moved: 2,
        depends: 1,
        moves: [{ from: 'off', to: 'on', units: 2 }],
      },
      schedule: [
        { at: '2026-12-01T09:00:00Z', rule: 'US ramp', does: { percent: 5 }, past: true },
        { at: '2026-12-08T09:00:00Z', rule: 'US ramp', does: { percent: 25 } },
        { at: '2026-12-15T09:00:00Z', rule: 'everyone else', does: { percent: 100, linear: true } },
        { at: '2026-12-16T09:00:00Z', rule: 'US ramp', does: 'closes' },
      ],
      limits: ['There are more cases than are told.'],
    }),
  ).toEqual([
    'prod: on 10% → 25%; 15% move off → on, nobody moves back',
    'of 40 units that definitions name, for whom plan eq pro, or b exists, or c exists, or 1 other condition',
    'There are more cases than are told.',
    'targets: 2 added, 1 removed; 2 units move (2 off → on); 1 unit may, as their attributes are',
    'from 2026-12-08T09:00:00Z on: rule US ramp at 25%',
    'until 2026-12-15T09:00:00Z: everyone else goes steadily to 100%',
    'from 2026-12-16T09:00:00Z on: rule US ramp closes',
  ]);
});

test('environments of which the same is said are told together, with what reaches them', () => {
  const through = [{ kind: 'segment', key: 'staff' }];
  const environments = ['dev', 'staging'].map((environment) => environmentPlan({ environment, through }));
  const plan = planWith([flagPlan('checkout', { action: 'affected', environments })], {
    changes: [
      change('staff', { at: '', field: 'if', before: 'a exists', after: 'b exists' }, { kind: 'segment' }),
    ],
  });
  expect(text(plan).split('\n').slice(1)).toEqual([
    '',
    '  segment staff  prod  if a exists → b exists',
    '',
    'checkout  payments',
    '  dev, staging through segment staff:',
    '      on 10% → 25%; 15% move off → on, nobody moves back',
    '        of those for whom country eq US',
  ]);
});

test('two hundred flags with which the same happens are told once', () => {
  const flags = Array.from({ length: 200 }, (_, n) => flagPlan(`flag-${n}`));
  expect(text(planWith(flags)).split('\n').slice(2)).toEqual([
    'flag-0, flag-1, flag-2, flag-3 and 196 flags more',
    '  prod  rule "US ramp"  percent 10 → 25',
    '  prod: on 10% → 25%; 15% move off → on, nobody moves back',
    '          of those for whom country eq US',
  ]);
});

test('five hundred flags, each with its own story, leave out with a word what is too much', () => {
  const flags = Array.from({ length: 500 }, (_, n) =>
    flagPlan(`flag-${n}`, { environments: [environmentPlan({ cases: [rise(`country eq C${n}`)] })] }),
  );
  const lines = text(planWith(flags)).split('\n');
  expect(lines).toContain(
    '  flag-30  prod  on 10% → 25%; 15% move off → on, nobody moves back, of those for whom country eq C30',
  );
  expect(lines.length).toBeLessThan(400);
  expect(lines.at(-1)).toBe('  and 270 lines more, which --format json has');
});

test('counts over contexts name lines and nothing else', () => {
  const subjects = {
    contexts: 1_000,
    changed: 412,
    flags: [
      {
        flag: 'checkout',
        environment: 'prod',
        changed: 412,
        moves: [
          { from: 'off', to: 'on', count: 411, examples: [3, 8, 9] },
          { from: 'on', to: 'off', count: 1, examples: [77] },
        ],
      },
    ],
  };
  const lines = text(planWith([flagPlan('checkout')]), { subjects });
  expect(lines).toContain(
    '412 of 1,000 contexts change: 411 off → on (lines 3, 8, 9, …), 1 on → off (line 77)',
  );
  expect(lines).toMatch(/\n\n412 of 1,000 contexts get another answer\.$/);
});

test('one environment alone leaves what concerns it, and what is in none', () => {
  const flags = [
    flagPlan('a'),
    flagPlan('b', { environments: [environmentPlan({ environment: 'dev' })] }),
    flagPlan('c', { environments: [] }),
  ];
  const plan = planWith(flags, {
    changes: [
      change('a'),
      change('b', {}, { environment: 'dev' }),
      { kind: 'flag', key: 'b', action: 'updated', patch: [] },
      { kind: 'flag', key: 'a', action: 'updated', patch: [] },
      { kind: 'flag', key: 'c', action: 'updated', patch: [] },
      { kind: 'metric', key: 'm', action: 'updated', patch: [] },
    ],
    warnings: [
      warning('a'),
      warning('b', { environment: 'dev' }),
      { code: 'reshuffle', kind: 'project', key: 'p', message: 'm' },
    ],
  });
  const dev = narrowed(plan, 'dev');
  expect(dev.flags.map(({ flag }) => flag)).toEqual(['b', 'c']);
  expect(dev.changes.map(({ kind, key, environment = '' }) => `${kind} ${key} ${environment}`)).toEqual([
    'flag b dev',
    'flag b ',
    'flag c ',
    'metric m ',
  ]);
  expect(dev.warnings.map(({ key }) => key)).toEqual(['b', 'p']);
  expect(text(dev, { environment: 'dev' })).toMatch(/^acme\/shop in dev, from origin\/main /);
});

test('control characters of authors do not reach the terminal', () => {
  const plan = planWith([
    flagPlan('checkout', { environments: [environmentPlan({ cases: [rise('a eq \u001b[2J')] })] }),
  ]);
  expect(text(plan)).toContain('a eq \\u{1b}[2J');
});
