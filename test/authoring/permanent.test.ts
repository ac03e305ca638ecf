// What makes an override permanent: everyone gets in the file what they get under the override, and no other byte changes.
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { format } from '../../src/authoring/format.ts';
import { makePermanent, permanentForm } from '../../src/authoring/permanent.ts';
import { variationsOf } from '../../src/definitions/checks/walk.ts';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { parse } from '../../src/definitions/parse.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { readFolder } from '../../src/io/folder.ts';
import { UsageError } from '../../src/lib/errors.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import type { Context } from '../../src/model/context.ts';
import type { Definitions } from '../../src/model/definition.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { arbitraryEnvironment } from './support/arbitrary-definition.ts';
import { wildYaml } from './support/wild-yaml.ts';

const order = ['dev', 'staging', 'prod'];
const bytes = (text: string) => new TextEncoder().encode(text);
type Environments = { [name: string]: { [name: string]: JsonValue } };

interface Case {
  title: string;
  form: 'disabled' | 'served';
  /** What stands under `flag: f` before and after, where prod gets `on` for good. */
  given: string;
  expected: string;
}

const cases: Case[] = [
  {
    title: 'the targeting gives way, and `serve` keeps its place and its comments',
    form: 'served',
    given:
      '# who\nenvironments: # all\n  # the real thing\n  prod: # careful\n    # a few\n    targets: { on: [a] }\n    rules: # some\n      - if: { segment: s }\n        then: { serve: on }\n    # all others\n    serve:   off # nobody\n    percent: 10\n\n# end\nowner: me\n',
    expected:
      '# who\nenvironments: # all\n  # the real thing\n  prod: # careful\n    # all others\n    serve:   on # nobody\n\n# end\nowner: me\n',
  },
  {
    title: 'where there is no `serve` it comes to stand alone, with the comments beside and above the name',
    form: 'served',
    given:
      'environments:\n  # the real thing\n  prod: # careful\n      # who\n      enabled: false\n      rollout:\n        variations: [{ key: on, weight: 100 }]\nowner: me',
    expected: 'environments:\n  # the real thing\n  prod: # careful\n      serve: on\nowner: me',
  },
  {
    title: 'in braces they stay',
    form: 'served',
    given: 'environments: { dev: { serve: on }, prod: { enabled: false, serve: off } } # all\n',
    expected: 'environments: { dev: { serve: on }, prod: { serve: on } } # all\n',
  },
  {
    title: 'an environment that is not named is, at its place',
    form: 'served',
    given: 'environments:\n  dev: { serve: off }\n\n  # of prod\n',
    expected: 'environments:\n  dev: { serve: off }\n  prod: { serve: on }\n\n  # of prod\n',
  },
  {
    title: 'an environment that is not named is, without what the others have',
    form: 'served',
    given: 'environments:\n  dev: # first\n    # some\n    targets: { on: [a] }\n    serve: off\nowner: me\n',
    expected:
      'environments:\n  dev: # first\n    # some\n    targets: { on: [a] }\n    serve: off\n  prod:\n    serve: on\nowner: me\n',
  },
  {
    title: 'where none is named, one is',
    form: 'served',
    given: 'environments: {} # none yet\n',
    expected: 'environments: { prod: { serve: on } } # none yet\n',
  },
  {
    title: 'disabled, the targeting stays as it is',
    form: 'disabled',
    given:
      'environments:\n  prod: # careful\n    # a few\n    targets: { on: [a] }\n    serve: off # nobody\n',
    expected:
      'environments:\n  prod: # careful\n    enabled: false\n    # a few\n    targets: { on: [a] }\n    serve: off # nobody\n',
  },
  {
    title: 'enabled becomes disabled where it is said',
    form: 'disabled',
    given: 'environments:\n  prod:\n    serve: off\n    enabled: true # since May\n',
    expected: 'environments:\n  prod:\n    serve: off\n    enabled: false # since May\n',
  },
  {
    title: 'disabled in braces, over several lines, and with nothing in them',
    form: 'disabled',
    given: 'environments:\n  prod: {\n    serve: on }\n',
    expected: 'environments:\n  prod: { enabled: false,\n    serve: on }\n',
  },
  {
    title: 'disabled where there is nothing else',
    form: 'disabled',
    given: 'environments: {prod: {}}\n',
    expected: 'environments: {prod: { enabled: false }}\n',
  },
  {
    title: 'JSON stays JSON',
    form: 'served',
    given: '"environments": {"dev": {"serve": "on"}, "prod": {"serve": "off"}}\n',
    expected: '"environments": {"dev": {"serve": "on"}, "prod": { "serve": "on" }}\n',
  },
];

