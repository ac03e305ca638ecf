// `halyard experiment conclude` as a process: what it prints, what it writes, and that check and tests pass afterwards.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { conclusionOf, notRunning } from '../../../src/cli/experiment/chosen.ts';
import { passes, testRound } from '../../../src/cli/experiment/test-rounds.ts';
import { loadDefinitions } from '../../../src/definitions/load.ts';
import { readFolder } from '../../../src/io/folder.ts';
import type { Definitions } from '../../../src/model/definition.ts';
import type { ExperimentDefinition } from '../../../src/model/definitions.gen.ts';
import { type Ended, halyard } from '../../support/command.ts';

const root = join(import.meta.dirname, '../../..');
let folder = '';
const conclude = (...args: string[]): Promise<Ended> => halyard(['experiment', 'conclude', ...args], folder);
const read = (path: string): Promise<string> => readFile(join(folder, 'flags', path), 'utf8');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });

async function write(files: { [path: string]: string }): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'flags', path)), { recursive: true });
    await writeFile(join(folder, 'flags', path), text);
  }
}

/** What `check` finds, without warnings, and the names of the cases that `test` would find to fail. */
async function faults(): Promise<string[]> {
  const files = await readFolder(join(folder, 'flags'));
  const loaded = loadDefinitions(files);
  const errors = loaded.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (!loaded.ok) return errors;
  const { cases, tests } = testRound(files, loaded.definitions);
  const failing = cases.filter((each) => !passes(each)).map(({ name }) => name);
  return [...errors, ...tests.problems.map(({ message }) => message), ...failing];
}

async function newFolder(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'halyard-conclude-'));
}
const removed = (): Promise<void> => rm(folder, { recursive: true, force: true });

