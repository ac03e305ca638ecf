// Folders as a whole: what is read, what is refused, how much is reported, and that a reload is a load.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overdue } from '../../src/definitions/expiry.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { limits, type SourceFile } from '../../src/definitions/source-file.ts';
import { fileCases } from './support/file-cases.ts';
import { habitCases } from './support/habit-cases.ts';
import { hostileCases } from './support/hostile-cases.ts';
import { meaningCases } from './support/meaning-cases.ts';
import { flag, flagIf, load, PROJECT, places, sourceFiles, type Texts } from './support/project.ts';
import { shapeCases } from './support/shape-cases.ts';
import { metric, running } from './support/writers.ts';

const codes = (files: readonly SourceFile[]) => loadDefinitions(files).problems.map(({ code }) => code);
const project = sourceFiles({ 'project.yaml': PROJECT });

describe('files', () => {
  test('no project.yaml', () => expect(codes([])).toEqual(['project-missing']));

  test('links and submodules are refused, whatever they are named', () => {
    const links: SourceFile[] = [
      { path: 'a.yaml', kind: 'link' },
      { path: 'docs', kind: 'link' },
      { path: 'vendor', kind: 'submodule' },
    ];
    expect(codes([...project, ...links])).toEqual(['link-refused', 'link-refused', 'submodule-refused']);
  });

  test('tests and files that are no YAML are passed over', () => {
    const loaded = load({ 'a/f.test.yaml': 'test: f', 'README.md': '# x', 'f.yaml': flag('f'), yaml: '[' });
    expect(loaded.problems).toEqual([]);
    expect(loaded.definitions?.all.map(({ key }) => key)).toEqual(['f', 'acme/shop']);
  });

  test('20,000 YAML files are the most', () => {
    const files = Array.from({ length: limits.files }, (_, i): SourceFile => {
      return { path: `${i}.test.yaml`, kind: 'oversized', sizeBytes: 0 };
    });
    expect(codes([...project, ...files])).toEqual(['too-many-files']);
    expect(codes([...project, ...files.slice(1)])).toEqual([]);
  });

  test('64 MB are the most, oversized files counted as 256 KB', () => {
    const files = Array.from({ length: 256 }, (_, i): SourceFile => {
      return { path: `${i}.yaml`, kind: 'oversized', sizeBytes: 10 ** 9 };
    });
    expect(codes([...project, ...files])).toEqual(['folder-too-large']);
    expect(new Set(codes([...project, ...files.slice(1)]))).toEqual(new Set(['file-too-large']));
  });

  test('what refers to a file that cannot be read is not complained about', () => {
    const loaded = load({ 'f.yaml': flagIf('f', '{ segment: staff }'), 'staff.yaml': 'segment: [' });
    expect(loaded.problems.map(({ code }) => code)).toEqual(['invalid-yaml']);
  });

  test('without a readable project.yaml, environments and attributes are not judged', () => {
    const files = {
      'project.yaml': 'project: [',
      'f.yaml': flagIf('f', '{ attribute: x, operator: exists }'),
    };
    expect(load(files).problems.map(({ file }) => file)).toEqual(['project.yaml']);
  });
});

describe('definitions', () => {
  test('come sorted by kind and key, with their paths', () => {
    const { definitions } = load({ 'z/b.yaml': flag('b'), 'a.yaml': flag('a'), 'a-b.yaml': flag('a-b') });
    expect(definitions?.all.map(({ kind, key, path }) => [kind, key, path])).toEqual([
      ['flag', 'a', 'a.yaml'],
      ['flag', 'a-b', 'a-b.yaml'],
      ['flag', 'b', 'z/b.yaml'],
      ['project', 'acme/shop', 'project.yaml'],
    ]);
    expect(definitions?.project.project).toBe('acme/shop');
  });

  test('keep what authors wrote, no defaults filled in', () => {
    const { definitions } = load({ 'f.yaml': flag('f') });
    expect(definitions?.all[0]?.body).toEqual({
      flag: 'f',
      description: 'A test.',
      owner: 'tests',
      permanent: true,
      type: 'boolean',
      environments: { prod: { serve: 'on' } },
    });
  });
});

