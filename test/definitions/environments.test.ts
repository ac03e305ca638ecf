// What each environment is served: which rows there are, and that two ways to write the same thing are one row.
import { describe, expect, test } from 'vitest';
import { environmentDefinitions, snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { canonical, sha256Hex } from '../../src/lib/json.ts';
import type { Definitions } from '../../src/model/definition.ts';
import { bodyDigest, snapshotDigest } from '../../src/model/snapshot.ts';
import { flag, flagIf, load, PROJECT, sourceFiles, type Texts } from './support/project.ts';

function definitionsOf(texts: Texts): Definitions {
  const { definitions, problems } = load(texts);
  if (!definitions) throw new Error(JSON.stringify(problems));
  return definitions;
}

const rowsOf = (texts: Texts, environment: string) =>
  environmentDefinitions(definitionsOf(texts)).get(environment) ?? [];
const bodyOf = (texts: Texts, key: string, environment = 'prod') =>
  rowsOf(texts, environment).find((row) => row.key === key)?.body;

const experiment =
  'experiment: e\nflag: f\nstatus: running\nenvironments: [prod]\ntraffic: 5\narms: [{ variation: on, weight: 100 }]\n';

describe('rows', () => {
  const segments = {
    'used.yaml': 'segment: used\nif: { not: { segment: inner } }\n',
    'inner.yaml': 'segment: inner\ninclude: [a]\n',
    'elsewhere.yaml': 'segment: elsewhere\n',
    'unused.yaml': 'segment: unused\nif: { segment: elsewhere }\n',
  };
  const texts = {
    'f.yaml': flagIf('f', '{ segment: used }')
      .replace('  prod:', '  prod:\n    enabled: false')
      .replace('serve: on }', 'experiment: e }'),
    'e.yaml': experiment,
    'm.yaml': 'metric: m\ntype: binary\ndirection: increase\nevent: x\n',
    ...segments,
  };
  const keys = (environment: string) => rowsOf(texts, environment).map(({ kind, key }) => `${kind} ${key}`);

  test('of an environment that the flag names, segments by way of others too', () => {
    expect(keys('prod')).toEqual([
      'experiment e',
      'flag f',
      'project acme/shop',
      'segment inner',
      'segment used',
    ]);
  });

  test('of one that it does not name: the flag is there, disabled', () => {
    expect(keys('dev')).toEqual(['flag f', 'project acme/shop']);
    expect(bodyOf(texts, 'f', 'dev')).toMatchObject({ enabled: false, fallthrough: { serve: 'off' } });
  });

  test('come in the order of promotion', () => {
    expect([...environmentDefinitions(definitionsOf(texts)).keys()]).toEqual(['dev', 'prod']);
  });

  test('have the digest of their canonical text', () => {
    for (const { body, digest, text } of rowsOf(texts, 'prod')) {
      expect(text).toBe(canonical(body));
      expect(digest).toBe(sha256Hex(text));
      expect(digest).toBe(bodyDigest(body));
    }
  });
});

describe('bodies', () => {
  test('of a flag that says nothing have every default', () => {
    expect(bodyOf({ 'f.yaml': flag('f', 'targets: { on: [] }\nrules: []', 'requires: []\n') }, 'f')).toEqual({
      type: 'boolean',
      description: 'A test.',
      owner: 'tests',
      variations: { on: true, off: false },
      off: 'off',
      unit: 'targetingKey',
      enabled: true,
      fallthrough: { serve: 'off' },
    });
  });

  test('of a flag without off and without a fallthrough have neither', () => {
    const text = flag('f', 'enabled: true', 'variations: { a: x }\n').replace('boolean', 'string');
    expect(bodyOf({ 'f.yaml': text }, 'f')).not.toHaveProperty('off');
    expect(bodyOf({ 'f.yaml': text }, 'f')).not.toHaveProperty('fallthrough');
  });

  test('of an experiment and a segment', () => {
    const texts = {
      'f.yaml': flagIf('f', '{ segment: s }').replace('serve: on }', 'experiment: e }'),
      'e.yaml': experiment,
      's.yaml': 'segment: s\ndescription: d\ninclude: [7, a]\nexclude: []\n',
    };
    expect(bodyOf(texts, 's')).toEqual({ unit: 'targetingKey', include: ['7', 'a'] });
    expect(bodyOf(texts, 'e')).toEqual({
      flag: 'f',
      status: 'running',
      traffic: 5,
      arms: [{ variation: 'on', weight: 100 }],
      unit: 'targetingKey',
      exposures: 'first',
    });
  });

  test('of a flag on a schedule have it as written', () => {
    const rule =
      '{ name: r, from: 2099-01-01T00:00:00Z, until: 2099-02-01T01:00:00+01:00, then: { serve: on } }';
    const ramp =
      '[{ at: 2099-01-01T00:00:00.50Z, percent: 5 }, { at: 2099-02-01T01:00:00+01:00, percent: 10 }]';
    const text = flag('f', `rules:\n  - ${rule}\nserve: on\nramp: ${ramp}\nlinear: true`);
    const [start, end] = ['2099-01-01T00:00:00.50Z', '2099-02-01T01:00:00+01:00'];
    expect(bodyOf({ 'f.yaml': text }, 'f')).toMatchObject({
      rules: [{ name: 'r', from: '2099-01-01T00:00:00Z', until: end, then: { serve: 'on' } }],
      fallthrough: {
        serve: 'on',
        ramp: [
          { at: start, percent: 5 },
          { at: end, percent: 10 },
        ],
        linear: true,
      },
    });
  });

  test('of the project have the salt of their environment', () => {
    expect(bodyOf({}, 'acme/shop', 'dev')).toMatchObject({
      salt: '5f0c1a',
      attributes: { email: { type: 'string', personal: true } },
    });
    expect(bodyOf({}, 'acme/shop', 'prod')).toMatchObject({ salt: 'c07d2e' });
  });

  const same: [string, string, string][] = [
    ['enabled: true', flag('f', 'serve: on'), flag('f', 'enabled: true\nserve: on')],
    ['the unit', flag('f'), flag('f', 'serve: on', 'unit: targetingKey\n')],
    [
      'the variations and off of a boolean',
      flag('f'),
      flag('f', 'serve: on', 'variations: { on: true, off: false }\noff: off\n'),
    ],
    ['the fallthrough', flag('f', 'serve: off'), flag('f', '{}')],
    ['units as numbers', flag('f', 'targets: { on: [7] }'), flag('f', 'targets: { on: ["7"], off: [] }')],
    [
      'exists',
      flagIf('f', '{ attribute: beta, operator: exists }'),
      flagIf('f', '{ attribute: beta, operator: exists, value: true }'),
    ],
    [
      'ignore_case: false',
      flagIf('f', '{ attribute: plan, operator: eq, value: pro }'),
      flagIf('f', '{ ignore_case: false, value: pro, operator: eq, attribute: plan }'),
    ],
    ['a number', flag('f', 'serve: on\npercent: 10'), flag('f', 'percent: 1.0e1\nserve: "on"')],
    ['permanent and tags, which no one is served', flag('f'), flag('f', 'serve: on', 'tags: [a]\n')],
    ['JSON', flag('f'), JSON.stringify(definitionsOf({ 'f.yaml': flag('f') }).all[0]?.body)],
  ];
  test.each(same)('written another way are the same: %s', (_, one, other) => {
    const rows = [one, other].map((text) => rowsOf({ 'f.yaml': text }, 'prod'));
    expect(rows[0]).toEqual(rows[1]);
  });

  test('are made once for an unchanged file', () => {
    const before = load({ 'f.yaml': flag('f') });
    const files = sourceFiles({ 'project.yaml': PROJECT, 'f.yaml': flag('f'), 'g.yaml': flag('g') });
    const after = loadDefinitions(files, before);
    const rows = [before, after].map(
      ({ definitions }) => definitions && environmentDefinitions(definitions).get('prod')?.[0],
    );
    expect(rows[0]).toBeDefined();
    expect(rows[0]).toBe(rows[1]);
  });
});

describe('snapshots', () => {
  const definitions = definitionsOf({ 'f.yaml': flag('f') });

  test('hold the rows with the revision, and their digest', () => {
    const snapshot = snapshotOf(definitions, 'prod', 3, 'abc');
    expect(snapshot).toMatchObject({ project: 'acme/shop', environment: 'prod', revision: 3, commit: 'abc' });
    expect(snapshot.definitions.map(({ key, revision }) => [key, revision])).toEqual([
      ['f', 3],
      ['acme/shop', 3],
    ]);
    expect(snapshot.digest).toBe(snapshotDigest(snapshot.definitions));
    expect(snapshotOf(definitions, 'prod', 3)).not.toHaveProperty('commit');
  });

  test('an unknown environment says which there are', () => {
    expect(() => snapshotOf(definitions, 'production', 1)).toThrow(
      'has no environment "production"; it has: dev, prod',
    );
  });
});
