// Each operator with each constant, for attributes of all types: where an import differs from the peer's engine, its report says so.
import { expect, test } from 'vitest';
import { systems } from '../../src/cli/import/systems.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { served } from './support/imported.ts';
import {
  type Attributes,
  DEFAULT,
  featurevisorContext,
  featurevisorWith,
  flagdWith,
  growthbookWith,
  unleashContext,
  unleashWith,
} from './support/judges.ts';

const texts = ['', ' ', 'a', 'abc', 'ABC', 'a,b', '0', '5', '05', '5.0', '1e1', 'true', 'null', 'undefined'];
const versions = ['1.0', '1.2.3', '1.2.3-alpha', '1.2.3+b', 'v1.2.3', '1.2.3.4', ' 1.2.3', '1.x'];
const others = ['^a', 'b$', '.', '2026-01-01', '2026-01-01T00:00:00Z', '10.0.0.0/8', '10.0.0.1', '::1', 'é'];
const scalars = [...texts, ...versions, ...others, 0, 5, 5.5, -5, 1767225600000, true, false];
const lists = [[], [''], ['a'], ['a', 'b'], ['abc', 5], [5], [true], [null]];
const attributes: readonly (JsonValue | undefined)[] = [
  ...[undefined, null, ...scalars, ...lists],
  ...['__proto__', 'ÀB', '\u{1F600}', '::ffff:10.0.0.1', 1e21, {}, { a: 1 }],
];
const constants: readonly JsonValue[] = [null, ...scalars, ...lists, { a: 1 }];

interface Case {
  operator: string;
  constant: JsonValue;
}

interface Peer {
  operators: readonly string[];
  constants: readonly JsonValue[];
  /** The system's file, with a flag `f0`, `f1` … for each case. */
  fileOf: (cases: readonly Case[]) => { features: unknown[] } & object;
  judge: (file: { features: unknown[] } & object) => Promise<(flag: string, context: Attributes) => unknown>;
}

const by = <Item>(cases: readonly Case[], make: (each: Case) => Item) =>
  Object.fromEntries(cases.map((each, index) => [`f${index}`, make(each)]));

const peers: { readonly [system: string]: Peer } = {
  flagd: {
    // `first`: the constant is.
    operators: [
      ...['==', '===', '!=', '!==', '<', '<=', '>', '>=', 'in', 'starts_with', 'ends_with', '!', 'missing'],
      ...['== first', '!== first', '< first', '>= first', 'in first'],
    ],
    constants,
    fileOf: (cases) => ({
      features: [],
      flags: by(cases, ({ operator, constant }) => {
        const [name = '', order] = operator.split(' ');
        const x = name === 'missing' ? 'x' : { var: 'x' };
        const test = { [name]: order === 'first' ? [constant, x] : [x, constant] };
        const targeting = { if: [test, 'yes', 'no'] };
        return { state: 'ENABLED', variants: { yes: 'yes', no: 'no' }, defaultVariant: 'no', targeting };
      }),
    }),
    judge: async (file) => flagdWith(file),
  },
  unleash: {
    operators: [
      ...['IN', 'NOT_IN', 'STR_STARTS_WITH', 'STR_ENDS_WITH', 'STR_CONTAINS', 'IN_CIDR', 'REGEX'],
      ...['NUM_EQ', 'NUM_GT', 'NUM_GTE', 'NUM_LT', 'NUM_LTE'],
      ...['SEMVER_EQ', 'SEMVER_GT', 'SEMVER_GTE', 'SEMVER_LT', 'SEMVER_LTE'],
    ],
    constants: constants.filter((constant) => typeof constant === 'string'),
    fileOf: (cases) => ({
      features: cases.map(({ operator, constant }, index) => {
        const constraint = { contextName: 'x', operator, value: constant, values: [constant] };
        return {
          name: `f${index}`,
          enabled: true,
          strategies: [{ name: 'default', parameters: {}, constraints: [constraint] }],
        };
      }),
    }),
    judge: async (file) => {
      const client = await unleashWith(file);
      return (flag, context) => client.isEnabled(flag, unleashContext(context) as never);
    },
  },
  growthbook: {
    operators: [
      ...['$eq', '$ne', '$in', '$nin', '$ini', '$nini', '$lt', '$lte', '$gt', '$gte', '$exists', '$regex'],
      ...['$regexi', '$veq', '$vne', '$vgt', '$vgte', '$vlt', '$vlte', '$all', '$alli', '$not'],
    ],
    constants,
    fileOf: (cases) => ({
      features: by(cases, ({ operator, constant }) => ({
        defaultValue: 'no',
        rules: [{ condition: { x: { [operator]: constant } }, force: 'yes' }],
      })) as never,
    }),
    judge: async (file) => growthbookWith(file),
  },
  featurevisor: {
    operators: [
      ...['equals', 'notEquals', 'in', 'notIn', 'includes', 'notIncludes', 'before', 'after', 'exists'],
      ...['greaterThan', 'greaterThanOrEquals', 'lessThan', 'lessThanOrEquals', 'notExists', 'matches'],
      ...[
        'contains',
        'notContains',
        'startsWith',
        'endsWith',
        'semverEquals',
        'semverNotEquals',
        'notMatches',
      ],
      ...['semverGreaterThan', 'semverGreaterThanOrEquals', 'semverLessThan', 'semverLessThanOrEquals'],
    ],
    constants,
    fileOf: (cases) => ({
      segments: by(cases, ({ operator, constant: value }) => ({
        conditions: [{ attribute: 'x', operator, ...(value !== null && { value }) }],
      })),
      features: by(cases, (each) => {
        const segments = `f${cases.indexOf(each)}`;
        return { bucketBy: 'userId', traffic: [{ key: 'r', segments, percentage: 100_000, allocation: [] }] };
      }) as never,
    }),
    judge: async (file) => {
      const sdk = featurevisorWith({ schemaVersion: '2', ...file });
      return (flag, context) => sdk.isEnabled(flag, featurevisorContext(context));
    },
  },
};