describe('hints', () => {
  const hintOf = (texts: Texts) => load(texts).problems[0]?.hint;

  test('name what was probably meant', () => {
    const staff = 'segment: staff\nif: { attribute: beta, operator: exists }\n';
    expect(hintOf({ 'f.yaml': flagIf('f', '{ segment: stuff }'), 'staff.yaml': staff })).toBe(
      'Did you mean `staff`?',
    );
    expect(hintOf({ 'f.yaml': flag('f').replace('prod:', 'prdo:') })).toBe('Did you mean `prod`?');
    expect(hintOf({ 'f.yaml': flag('f').replace('owner', 'onwer') })).toBe('Did you mean `owner`?');
  });

  test('say to quote a version that YAML reads as a number', () => {
    expect(
      hintOf({ 'f.yaml': flagIf('f', '{ attribute: appVersion, operator: semver_eq, value: 4.10 }') }),
    ).toMatch(/Quote/);
    expect(hintOf({ 'project.yaml': PROJECT.replace('"5f0c1a"', '910e44') })).toMatch(/Quote/);
  });

  test.each([
    ['flag: f\n\towner: x\n', 'Indent with spaces.'],
    ['flag: a: b\n', 'Quote a text that contains `: `, or check the indentation.'],
    ['flag: @f\n', 'Quote the text.'],
    [
      'flag: "\\q"\n',
      'Use single quotes where a backslash is meant as it is, such as in a regular expression.',
    ],
    ['flag: f\nowner\n', 'Check for a missing colon, bracket, quote, comma or space.'],
    ['flag: f\n  owner: x\n', expect.stringMatching(/check the indentation/)],
    ['flag: [a\n', expect.stringMatching(/^Check for a missing bracket, /)],
    ['flag: {\n  - f\n}\n', 'Check this line and the one before it.'],
  ])('say how YAML is mended: %j', (text, hint) => {
    expect(hintOf({ 'f.yaml': text })).toEqual(hint);
  });

  test('list what may stand where nothing near does', () => {
    expect(hintOf({ 'f.yaml': flagIf('f', '{ country: US }') })).toBe(
      'Known keys: `attribute`, `operator`, `value`, `ignore_case`, `segment`, `and`, `or`, `not`.',
    );
  });

  test('name no key that is there already', () => {
    const rule = 'rules:\n  - { name: r, when: { segment: s }, then: { serve: on } }';
    expect(hintOf({ 'f.yaml': flag('f', rule) })).toBe('Other keys: `if`, `from`, `until`.');
  });

  test.each([
    ['appVersion', 'gte', '"4.2.0"', 'Did you mean `semver_gte`?'],
    ['appVersion', 'eq', '"4.2.0"', 'Did you mean `semver_eq`?'],
    ['age', 'semver_lt', '18', 'Did you mean `lt`?'],
    ['age', 'not_contains', '18', expect.stringMatching(/^A number takes: `eq`, `neq`, /)],
  ])('name the operator that fits: %s %s', (attribute, operator, value, hint) => {
    const condition = `{ and: [{ attribute: ${attribute}, operator: ${operator}, value: [${value}] }] }`;
    const { problems } = load({ 'f.yaml': flagIf('f', condition) });
    // What the wrong operator would compare with is not said.
    expect(problems.map((problem) => [problem.code, problem.hint])).toEqual([
      ['operator-does-not-fit', hint],
    ]);
  });

  test('name the declared value that is nearest', () => {
    const hint = (value: string) =>
      hintOf({ 'f.yaml': flagIf('f', `{ attribute: plan, operator: eq, value: ${value} }`) });
    expect(hint('fre')).toBe('Did you mean `free`?');
    expect(hint('gold')).toBe('Declared are: free, pro.');
  });

  test('I12: name no declared value of a personal attribute', () => {
    const personal = PROJECT.replace('plan: { type: string,', 'plan: { type: string, personal: true,');
    const condition = '{ attribute: plan, operator: in, value: [fre] }';
    expect(hintOf({ 'project.yaml': personal, 'f.yaml': flagIf('f', condition) })).toBe(
      'Compare it with the declared ones.',
    );
  });

  test('I12: values of a personal attribute and units are in no message', () => {
    const rule =
      "rules:\n  - name: r\n    if: { attribute: email, operator: matches, value: '(secret' }\n    then: { serve: on }";
    const { problems } = load({ 'f.yaml': flag('f', `targets: { on: [secret, secret] }\n${rule}`) });
    expect(problems.map(({ code }) => code)).toEqual(['target-twice', 'invalid-regex']);
    expect(JSON.stringify(problems)).not.toMatch(/secret/);
  });
});

