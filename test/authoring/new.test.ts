// New definitions: whatever is asked for, the file is well-formed, formatted, and changes nothing for anyone.
import { expect, test } from 'vitest';
import { format } from '../../src/authoring/format.ts';
import { exampleCondition } from '../../src/authoring/new/example-condition.ts';
import { newExperiment } from '../../src/authoring/new/experiment.ts';
import { newFlag } from '../../src/authoring/new/flag.ts';
import { keyFault } from '../../src/authoring/new/key.ts';
import { newMetric } from '../../src/authoring/new/metric.ts';
import { newProject } from '../../src/authoring/new/project.ts';
import { newSegment } from '../../src/authoring/new/segment.ts';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import type {
  AttributeDeclaration,
  FlagDefinition,
  ProjectDefinition,
} from '../../src/model/definitions.gen.ts';

const project: ProjectDefinition = {
  project: 'a/b',
  environments: { dev: { salt: 'd' }, '1': { salt: '1' }, prod: { salt: 'p' } },
};
const PROJECT =
  'project: a/b\nenvironments:\n  dev: { salt: "d" }\n  "1": { salt: "1" }\n  prod: { salt: "p" }\n';
const bytes = (text: string) => new TextEncoder().encode(text);

function load(files: { [path: string]: string }) {
  const entries = Object.entries({ 'project.yaml': PROJECT, ...files });
  return loadDefinitions(
    entries.map(([path, text]) => ({ path, kind: 'file' as const, content: bytes(text) })),
  );
}

/** That the text is formatted already. */
function expectTidy(text: string): void {
  expect(format(bytes(text))).toEqual({ text });
}

const texts = { description: 'What it does: "all", and #more.', owner: 'payments' };
const types = ['boolean', 'string', 'number', 'json'] as const;

test.each(types)(
  'a new %s flag passes every check, warnings too, and serves its safe default everywhere',
  (type) => {
    for (const given of [{ expires: '2035-12-31' }, {}]) {
      const text = newFlag({ key: 'f', type, ...texts, ...given, schema: '../x.json' }, project);
      expectTidy(text);
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/x\.json\nflag: f\n/);
      const { problems, definitions } = load({ 'f.yaml': text });
      expect(problems).toEqual([]);
      const off = type === 'boolean' ? 'off' : 'control';
      for (const environment of Object.keys(project.environments)) {
        const ruleset = compile(snapshotOf(definitions as never, environment, 1));
        expect(evaluate(ruleset, 'f', { targetingKey: 'u', country: 'US' }, 0).variation).toBe(off);
      }
    }
  },
);

test('without owner and description a new flag has two warnings, and says where they go', () => {
  const text = newFlag({ key: 'f', type: 'boolean' }, project);
  expectTidy(text);
  expect(load({ 'f.yaml': text }).problems.map(({ code }) => code)).toEqual([
    'flag-without-description',
    'flag-without-owner',
  ]);
  expect(text).toContain('# owner: ');
});