/** Versions, times, numbers and addresses have notations, for which a report may say that they differ; some ask for lists. */
const NOTATIONS = /^(?:\$v|semver|SEMVER|NUM|IN_CIDR|before|after|includes|notIncludes)/;

/** Whether nothing may differ, whatever the report says: an attribute of the type that the operator and the constant are for. */
function isPlain({ operator, constant }: Case, x: JsonValue | undefined): boolean {
  if (operator.startsWith('NUM')) return typeof x === 'number';
  // `in` looks into texts and lists.
  if (operator === 'in first' && typeof x !== 'string') return false;
  return typeof x === typeof constant && !NOTATIONS.test(operator);
}

test.each(Object.entries(peers))('%s: no answer differs but where the report says so', async (name, peer) => {
  const cases = peer.operators.flatMap((operator) =>
    peer.constants.map((constant): Case => ({ operator, constant })),
  );
  const file = peer.fileOf(cases);
  const imported = systems
    .find((system) => system.name === name)
    ?.read(JSON.stringify(file), {
      environments: ['prod'],
    });
  if (!imported) throw new Error(`there is no system ${name}`);
  const flagOf = (what: string) => what.slice(what.indexOf('.') + 1);
  const changed = new Set(
    imported.report.flatMap(({ what, kind }) => (kind === 'changed' ? [flagOf(what)] : [])),
  );
  const [ask, decide] = [await peer.judge(file), served(imported)];
  const carried = new Set(imported.definitions.flatMap(({ kind, key }) => (kind === 'flag' ? [key] : [])));
  expect(carried.size).toBeGreaterThan(cases.length / 4);
  const silent: unknown[] = [];
  for (const [index, each] of cases.entries()) {
    const flag = `f${index}`;
    if (!carried.has(flag)) continue;
    for (const x of attributes) {
      // What holds for lists, objects and null is said of the context as a whole.
      if (typeof x === 'object' || (changed.has(flag) && !isPlain(each, x))) continue;
      const context: Attributes = { targetingKey: 'u', ...(x !== undefined && { x }) };
      const [answer, wanted] = [decide(flag, context).value ?? DEFAULT, ask(flag, context)];
      if (answer !== wanted) silent.push({ ...each, x, answer, wanted });
    }
  }
  expect(silent.slice(0, 10)).toEqual([]);
});