test.each([
  ['an operand', '{ attribute: targetingKey, operator: matches, value: "(alice" }'],
  ['a value of another type', '{ attribute: targetingKey, operator: in, value: [x, 4711] }'],
  [
    'a condition beside another',
    '{ and: [{ attribute: targetingKey, operator: eq, value: alice }, { attribute: targetingKey, operator: eq, value: b }] }',
  ],
])('I12: targeting keys, declared or not, are in no message: %s', (_, condition) => {
  const declared = PROJECT.replace('attributes:\n', 'attributes:\n  targetingKey: { type: string }\n');
  for (const project of [PROJECT, declared]) {
    const { problems } = load({ 'project.yaml': project, 'f.yaml': flagIf('f', condition) });
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toMatch(/alice|4711/);
  }
});

describe('how much is reported', () => {
  test('100 problems of a file, errors before warnings', () => {
    const rules = Array.from({ length: 150 }, (_, i) => `  - { then: { serve: x${i}, percent: 1 } }`).join(
      '\n',
    );
    const { problems } = load({ 'f.yaml': flag('f', `rules:\n${rules}`) });
    expect(problems.length).toBe(101);
    expect(problems.filter(({ code }) => code === 'unknown-variation')).toHaveLength(100);
    expect(problems.find(({ code }) => code === 'too-many-problems')).toMatchObject({
      severity: 'error',
      message: 'There are 200 more problems, not listed here.',
    });
  });

  test('10,000 problems of a folder', () => {
    const texts = Object.fromEntries(
      Array.from({ length: 5001 }, (_, i) => [`f${i}.yaml`, 'flag: x\nenvironments: {}\n']),
    );
    const { problems, ok } = load(texts);
    expect(ok).toBe(false);
    expect(problems.length).toBe(10_001);
    expect(problems.at(-1)?.code).toBe('too-many-problems');
  });
});

describe('references', () => {
  const chain = (length: number, last: string) => {
    const texts: Record<string, string> = {};
    for (let i = 0; i < length; i++) {
      const next = i + 1 < length ? `{ segment: s${i + 1} }` : last;
      texts[`s${i}.yaml`] = `segment: s${i}\nif: ${next}\n`;
    }
    return texts;
  };

  test('a chain of 19,000 segments does not overflow the stack', () => {
    const texts = chain(19_000, '{ attribute: beta, operator: exists }');
    const loaded = load({ 'f.yaml': flagIf('f', '{ segment: s0 }'), ...texts });
    expect(loaded.problems).toEqual([]);
  });

  test('a circle of 19,000 segments is one problem', () => {
    const { problems } = load({
      'f.yaml': flagIf('f', '{ segment: s0 }'),
      ...chain(19_000, '{ segment: s0 }'),
    });
    expect(problems.map(({ code, file }) => [code, file])).toEqual([['segment-cycle', 's0.yaml']]);
    expect(problems[0]?.message.length).toBeLessThan(200);
  });

  test('segments that double 17 times are too large written out, however little they are written', () => {
    const texts: Record<string, string> = {};
    for (let i = 0; i < 40; i++) {
      const next =
        i === 39
          ? '{ attribute: beta, operator: exists }'
          : `{ or: [{ segment: s${i + 1} }, { segment: s${i + 1} }] }`;
      texts[`s${i}.yaml`] = `segment: s${i}\nif: ${next}\n`;
    }
    const at = (i: number) =>
      load({ ...texts, 'f.yaml': flagIf('f', `{ or: [{ segment: s${i} }, { segment: s0 }] }`) });
    expect(places(texts, at(0))).toEqual(['expansion-too-large f.yaml:1:7']);
    const small = {
      ...texts,
      's0.yaml': 'segment: s0\nif: { segment: s30 }\n',
      'f.yaml': flagIf('f', '{ segment: s0 }'),
    };
    expect(load(small).ok).toBe(true);
  });

  test('requirements count too, by environment', () => {
    const many = (n: number) => `{ or: [${Array.from({ length: n }, () => '{ segment: s }').join(', ')}] }`;
    const s = `segment: s\nif: { and: [${Array.from({ length: 98 }, () => '{ attribute: beta, operator: exists }').join(', ')}] }\n`;
    const texts = { 's.yaml': s, 'g.yaml': flagIf('g', many(999)) };
    expect(load(texts).ok).toBe(true);
    const f = flag(
      'f',
      'rules:\n  - { name: r, if: { segment: s }, then: { serve: on } }',
      'requires: [{ flag: g, variation: on }]\n',
    );
    expect(load({ ...texts, 'f.yaml': f }).problems).toMatchObject([
      { code: 'expansion-too-large', file: 'f.yaml' },
    ]);
    expect(load({ ...texts, 'f.yaml': f.replace('prod:', 'dev:') }).ok).toBe(true);
  });

  test('the slot of a stopped experiment is free, and one in another environment is no neighbour', () => {
    const experiment = (key: string, more: string) =>
      `experiment: ${key}\nflag: f\nlayer: l\nslot: { from: 0, to: 100 }\narms: [{ variation: on, weight: 100 }]\n${more}\n`;
    const texts = {
      'f.yaml': flag('f', 'experiment: a').replace('  prod:', '  dev: { experiment: c }\n  prod:'),
      'a.yaml': experiment('a', 'status: draft\nenvironments: [prod]'),
      'b.yaml': experiment('b', 'status: stopped\nenvironments: [prod]'),
      'c.yaml': experiment('c', 'status: draft\nenvironments: [dev]'),
    };
    expect(load(texts).problems).toEqual([]);
  });
});

