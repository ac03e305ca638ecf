// Whatever is called unreachable or impossible is put to the engine, with contexts made to prove it wrong.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crossCheck } from '../../src/definitions/cross-check.ts';
import type { Finding, Path } from '../../src/definitions/finding.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { Context } from '../../src/model/context.ts';
import type {
  AttributeCondition,
  AttributeDeclaration,
  Condition,
  OperatorName,
  Rule,
  Scalar,
  SegmentDefinition,
} from '../../src/model/definitions.gen.ts';
import { contextsFor, testsIn } from '../support/adversarial-contexts.ts';
import { conditionOver } from '../support/arbitrary-condition.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';
import { sourceFiles } from './support/project.ts';

interface Attribute {
  declaration: AttributeDeclaration;
  operators: OperatorName[];
  values: Scalar[];
}

const attributes: { [name: string]: Attribute } = {
  targetingKey: {
    declaration: { type: 'string' },
    operators: ['eq', 'not_in', 'starts_with'],
    values: ['alice', 'bob', 'a'],
  },
  country: {
    declaration: { type: 'string', values: ['US', 'CA', 'DE'] },
    operators: ['eq', 'in', 'neq', 'starts_with'],
    values: ['US', 'CA', 'DE', 'C'],
  },
  email: {
    declaration: { type: 'string' },
    operators: ['ends_with', 'contains', 'not_contains', 'not_ends_with', 'in'],
    values: ['@acme', '@acme.example', 'x@acme', 'ACME'],
  },
  age: {
    declaration: { type: 'number' },
    operators: ['gt', 'gte', 'lt', 'lte', 'eq'],
    values: [10, 18, 18.5],
  },
  version: {
    declaration: { type: 'semver' },
    operators: ['semver_gt', 'semver_lte', 'semver_eq', 'semver_neq'],
    values: ['1.0.0', '1.0.1-0', '2.0.0'],
  },
  at: {
    declaration: { type: 'date' },
    operators: ['before', 'after'],
    values: ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.5Z', 1767225600000],
  },
  roles: {
    declaration: { type: 'string', list: true, values: ['admin', 'editor'] },
    operators: ['in', 'not_in', 'contains'],
    values: ['admin', 'editor', 'e'],
  },
  beta: { declaration: { type: 'boolean' }, operators: ['eq', 'neq'], values: [true, false] },
};
const declarations = new Map(
  Object.entries(attributes).map(([name, { declaration }]) => [name, declaration]),
);

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  ...Object.entries(attributes).map(([attribute, { operators, values }]) =>
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record(
          {
            attribute: fc.constant(attribute),
            operator: fc.constantFrom(...operators),
            value: fc.oneof(fc.constantFrom(...values), fc.subarray(values, { minLength: 1 })),
            ignore_case: fc.constantFrom(true, false),
          },
          { requiredKeys: ['attribute', 'operator', 'value'] },
        ) as fc.Arbitrary<AttributeCondition>,
      },
      { weight: 1, arbitrary: fc.constant({ attribute, operator: 'exists' as const }) },
    ),
  ),
);

/** Conditions in which these segments are named, if there are any. */
function conditionWith(...segments: string[]): fc.Arbitrary<Condition> {
  if (segments.length === 0) return conditionOver(leaf);
  const segment = fc.constantFrom(...segments).map((key) => ({ segment: key }));
  return conditionOver(fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: segment }));
}

const units = fc.subarray(['alice', 'bob', 'dora'], { minLength: 1 });
const segmentOver = (key: string, ...others: string[]): fc.Arbitrary<SegmentDefinition> =>
  fc.record(
    { segment: fc.constant(key), include: units, exclude: units, if: conditionWith(...others) },
    { requiredKeys: ['segment'] },
  ) as fc.Arbitrary<SegmentDefinition>;

const INSTANTS = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'];
const times = [...INSTANTS.flatMap((instant) => [Date.parse(instant) - 1, Date.parse(instant)])];
const ramp = fc.constantFrom(50, 100).map((percent) => ({
  serve: 'on',
  ramp: [
    { at: INSTANTS[0] as string, percent: 10 },
    { at: INSTANTS[1] as string, percent },
  ],
}));
const then: fc.Arbitrary<Rule['then']> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ serve: 'on' }) },
  { weight: 4, arbitrary: fc.constantFrom(20, 50, 90).map((percent) => ({ serve: 'on', percent })) },
  { weight: 1, arbitrary: ramp },
);
const window = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ from: fc.constantFrom(...INSTANTS) }) },
  { weight: 1, arbitrary: fc.record({ until: fc.constantFrom(...INSTANTS) }) },
);
const rule = fc
  .tuple(fc.record({ if: conditionWith('s0', 's1'), then }, { requiredKeys: ['if', 'then'] }), window)
  .map(([made, when]) => ({ ...made, ...when }));

interface Project {
  rules: Rule[];
  segments: SegmentDefinition[];
  targets: string[];
  isDeclared: boolean;
}
const project: fc.Arbitrary<Project> = fc.record({
  rules: fc.array(rule, { minLength: 2, maxLength: 6 }),
  segments: fc.tuple(segmentOver('s0'), segmentOver('s1', 's0')),
  targets: fc.subarray(['alice', 'carol']),
  isDeclared: fc.boolean(),
});

