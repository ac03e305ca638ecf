// The plans of the sample project's history against brute force: every bucket of every split, through the engine itself.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snapshotOf } from '../../../src/definitions/environments.ts';
import { loadDefinitions } from '../../../src/definitions/load.ts';
import { compile } from '../../../src/engine/compile.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { readFolder } from '../../../src/io/folder.ts';
import type { JsonValue } from '../../../src/lib/json.ts';
import type { Definitions } from '../../../src/model/definition.ts';
import type { Move, Plan } from '../../../src/plan/plan.ts';
import { SampleRepository } from '../../support/sample-repository.ts';

const CHECKOUT = 'flags/checkout/one-page-checkout.yaml';
const PAGE_LAYOUT = 'flags/checkout/page-layout.yaml';
const SHIPPING = 'flags/checkout/free-shipping-from.yaml';
const BANNER = 'flags/shop/banner.yaml';
const NOW_MS = Date.UTC(2026, 10, 20);
const BUCKETS = 10_000;

/** The values of attributes that the sample's conditions tell apart. Nobody is named in a definition. */
const ATTRIBUTES: Record<string, (JsonValue | undefined)[]> = {
  country: [undefined, 'US', 'DE'],
  appVersion: [undefined, '4.2.0'],
  plan: [undefined, 'pro'],
  email: [undefined, 'u@acme.example', 'u@acme.test'],
};
const SUBJECTS: Record<string, JsonValue | undefined>[] = [
  ...combined(Object.entries(ATTRIBUTES)),
  { signedUpAt: '2026-07-01T00:00:00Z' },
  { signedUpAt: '2026-07-01T00:00:00Z', cartItems: 20 },
  { ip: '10.1.2.3' },
  { roles: ['editor'], 'company.id': 'shop-0001' },
].map((attributes) => ({ targetingKey: 'somebody', ...attributes }));

/** The buckets that a flag looks at, each with those at which it is left while another one is walked through. */
const SPLITS: Record<string, Record<string, number[]>> = {
  'one-page-checkout': {
    'one-page-checkout': [0, 9_999],
    'page-layout:traffic': [0, 9_999],
    'page-layout:arms': [0, 7_000],
    'new-cart': [0],
  },
};
/** From here on the flag that is required is split too. */
const SPLIT_REQUIREMENT = 'a requirement';

const arms = (off: number, on: number): string =>
  `- { variation: off, weight: ${off} }\n  - { variation: on, weight: ${on} }`;
const ARMS: [string, string] = [arms(50, 50), arms(62.5, 37.5)];
const weights = (lower: string, standard: string): string =>
  `- { key: lower, weight: ${lower} }      # at most two decimals, 100 in sum\n              - { key: standard, weight: ${standard} }`;
const WEIGHTS: [string, string] = [weights('33.33', '66.67'), weights('40', '60')];

/** What each commit changes, one after the other. */
const HISTORY: [subject: string, path: string, part: string, instead: string][] = [
  ['a raise', CHECKOUT, 'percent: 10 ', 'percent: 24.99 '],
  ['a segment', 'flags/segments/staff.yaml', '@acme.example', '@acme.test'],
  ['a condition', CHECKOUT, 'value: US }', 'value: DE }'],
  ['weights', PAGE_LAYOUT, ...ARMS],
  [
    'a requirement',
    'flags/checkout/new-cart.yaml',
    '  prod:\n    serve: on',
    '  prod:\n    serve: on\n    percent: 40',
  ],
  ['a rollout', SHIPPING, ...WEIGHTS],
  ['a remark', SHIPPING, '# at most', '# with at most'],
  ['an outcome for all', BANNER, 'percent: 20', 'percent: 12.34'],
  ['a kill switch', 'flags/shop/read-only-mode.yaml', 'enabled: false ', 'enabled: true '],
  ['a salt', 'flags/project.yaml', '"c07d2e"', '"c07d2f"'],
];

let sample: SampleRepository;
const states: Definitions[] = [];

beforeAll(async () => {
  sample = await SampleRepository.create();
  const keep = async () => {
    const { definitions, problems } = loadDefinitions(await readFolder(`${sample.repository.folder}/flags`));
    if (!definitions) throw new Error(JSON.stringify(problems));
    states.push(definitions);
  };
  await keep();
  for (const [subject, path, part, instead] of HISTORY) {
    await sample.replace(subject, path, part, instead);
    await keep();
  }
});
afterAll(() => sample[Symbol.asyncDispose]());

test.each(HISTORY.map(([subject], index) => ({ subject, index })))(
  '$subject: who moves in the plan is who moves by brute force',
  async ({ subject, index }) => {
    const back = HISTORY.length - index;
    const args = [
      'plan',
      `HEAD~${back}`,
      `HEAD~${back - 1}`,
      '--format',
      'json',
      '--at',
      new Date(NOW_MS).toISOString(),
    ];
    const { code, stdout } = await sample.run(args);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as Plan;
    expect(plan.flags.length > 0).toBe(subject !== 'a remark');
    const [before, after] = [states[index], states[index + 1]];
    if (!before || !after) throw new Error('no such state');
    for (const environment of Object.keys(after.project.environments)) {
      for (const flag of flagsOf(after)) {
        const part = plan.flags
          .find((each) => each.flag === flag)
          ?.environments.find((each) => each.environment === environment);
        const planned = new Set((part?.cases ?? []).map(({ moves }) => textOfMoves(moves)));
        // Where nothing is planned, a glance at some of the buckets is enough to see that nothing moves.
        const step = part ? 1 : 499;
        const splits = { ...(SPLITS[flag] ?? { [flag]: [0] }) };
        if (flag === 'one-page-checkout' && index < HISTORY.findIndex(([name]) => name === SPLIT_REQUIREMENT))
          delete splits['new-cart'];
        const found = bruteForce({ flag, environment, splits }, [before, after], step);
        expect([...found].sort(), `${flag} ${environment}`).toEqual([...planned].sort());
      }
    }
  },
);