describe('in the sample project', () => {
  const FLAG = 'checkout/one-page-checkout.yaml';
  const EXPERIMENT = 'checkout/page-layout.yaml';
  const TESTS = 'checkout/one-page-checkout.test.yaml';
  const all = () => Promise.all([FLAG, EXPERIMENT, TESTS].map(read));
  let before: string[];
  let printed: Ended;
  let json: Ended;

  beforeAll(async () => {
    await newFolder();
    await cp(join(root, 'flags'), join(folder, 'flags'), { recursive: true });
    git('init', '-q');
    before = await all();
    const asJson = ['--format', 'json'];
    [printed, json] = await Promise.all([
      conclude('page-layout', '--ship', 'on'),
      conclude('page-layout', '--ship', 'on', ...asJson),
    ]);
  });
  beforeEach(async () => {
    for (const [index, path] of [FLAG, EXPERIMENT, TESTS].entries())
      await write({ [path]: before[index] ?? '' });
  });
  afterAll(removed);

  test.each(['on', 'off'])(
    '%s is served where the experiment stood, and nothing else changes',
    async (arm) => {
      const { code, stdout } = await conclude('page-layout', '--ship', arm, '--write');
      expect(code).toBe(0);
      expect(stdout).toContain(`one-page-checkout in prod: rule "layout test" serves ${arm}.\n`);
      expect(stdout).toContain(`git commit -m "Conclude page-layout: ship ${arm}" -- flags/checkout/`);
      const served = (text: string) =>
        text.replace(
          /experiment: page-layout \}( +)#/,
          (_, gap) => `serve: ${arm} }${' '.repeat(gap.length + 23 - 7 - arm.length)}#`,
        );
      const after = await all();
      expect(after[0]).toBe(served(before[0] ?? ''));
      expect(after[1]).toBe(before[1]?.replace('status: running', 'status: stopped'));
      expect(await faults()).toEqual([]);
      if (arm === 'off') return;
      expect(await halyard(['fmt', '--check'], folder)).toMatchObject({ code: 0 });
      for (const [index, path] of [FLAG, EXPERIMENT, TESTS].entries())
        await write({ [path]: before[index] ?? '' });
      await writeFile(join(folder, 'patch'), printed.stdout);
      git('apply', 'patch');
      expect(await all()).toEqual(after);
    },
  );

  test('the tests no longer know the experiment, and expect the winner', async () => {
    await writeFile(join(folder, 'patch'), printed.stdout);
    git('apply', 'patch');
    const tests = await read(TESTS);
    expect(tests).not.toContain('page-layout');
    expect(tests).toContain(
      '  - name: customers in the layout test see their arm\n    context: { targetingKey: u2, plan: pro, country: DE }\n    expect:\n      variation: on\n      reason: TARGETING_MATCH\n      rule: layout test\n\n',
    );
    expect(tests).toContain('    expect: { value: true, rule: layout test, experiment: null }\n');
    expect(tests).toContain(
      '    buckets: { 0-999: on, 1000-9999: off }           # every one of them is checked\n',
    );
  });

  test('what is printed is a diff, and nothing is written', async () => {
    expect([printed.code, json.code]).toEqual([0, 0]);
    expect(printed.stderr).toMatch(
      /halyard: Nothing is written\. To write it: the same with --write, or pipe it into `git apply`\.\n$/,
    );
    expect(await all()).toEqual(before);
  });

  test('as JSON', () => {
    expect(JSON.parse(json.stdout)).toMatchObject({
      experiment: 'page-layout',
      arm: 'on',
      environments: ['prod'],
      remaining: [],
      flag: 'one-page-checkout',
      places: [{ environment: 'prod', rule: 'layout test' }],
      tests: { adapted: [{ file: TESTS }, { file: TESTS }], left: [], unread: [] },
      warnings: [],
      files: [TESTS, FLAG, EXPERIMENT].map((path) => `flags/${path}`),
      written: false,
      diff: printed.stdout,
    });
  });

  test.each<[string, number, RegExp, string[]]>([
    [
      'an arm that there is not',
      2,
      /has no arm `blue`\. It has: `off`, `on`/,
      ['page-layout', '--ship', 'blue'],
    ],
    [
      'an experiment that there is not',
      1,
      /there is no experiment `page-layot` in flags\. Did you mean `page-layout`\?/,
      ['page-layot', '--ship', 'on'],
    ],
  ])('it refuses %s', async (_, status, message, args) => {
    const { code, stdout, stderr } = await conclude(...args, '--write');
    expect([code, stdout]).toEqual([status, '']);
    expect(stderr).toMatch(message);
    expect(await all()).toEqual(before);
  });

  test('definitions with errors, and one that is stopped already, are not touched', async () => {
    await write({ [FLAG]: (before[0] ?? '').replace('segment: staff', 'segment: stuff') });
    const broken = await conclude('page-layout', '--ship', 'on', '--write');
    expect([broken.code, broken.stderr]).toEqual([
      1,
      expect.stringMatching(/unknown-segment[\s\S]*definitions with errors conclude no experiment/),
    ]);
    await write({ [FLAG]: before[0] ?? '', [EXPERIMENT]: (before[1] ?? '').replace('running', 'stopped') });
    const stopped = await conclude('page-layout', '--ship', 'on', '--write');
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('is stopped already')]);
  });
});

describe('what is concluded', () => {
  const body = {
    experiment: 'layout',
    flag: 'f',
    environments: ['staging', 'prod'],
    arms: [
      { variation: 'off', weight: 50 },
      { variation: 'on', weight: 50 },
    ],
  } as const;
  const experiment = body as unknown as ExperimentDefinition;
  const environments = { dev: {}, staging: {}, prod: {} };
  const definitions = { project: { project: 'acme/shop', environments }, all: [] } as unknown as Definitions;

  test.each([
    ['a misspelled arm', 'onn', undefined, 'has no arm `onn`. Did you mean `on`?'],
    [
      'an environment where it does not run',
      'on',
      ['dev'],
      'does not run in `dev`. It runs in: `staging`, `prod`',
    ],
    [
      'an environment that there is not',
      'on',
      ['live'],
      'has no environment `live`. It runs in: `staging`, `prod`',
    ],
  ])('is not %s', (_, arm, named, message) => {
    expect(() => conclusionOf(experiment, definitions, arm, named)).toThrow(message);
  });

  test('is everywhere where it runs, unless it is named, once', () => {
    expect(conclusionOf(experiment, definitions, 'on', undefined).environments).toEqual(['staging', 'prod']);
    expect(conclusionOf(experiment, definitions, 'off', ['prod', 'prod']).environments).toEqual(['prod']);
  });

  test.each([
    ['draft', /is a draft that has assigned nobody: there is nothing to conclude/],
    ['stopped', /is stopped already: there is nothing to conclude/],
    ['running', /^$/],
  ] as const)('is none that is not running: %s', (status, message) => {
    expect(notRunning({ ...experiment, status }) ?? '').toMatch(message);
  });
});