test('a running experiment is over from the day after its end on', () => {
  const loaded = load({
    'f.yaml': flag('f', 'experiment: e'),
    'e.yaml': running('e', 'traffic: 5', 'metrics: { primary: m }', 'end: 2027-03-31'),
    'm.yaml': metric('type: binary', 'event: m'),
  });
  expect(loaded.problems).toEqual([]);
  expect(overdue(loaded, '2027-03-31')).toEqual([]);
  expect(overdue(loaded, '2027-04-01')).toMatchObject([
    { code: 'experiment-over', file: 'e.yaml', line: 8, severity: 'warning' },
  ]);
});

describe('expired flags', () => {
  const loaded = load({ 'f.yaml': flag('f').replace('permanent: true', 'expires: 2027-03-31') });
  test('the last day is not past', () => expect(overdue(loaded, '2027-03-31')).toEqual([]));
  test('the day after is', () => {
    expect(overdue(loaded, '2027-04-01')).toMatchObject([
      { code: 'flag-expired', severity: 'warning', file: 'f.yaml', line: 4, column: 10 },
    ]);
  });
});

describe('schedules that are over', () => {
  const rule = (times: string) => `rules:\n  - { name: r, ${times}, then: { serve: on } }`;
  test.each([
    ['a ramp', 'serve: on\nramp: [{ at: 2026-12-01T09:00:00Z, percent: 5 }]', '9:5'],
    ['a rule that ended', rule('from: 2020-01-01T00:00:00Z, until: 2026-12-01T09:00:00Z'), '9:55'],
    ['a rule that only began', rule('from: 2026-12-01T09:00:00Z'), '9:26'],
  ])('%s is told of 30 days later', (_, prod, place) => {
    const loaded = load({ 'f.yaml': flag('f', prod) });
    expect(overdue(loaded, '2026-12-31')).toEqual([]);
    const [problem, ...more] = overdue(loaded, '2027-01-01');
    expect(problem).toMatchObject({ code: 'schedule-over', severity: 'warning', file: 'f.yaml' });
    expect([`${problem?.line}:${problem?.column}`, more]).toEqual([place, []]);
  });

  test.each([
    [5, 'Remove the ramp: write `percent: 5`.'],
    [100, 'Remove the ramp: `serve` alone is for everyone.'],
  ])('what is left of a ramp that ended at %d percent', (percent, hint) => {
    const prod = `serve: on\nramp: [{ at: 2026-12-01T09:00:00Z, percent: ${percent} }]`;
    expect(overdue(load({ 'f.yaml': flag('f', prod) }), '2027-01-01')[0]?.hint).toBe(hint);
  });

  test('neither a rule that still holds for a time nor a ramp with a step to come is told of', () => {
    const ramp = 'ramp: [{ at: 2020-01-01T00:00:00Z, percent: 5 }, { at: 2026-12-30T00:00:00Z, percent: 6 }]';
    const times = 'from: 2020-01-01T00:00:00Z, until: 2026-12-30T00:00:00Z';
    const loaded = load({ 'f.yaml': flag('f', `${rule(times)}\nserve: on\n${ramp}`) });
    expect(overdue(loaded, '2026-12-31')).toEqual([]);
  });
});