function flagsOf({ all }: Definitions): string[] {
  return all.filter(({ kind }) => kind === 'flag').map(({ key }) => key);
}

function textOfMoves(moves: readonly Move[]): string {
  return moves
    .map(({ from, to, percent }) => `${from}→${to} ${Number(percent).toFixed(8)}%`)
    .sort()
    .join(', ');
}

/** Who gets another answer, one text for each group of subjects, counted over all buckets of all splits. */
function bruteForce(
  { flag, environment, splits }: { flag: string; environment: string; splits: Record<string, number[]> },
  [before, after]: [Definitions, Definitions],
  step: number,
): Set<string> {
  const fixed = new Map(Object.keys(splits).map((split) => [split, 0]));
  const sides = [before, after].map((side) =>
    compile(snapshotOf(side, environment, 1), { fixedBuckets: fixed }),
  );
  const salts = [before, after].map((side) => side.project.environments[environment]?.salt);
  const groups = new Set<string>();
  const seen = new Set<string>();
  for (const subject of SUBJECTS) {
    const answers = sides.map((side) => () => evaluate(side, flag, subject, NOW_MS).variation ?? '');
    const look = answers.map((answer) => [...shares(splits, fixed, answer, 499)].join()).join(' ');
    if (seen.has(look)) continue;
    seen.add(look);
    groups.add(movesText(splits, fixed, answers, { step, isReshuffled: salts[0] !== salts[1] }));
  }
  groups.delete('');
  return groups;
}

function movesText(
  splits: Record<string, number[]>,
  fixed: Map<string, number>,
  [was = () => '', is = () => '']: (() => string)[],
  { step, isReshuffled }: { step: number; isReshuffled: boolean },
): string {
  const moves = new Map<string, number>();
  const add = (from: string, to: string, share: number) => {
    if (from !== to) moves.set(`${from}→${to}`, (moves.get(`${from}→${to}`) ?? 0) + share);
  };
  if (isReshuffled) {
    // With another salt, the buckets before say nothing about those after.
    const news = shares(splits, fixed, is, step);
    for (const [from, share] of shares(splits, fixed, was, step))
      for (const [to, part] of news) add(from, to, share * part);
  } else {
    for (const [pair, share] of shares(splits, fixed, () => `${was()}→${is()}`, step)) {
      const [from = '', to = ''] = pair.split('→');
      add(from, to, share);
    }
  }
  return Array.from(moves, ([pair, share]) => `${pair} ${(share * 100).toFixed(8)}%`)
    .sort()
    .join(', ');
}

/**
 * The share of each answer over all combinations of buckets. Each split is walked through all of its 10,000 buckets, to
 * find which of them always do the same; the combinations are then of those.
 */
function shares(
  splits: Record<string, number[]>,
  fixed: Map<string, number>,
  answer: () => string,
  step: number,
): Map<string, number> {
  const names = Object.keys(splits);
  const classes = names.map((split) => classesOf(split, splits, fixed, answer, step));
  const found = new Map<string, number>();
  for (const combination of combinations(classes)) {
    for (const [index, { bucket }] of combination.entries()) fixed.set(names[index] ?? '', bucket);
    const share = combination.reduce(
      (product, { count }) => product * (count / Math.ceil(BUCKETS / step)),
      1,
    );
    const given = answer();
    found.set(given, (found.get(given) ?? 0) + share);
  }
  return found;
}

interface Class {
  bucket: number;
  count: number;
}

/** Buckets of one split with which the same is given. */
function classesOf(
  split: string,
  splits: Record<string, number[]>,
  fixed: Map<string, number>,
  answer: () => string,
  step: number,
): Class[] {
  const others = Object.entries(splits).filter(([other]) => other !== split);
  const probes = [...combinations(others.map(([, buckets]) => buckets))];
  const classes = new Map<string, Class>();
  for (let bucket = 0; bucket < BUCKETS; bucket += step) {
    fixed.set(split, bucket);
    let signature = '';
    for (const probe of probes) {
      for (const [index, value] of probe.entries()) fixed.set(others[index]?.[0] ?? '', value);
      signature += `${answer()} `;
    }
    const known = classes.get(signature) ?? { bucket, count: 0 };
    known.count += 1;
    classes.set(signature, known);
  }
  return [...classes.values()];
}

function* combinations<T>(lists: readonly (readonly T[])[]): Generator<T[]> {
  const [first, ...rest] = lists;
  if (!first) return yield [];
  for (const item of first) for (const others of combinations(rest)) yield [item, ...others];
}

function combined(
  attributes: [string, (JsonValue | undefined)[]][],
): Record<string, JsonValue | undefined>[] {
  const names = attributes.map(([name]) => name);
  return [...combinations(attributes.map(([, values]) => values))].map((values) =>
    Object.fromEntries(
      values.flatMap((value, index) => (value === undefined ? [] : [[names[index], value]])),
    ),
  );
}