const PROJECT =
  'project: acme/shop\nenvironments:\n  dev: { salt: "a" }\n  staging: { salt: "b" }\n  prod: { salt: "c" }\n';
const METRIC =
  'metric: purchase\ndescription: d\nowner: o\nevent: purchase\ntype: binary\ndirection: increase\n';
const EXPERIMENT =
  'experiment: colours\nflag: button\nhypothesis: h\nowner: o\nstatus: running\nenvironments: [staging, prod]\ntraffic: 50\narms:\n  - { variation: grey, weight: 50 }\n  - { variation: blue, weight: 50 }\nmetrics: { primary: purchase }\n';
const HEAD =
  'flag: button\ndescription: d\nowner: o\npermanent: true\ntype: string\nvariations: { grey: "#888", blue: "#00f" }\noff: grey\n';
const FLAG = `${HEAD}environments:
  dev:
    serve: blue
  staging:
    experiment: colours            # all of them
  prod:
    rules:
      - name: staff
        if: { attribute: staff, operator: eq, value: true }
        then:
          # theirs
          experiment: colours
      - name: ramp
        then: { serve: blue, percent: 20 }
    experiment: colours
`;

describe('in a project of its own', () => {
  beforeEach(newFolder);
  afterEach(removed);
  const base = {
    'project.yaml': PROJECT,
    'purchase.yaml': METRIC,
    'colours.yaml': EXPERIMENT,
    'button.yaml': FLAG,
  };

  test('it ends in one environment, and goes on in the other', async () => {
    await write(base);
    const { code, stdout } = await conclude(
      'colours',
      '--ship',
      'blue',
      '--environment',
      'staging',
      '--write',
    );
    expect(code).toBe(0);
    expect(stdout).toContain(
      'colours ends in staging.\nIt goes on in prod.\nbutton in staging: everyone else serves blue.\n',
    );
    expect(await read('colours.yaml')).toBe(EXPERIMENT.replace('[staging, prod]', '[prod]'));
    expect(await read('button.yaml')).toBe(
      FLAG.replace(
        '    experiment: colours            # all of them',
        '    serve: blue                    # all of them',
      ),
    );
    expect(await faults()).toEqual([]);
  });

  test('it ends wherever it stood: in rules, in blocks and for everyone else', async () => {
    await write(base);
    await conclude('colours', '--ship', 'blue', '--write');
    const flag = await read('button.yaml');
    expect(flag).not.toContain('experiment');
    expect(flag).toContain('        then:\n          # theirs\n          serve: blue\n');
    expect(await read('colours.yaml')).toBe(EXPERIMENT.replace('running', 'stopped'));
    expect(await faults()).toEqual([]);
  });

  test('line breaks, a byte order mark and quotes stay', async () => {
    const odd = (text: string) =>
      `\uFEFF${text.replaceAll('\n', '\r\n').replace('status: running', '"status": "running"')}`;
    await write({ ...base, 'colours.yaml': odd(EXPERIMENT), 'button.yaml': odd(FLAG) });
    await conclude('colours', '--ship', 'grey', '--write');
    expect(await read('colours.yaml')).toBe(odd(EXPERIMENT).replace('"running"', 'stopped'));
    expect(await read('button.yaml')).toMatch(
      /^\uFEFFflag: button\r\n[\s\S]*serve: grey {20}# all of them\r\n/,
    );
    expect(await faults()).toEqual([]);
  });

  test('a warning that comes of it is told, with its place', async () => {
    const flag = FLAG.replace('        if: { attribute: staff, operator: eq, value: true }\n', '');
    await write({ ...base, 'button.yaml': flag });
    const { code, stdout } = await conclude('colours', '--ship', 'blue', '--write');
    expect(code).toBe(0);
    expect(stdout).toMatch(/flags\/button\.yaml:\d+:\d+ {2}warning {2}unreachable-rule/);
  });

  test('buckets and matrices of tests expect what everyone gets; what cannot be said is left and named', async () => {
    const tests = `test: button
environment: prod
cases:
  - name: the ramp, outside the experiment
    experiments: { colours: none }
    buckets: { 0-1999: blue, 2000-9999: grey }
  - name: staff by arm                  # each of them
    matrix: { arm: [grey, blue], staff: [true] }
    context: { targetingKey: u1, staff: "\${staff}" }
    experiments:
      # fixed
      colours: "\${arm}"
    expect: { experiment: colours, arm: "\${arm}" }
  - name: arms by name
    matrix: { arm: [grey, blue] }
    context: { targetingKey: "\${arm}" }
    experiments: { colours: "\${arm}" }
    expect: { variation: "\${arm}" }
  - name: nobody is fixed
    context: { targetingKey: u1, staff: true }
    expect: { experiment: colours }
`;
    const other =
      'test: button\nenvironments: [dev, staging]\ncases:\n  - name: blue for one\n    context: { targetingKey: u1 }\n    experiments: { colours: grey }\n    expect: { variation: [grey, blue] }\n';
    await write({ ...base, 'button.test.yaml': tests, 'button.other.test.yaml': other });
    expect(await faults()).toEqual([]);
    const { stdout } = await conclude('colours', '--ship', 'blue', '--write');
    expect(await read('button.other.test.yaml')).toBe(
      other.replace('    experiments: { colours: grey }\n', ''),
    );
    expect(await read('button.test.yaml')).toBe(`test: button
environment: prod
cases:
  - name: the ramp, outside the experiment
    buckets: { 0-1999: blue, 2000-9999: blue }
  - name: staff by arm                  # each of them
    matrix: { staff: [true] }
    context: { targetingKey: u1, staff: "\${staff}" }
    expect: { experiment: null }
  - name: arms by name
    matrix: { arm: [grey, blue] }
    context: { targetingKey: "\${arm}" }
    expect: { variation: blue }
  - name: nobody is fixed
    context: { targetingKey: u1, staff: true }
    expect: { experiment: null }
`);
    expect(stdout).not.toContain('does not pass any more');
    expect(await faults()).toEqual([]);
  });

  test('a file of tests with errors is left, and named; one of another flag is not', async () => {
    const broken = (flag: string) =>
      `test: ${flag}\nenvironment: prod\ncases:\n  - { name: odd, expect: grey }\n`;
    await write({ ...base, 'button.test.yaml': broken('button'), 'other.test.yaml': broken('other') });
    const { stdout } = await conclude('colours', '--ship', 'blue', '--write');
    expect(stdout).toContain(
      'flags/button.test.yaml has errors, and is left as it is: `halyard test` tells them.\n',
    );
    expect(stdout).not.toContain('other.test.yaml');
    expect(await read('button.test.yaml')).toBe(broken('button'));
  });

  test('a case that no longer has one answer is left to its author', async () => {
    const tests = `test: button
environment: prod
cases:
  - name: everyone by arm
    matrix: { arm: [grey, blue], staff: [true, false] }
    context: { targetingKey: u1, staff: "\${staff}" }
    experiments: { colours: "\${arm}" }
    buckets: { 2000-9999: "\${arm}" }
    expect: { rule: [staff, null], reason: SPLIT }
  - name: two answers
    matrix: { staff: [true, false] }
    context: { targetingKey: u1, staff: "\${staff}" }
    experiments: { colours: grey }
    expect: { reason: SPLIT }
`;
    await write({ ...base, 'button.test.yaml': tests });
    expect(await faults()).toEqual([]);
    const { code, stdout } = await conclude('colours', '--ship', 'blue', '--write');
    expect(code).toBe(0);
    expect(stdout).toContain('flags/button.test.yaml: "everyone by arm" does not pass any more: adapt it.\n');
    expect(stdout).toContain('flags/button.test.yaml: "two answers" does not pass any more: adapt it.\n');
    expect(await read('button.test.yaml')).toContain(`staff: "\${staff}" }\n    expect: { reason: SPLIT }\n`);
    expect(stdout).toContain('Next:\n  adapt the cases above that do not pass\n');
  });
});