test.each(cases)('$title', ({ form, given, expected }) => {
  for (const lineBreak of ['\n', '\r\n']) {
    const [before, after] = [given, expected].map((text) => `flag: f\n${text}`.replaceAll('\n', lineBreak));
    expect(makePermanent(before ?? '', { environment: 'prod', serve: 'on', order }, form)).toBe(after);
  }
});

const environments = fc
  .dictionary(fc.constantFrom(...order), arbitraryEnvironment, { maxKeys: 3 })
  // Of a text that ends in empty lines nobody sees where it ends.
  .filter((each) => !/\\n(\\n|")/.test(JSON.stringify(each)));
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 });

test.each(['disabled', 'served'] as const)('in any file it is %s, and all else says what it said', (form) => {
  const property = fc.property(
    environments,
    choices,
    fc.constantFrom(...order),
    (given, numbers, environment) => {
      const value = { flag: 'f', environments: given as Environments, type: 'boolean' };
      fc.pre(form === 'served' || Object.hasOwn(given, environment));
      const text = wildYaml(value, numbers).text;
      const change = (before: string) => makePermanent(before, { environment, serve: 'on', order }, form);
      const after = changedOrFormattedFirst(text, change);
      const here =
        form === 'disabled' ? { ...value.environments[environment], enabled: false } : { serve: 'on' };
      const wanted = { ...value, environments: { ...value.environments, [environment]: here } };
      expect(parse(bytes(after))).toMatchObject({ value: wanted, faults: [] });
    },
  );
  fc.assert(property, { seed: 42, numRuns: 300 });
});