describe('loading again', () => {
  const texts = [...fileCases, ...shapeCases, ...meaningCases, ...habitCases, ...hostileCases].map(
    ({ files }) => files,
  );

  test('with what was loaded before gives what a fresh load gives', () => {
    const some = fc.array(fc.constantFrom(...texts), { minLength: 1, maxLength: 4 });
    const together = some.map((chosen) => Object.assign({ 'project.yaml': PROJECT }, ...chosen) as Texts);
    fc.assert(
      fc.property(together, together, (before, after) => {
        const previous = loadDefinitions(sourceFiles(before));
        const again = loadDefinitions(sourceFiles(after), previous);
        const fresh = loadDefinitions(sourceFiles(after));
        expect([again.ok, again.problems, again.definitions]).toEqual([
          fresh.ok,
          fresh.problems,
          fresh.definitions,
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test('reads only what changed', () => {
    const before = load({ 'f.yaml': flag('f'), 'g.yaml': flag('g') });
    const files = sourceFiles({
      'project.yaml': PROJECT,
      'f.yaml': flag('f'),
      'g.yaml': flag('g', 'serve: off'),
    });
    const after = loadDefinitions(files, before);
    expect(after.files.get('f.yaml')).toBe(before.files.get('f.yaml'));
    expect(after.files.get('g.yaml')).not.toBe(before.files.get('g.yaml'));
  });

  test('a file of the same bytes elsewhere is another file', () => {
    const before = load({ 'f.yaml': flag('f') });
    const after = loadDefinitions(sourceFiles({ 'project.yaml': PROJECT, 'a/f.yaml': flag('f') }), before);
    expect(after.definitions?.all[0]?.path).toBe('a/f.yaml');
  });
});

test('nothing that people might put into a folder makes it throw', () => {
  const path = fc.constantFrom('project.yaml', 'a.yaml', 'b.yaml', 'a/b.yaml', 'x.yml', 'access.yaml');
  const lines = [...new Set([...Object.values(PROJECT.split('\n')), ...flag('a').split('\n')])];
  const text = fc.array(fc.constantFrom(...lines, '- a', '  x: [', '"', '{}', 'flag: b', '   '), {
    maxLength: 12,
  });
  const files = fc.array(
    fc.tuple(
      path,
      text.map((parts) => parts.join('\n')),
    ),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(files, (entries) => {
      const { ok, problems } = loadDefinitions(sourceFiles(Object.fromEntries(entries)));
      expect(ok).toBe(!problems.some(({ severity }) => severity === 'error'));
    }),
    { numRuns: 500 },
  );
});

test('an environment that is left empty is a problem with its place', () => {
  const { problems } = load({
    'a.yaml': 'flag: a\ntype: boolean\npermanent: true\nenvironments:\n  prod:\n',
  });
  const found = problems.filter(({ severity }) => severity === 'error');
  expect(found).toMatchObject([{ file: 'a.yaml', line: 5, code: 'wrong-type' }]);
});

test('hints for unknown names by the thousand cost a bounded number of comparisons', () => {
  const texts: Record<string, string> = {};
  for (let i = 0; i < 1500; i++) texts[`f${i}.yaml`] = flagIf(`f${i}`, `{ segment: x${i} }`);
  for (let i = 0; i < 2000; i++) texts[`s${i}.yaml`] = `segment: s${i}\ninclude: [a]\n`;
  const unknown = load(texts).problems.filter(({ code }) => code === 'unknown-segment');
  expect(unknown.length).toBe(1500);
  expect(unknown.filter(({ hint }) => /^Did you mean/.test(hint)).length).toBeLessThanOrEqual(1000);
});