test.each(types)('the example of a %s flag’s rule is right once it is no comment', (type) => {
  const text = newFlag({ key: 'f', type, ...texts }, project);
  const rules = text.replace(/^ {4}# rules: .*$/m, '    rules:').replace(/^ {4}# {3}/gm, '      ');
  expect(rules).not.toBe(text);
  expect(load({ 'f.yaml': rules }).problems).toEqual([]);
});

const declarations: { [title: string]: AttributeDeclaration } = {
  'a text': { type: 'string' },
  'a number': { type: 'number' },
  'a boolean': { type: 'boolean' },
  'a version': { type: 'semver' },
  'a date': { type: 'date' },
  'one of some numbers': { type: 'number', values: [3, 4] },
  'one of some texts': { type: 'string', values: ['a, b', 'true'] },
  'one of some versions': { type: 'semver', values: ['1.2.3'] },
};

test.each(Object.keys(declarations))('the example condition fits an attribute that is %s', (title) => {
  const declaration = declarations[title] as AttributeDeclaration;
  const attributes = { 'company.size': declaration };
  const condition = exampleCondition({ ...project, attributes });
  const json = JSON.stringify(attributes);
  const { problems } = load({
    'project.yaml': `${PROJECT}attributes: ${json}\n`,
    's.yaml': `segment: s\nif: ${condition}\n`,
  });
  expect(problems.map(({ code }) => code)).toEqual(['segment-not-used']);
});

test('the example condition fits a project that declares no attribute', () => {
  const condition = exampleCondition({ ...project, attributes: {} });
  const { problems } = load({
    'project.yaml': `${PROJECT}attributes: {}\n`,
    's.yaml': `segment: s\nif: ${condition}\n`,
  });
  expect(problems.map(({ code }) => code)).toEqual(['segment-not-used']);
});

test('a new segment has nobody in it, and is only not used yet', () => {
  const text = newSegment({ key: 's', ...texts }, project);
  expectTidy(text);
  expect(load({ 's.yaml': text }).problems.map(({ code }) => code)).toEqual(['segment-not-used']);
  const filled = text.replace(/^# (exclude|if)/gm, '$1');
  expect(load({ 's.yaml': filled }).ok).toBe(true);
});

test.each(['binary', 'count', 'mean', 'ratio'] as const)('a new %s metric passes every check', (type) => {
  const text = newMetric({ key: 'm', type, direction: 'decrease', event: 'e: 1', ...texts });
  expectTidy(text);
  expect(load({ 'm.yaml': text }).problems).toEqual([]);
});

test.each([1, 2, 3, 7])(
  'a new experiment over %i variations is a draft with weights that sum to 100',
  (count) => {
    const variations = Object.fromEntries(Array.from({ length: count }, (_, index) => [`v${index}`, index]));
    const flag: FlagDefinition = {
      flag: 'f',
      permanent: true,
      type: 'number',
      variations,
      off: `v${count - 1}`,
      environments: {},
    };
    const text = newExperiment({
      key: 'x',
      flag,
      environment: 'prod',
      metric: 'm',
      owner: 'me',
      hypothesis: 'It: helps',
    });
    expectTidy(text);
    const files = {
      'f.yaml': `${JSON.stringify({ ...flag, ...texts })}\n`,
      'm.yaml': newMetric({ key: 'm', type: 'binary', direction: 'increase', event: 'e' }),
      'x.yaml': text,
    };
    expect(load(files).problems).toEqual([]);
    expect(text).toMatch(new RegExp(`baseline\\n {2}- \\{ variation: v${count - 1},`));
  },
);

test('a new project has its environments in order, each with its salt', () => {
  const salts = new Map([
    ['dev', '910e44'],
    ['staging', 'b'],
    ['prod', 'c'],
  ]);
  const text = newProject({ name: 'acme/shop', salts, schema: 's.json' });
  expectTidy(text);
  expect(load({ 'project.yaml': text })).toMatchObject({
    problems: [],
    definitions: {
      project: { environments: { dev: { salt: '910e44' }, staging: { salt: 'b' }, prod: { salt: 'c' } } },
    },
  });
  const declared = text.replace(
    /^# (attributes:.*\n)((#.*\n)+)/m,
    (_, first, others) => first + others.replace(/^#/gm, ''),
  );
  expect(load({ 'project.yaml': declared }).problems).toEqual([]);
});

test.each([
  ['one-page-checkout', undefined],
  ['1.b_c', undefined],
  ['onePageCheckout', '`one-page-checkout`'],
  ['One Page: Café!', '`one-page-cafe`'],
  ['_x', '`x`'],
  ['x'.repeat(101), `\`${'x'.repeat(59)}…\``],
  ['project', 'reserved'],
  ['a.test', 'only tests'],
  ['', 'a key has lower-case letters'],
])('as a key, %j has the fault %j', (key, fault) => {
  if (fault === undefined) expect(keyFault(key)).toBeUndefined();
  else expect(keyFault(key)).toContain(fault);
});