/** What an odd layout keeps from being edited can be edited once it is formatted. */
function changedOrFormattedFirst(text: string, change: (text: string) => string): string {
  try {
    return change(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const result = format(bytes(text));
    return change('text' in result ? result.text : '');
  }
}

const sample = (await readFolder(join(import.meta.dirname, '../../flags'))).flatMap((entry) =>
  entry.kind === 'file' ? [{ path: entry.path, text: new TextDecoder().decode(entry.content) }] : [],
);

function loaded(files: readonly { path: string; text: string }[]): Definitions {
  const { definitions, problems } = loadDefinitions(
    files.map(({ path, text }) => ({ path, kind: 'file' as const, content: bytes(text) })),
  );
  if (!definitions) throw new Error(JSON.stringify(problems));
  return definitions;
}

const contexts = fc.record(
  {
    targetingKey: fc.oneof(fc.constantFrom('alice', 'mallory'), fc.uuid()),
    country: fc.constantFrom('US', 'DE'),
    plan: fc.constantFrom('free', 'pro'),
    appVersion: fc.constantFrom('4.1.0', '4.2.0'),
    email: fc.constantFrom('a@acme.example', 'b@else.example'),
    company: fc.constantFrom({ id: 'shop-1234' }, { id: 'other' }),
    roles: fc.constantFrom(['editor'], []),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Context>;

/** The snapshot with an override that stands. */
function overridden(snapshot: Snapshot, flag: string, serve: string): Snapshot {
  const override = { serve, until: '2026-11-20T08:00:00Z' };
  const definitions = snapshot.definitions.map((row) =>
    row.kind === 'flag' && row.key === flag ? { ...row, body: { ...row.body, override } } : row,
  );
  return { ...snapshot, definitions };
}

const draft = sample.map((file) => ({
  ...file,
  text: file.text.replace('status: running', 'status: draft'),
}));
const flags = loaded(sample).all.flatMap((each) => (each.kind === 'flag' ? [each] : []));
const overrides = flags.flatMap(({ key, path, body }) =>
  order.flatMap((environment) =>
    Object.keys(variationsOf(body)).map((serve) => [key, environment, serve, path] as const),
  ),
);

test.each(overrides)(
  'of the sample project, %s in %s gives everyone %s as under the override',
  (key, environment, serve, path) => {
    const before = loaded(draft);
    const flag = before.all.find((each) => each.key === key && each.kind === 'flag');
    if (flag?.kind !== 'flag') throw new Error('no flag');
    const form = permanentForm(before, flag.body, { environment, serve });
    const files = draft.map((file) => {
      if (file.path !== path || form === 'is-so') return file;
      return { path, text: makePermanent(file.text, { environment, serve, order }, form) };
    });
    const requires = flag.body.requires ?? [];
    const under = compile(overridden(snapshotOf(before, environment, 1), key, serve));
    const permanent = compile(snapshotOf(loaded(files), environment, 1));
    const property = fc.property(contexts, (context) => {
      const isMet = requires.every(
        (each) => evaluate(under, each.flag, context, 0).variation === each.variation,
      );
      fc.pre(form === 'disabled' || isMet || serve === 'off');
      // Flags that require this one answer alike too.
      const [wanted, given] = [under, permanent].map((ruleset) =>
        evaluateAll(ruleset, context, 0).map(({ flag, value, variation }) => ({ flag, value, variation })),
      );
      expect(given).toEqual(wanted);
    });
    fc.assert(property, { seed: 1, numRuns: 30, maxSkipsPerRun: 1_000 });
  },
);

describe('the plainest form', () => {
  const shop = {
    path: 'project.yaml',
    text: 'project: acme/shop\nenvironments:\n  dev: { salt: "1" }\n  prod: { salt: "2" }\n',
  };
  const boolean = 'type: boolean\npermanent: true\nenvironments:\n  dev: {}\n';
  const formOf = (prod: string, serve: string, other = '') => {
    const f = { path: 'f.yaml', text: `flag: f\n${boolean}${prod}` };
    const g = { path: 'g.yaml', text: `flag: g\n${boolean}${other}` };
    const definitions = loaded([shop, f, g]);
    const flag = definitions.all.find(({ key }) => key === 'f');
    if (flag?.kind !== 'flag') throw new Error('no flag');
    return permanentForm(definitions, flag.body, { environment: 'prod', serve });
  };

  it.each([
    ['off, and the targeting stays', '  prod: { rules: [{ then: { serve: on } }] }\n', 'off', 'disabled'],
    ['off, though everyone else is', '  prod: { targets: { on: [a] }, serve: off }\n', 'off', 'disabled'],
    ['off, and it is disabled', '  prod: { enabled: false, serve: on }\n', 'off', 'is-so'],
    ['off, and it is not named', '', 'off', 'is-so'],
    ['off, and everyone is served it', '  prod: { serve: off }\n', 'off', 'is-so'],
    [
      'on, and everyone is served it',
      '  prod: { serve: on, targets: { off: [] }, rules: [] }\n',
      'on',
      'is-so',
    ],
    ['on, but it is disabled', '  prod: { enabled: false, serve: on }\n', 'on', 'served'],
    ['on, and half of them are', '  prod: { serve: on, percent: 50 }\n', 'on', 'served'],
    ['on, and it is not named', '', 'on', 'served'],
  ])('%s', (_, prod, serve, form) => {
    expect(formOf(prod, serve)).toBe(form);
  });

  it('serves `off` where another flag asks for it: a disabled flag meets no requirement', () => {
    const requires = 'requires: [{ flag: f, variation: off }]\n';
    expect(formOf('  prod: { serve: on }\n', 'off', requires)).toBe('served');
    expect(formOf('', 'off', requires)).toBe('served');
  });
});