/** JSON is YAML. */
function filesOf({ rules, segments, targets, isDeclared }: Project) {
  const named = rules.map((each, i) => ({ name: `r${i}`, ...each }));
  const { targetingKey: _, ...declared } = Object.fromEntries(declarations);
  const files: { [path: string]: object } = {
    'project.yaml': {
      project: 'acme/shop',
      environments: { prod: { salt: 'c07d2e' } },
      ...(isDeclared && { attributes: declared }),
    },
    'f.yaml': {
      flag: 'f',
      description: 'A flag.',
      owner: 'tests',
      permanent: true,
      type: 'boolean',
      environments: {
        prod: { ...(targets.length > 0 && { targets: { on: targets } }), rules: named, serve: 'off' },
      },
    },
  };
  for (const segment of segments) files[`${segment.segment}.yaml`] = segment;
  return sourceFiles(
    Object.fromEntries(Object.entries(files).map(([path, body]) => [path, JSON.stringify(body)])),
  );
}

/** Nobody is as this says. */
const NOBODY: Condition = {
  and: [
    { attribute: 'country', operator: 'exists' },
    { attribute: 'country', operator: 'exists', value: false },
  ],
};

/** The condition with what stands at a path replaced, and what stood there; a path into a test is that of the test. */
function replaced(condition: Condition, path: readonly (string | number)[]): Condition {
  const [first, second, ...rest] = path;
  if ('not' in condition && first === 'not') return { not: replaced(condition.not, path.slice(1)) };
  for (const kind of ['and', 'or'] as const) {
    if (first !== kind || !(kind in condition)) continue;
    const parts = (condition as { and: Condition[] } & { or: Condition[] })[kind];
    return {
      [kind]: parts.map((part, i) => (i === second ? replaced(part, rest) : part)),
    } as unknown as Condition;
  }
  return NOBODY;
}

function rulesetOf(made: Project, rules: Rule[], segments = made.segments): Ruleset {
  const bodies = segments.map(({ segment, ...body }) => [segment, body]);
  const targets = made.targets.length > 0 ? { targets: { on: made.targets } } : {};
  const flag = { rules, fallthrough: { serve: 'off' }, ...targets };
  return compile(snapshotOfBodies({ flags: { f: flag }, segments: Object.fromEntries(bodies) }));
}

function contextsOf(made: Project): Context[] {
  const conditions = [...made.rules, ...made.segments].flatMap(({ if: condition }) =>
    condition ? [condition] : [],
  );
  const arbitrary = contextsFor(conditions.flatMap(testsIn), made.isDeclared ? declarations : undefined, {
    targetingKey: ['alice', 'bob', 'carol', 'dora', 'eve'],
  });
  return fc.sample(arbitrary, { seed: 11, numRuns: 100 });
}

interface Found {
  /** Of the definition. */
  key: string;
  finding: Finding;
}

/** What is found, with the paths that problems no longer have. */
function findingsOf(made: Project): Found[] {
  const loaded = loadDefinitions(filesOf(made));
  expect(loaded.ok).toBe(true);
  const { findings } = crossCheck([...loaded.files.values()], []);
  return [...findings].flatMap(([{ definition }, each]) =>
    each.map((finding) => ({ key: definition?.key ?? '', finding })),
  );
}

/** A rule that nobody reaches decides for nobody, at any time, even if it took everyone; others within their percentage. */
function decidesForNobody(made: Project, index: number, isOfShare: boolean): void {
  const rules = made.rules.map((each, i) => ({
    ...each,
    name: `r${i}`,
    ...(i === index && !isOfShare && { then: { serve: 'on' } }),
  }));
  const ruleset = rulesetOf(made, rules);
  for (const context of contextsOf(made)) {
    for (const time of times) {
      const { metadata } = evaluate(ruleset, 'f', context, time);
      expect(metadata.rule, JSON.stringify([made, context, time])).not.toBe(`r${index}`);
    }
  }
}

/** A condition that never holds where it stands may as well be one that nobody fulfils. */
function makesNoDifference(made: Project, { key, finding: { path } }: Found): void {
  const [condition, inside] =
    key === 'f' ? [made.rules[path[3] as number]?.if, path.slice(5)] : [{ segment: key }, []];
  const before = rulesetOf(made, [{ ...(condition && { if: condition }), then: { serve: 'on' } }]);
  const impossible = condition && key === 'f' ? replaced(condition, inside) : { segment: key };
  const segments = made.segments.map((each) => (each.segment === key ? withNobody(each, path) : each));
  const after = rulesetOf(made, [{ if: impossible, then: { serve: 'on' } }], segments);
  for (const context of contextsOf(made)) {
    const [one, other] = [before, after].map((ruleset) => evaluate(ruleset, 'f', context, 0).value);
    expect(one, JSON.stringify([made, path, context])).toBe(other);
  }
}

/** The segment without a part of its `if`, or, where `exclude` is said to name everyone, without anyone. */
function withNobody(segment: SegmentDefinition, [first, ...path]: Path): SegmentDefinition {
  if (first === 'if' && segment.if) return { ...segment, if: replaced(segment.if, path) };
  return { segment: segment.segment };
}

test('whatever is called unreachable or impossible is so for the engine', () => {
  const count = { 'unreachable-rule': 0, 'never-holds': 0, 'in a segment': 0, 'of a percentage': 0 };
  fc.assert(
    fc.property(project, (made) => {
      for (const found of findingsOf(made)) {
        const { code, path, message } = found.finding;
        const isOfShare = / everyone in its percentage/.test(message);
        if (code === 'unreachable-rule') decidesForNobody(made, path[3] as number, isOfShare);
        else if (code === 'never-holds') makesNoDifference(made, found);
        else continue;
        count[code] += 1;
        if (found.key !== 'f') count['in a segment'] += 1;
        if (isOfShare) count['of a percentage'] += 1;
      }
    }),
    { seed: 42, numRuns: 250 },
  );
  expect(Math.min(...Object.values(count)), JSON.stringify(count)).toBeGreaterThan(10);
}, 60_000);
