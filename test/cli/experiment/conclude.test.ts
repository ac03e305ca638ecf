// `halyard experiment conclude` as a process: what it prints, what it writes, and that check and tests pass afterwards.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

/** Definitions are fine, formatted as before, and every case passes. */
async function expectSound(): Promise<void> {
  expect(await halyard(['check'], folder)).toMatchObject({ code: 0 });
  expect(await halyard(['fmt', '--check'], folder)).toMatchObject({ code: 0 });
  expect(await halyard(['test'], folder)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(': none failed'),
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-conclude-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('in the sample project', () => {
  const FLAG = 'checkout/one-page-checkout.yaml';
  const EXPERIMENT = 'checkout/page-layout.yaml';
  const TESTS = 'checkout/one-page-checkout.test.yaml';

  beforeEach(async () => {
    await cp(join(root, 'flags'), join(folder, 'flags'), { recursive: true });
    git('init', '-q');
  });

  test.each(['on', 'off'])(
    '%s is served where the experiment stood, and nothing else changes',
    async (arm) => {
      const before = { flag: await read(FLAG), experiment: await read(EXPERIMENT) };
      const { code, stdout } = await conclude('page-layout', '--ship', arm, '--write');
      expect(code).toBe(0);
      expect(stdout).toContain(`one-page-checkout in prod: rule "layout test" serves ${arm}.\n`);
      expect(stdout).toContain(`git commit -m "Conclude page-layout: ship ${arm}" -- flags/checkout/`);
      const served = (text: string) =>
        text.replace(
          /experiment: page-layout \}( +)#/,
          (_, gap) => `serve: ${arm} }${' '.repeat(gap.length + 23 - 7 - arm.length)}#`,
        );
      expect(await read(FLAG)).toBe(served(before.flag));
      expect(await read(EXPERIMENT)).toBe(before.experiment.replace('status: running', 'status: stopped'));
      await expectSound();
    },
  );

  test('the tests no longer know the experiment, and expect the winner', async () => {
    await conclude('page-layout', '--ship', 'on', '--write');
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

  test('what is printed is the same as a diff, and nothing is written', async () => {
    const { code, stdout, stderr } = await conclude('page-layout', '--ship', 'on');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /halyard: Nothing is written\. To write it: the same with --write, or pipe it into `git apply`\.\n$/,
    );
    expect(await read(EXPERIMENT)).toContain('status: running');
    await writeFile(join(folder, 'patch'), stdout);
    git('apply', 'patch');
    const applied = await Promise.all([FLAG, EXPERIMENT, TESTS].map(read));
    git('apply', '-R', 'patch');
    await conclude('page-layout', '--ship', 'on', '--write');
    expect(await Promise.all([FLAG, EXPERIMENT, TESTS].map(read))).toEqual(applied);
  });

  test('as JSON', async () => {
    const { stdout } = await conclude('page-layout', '--ship', 'on', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      experiment: 'page-layout',
      arm: 'on',
      environments: ['prod'],
      remaining: [],
      flag: 'one-page-checkout',
      places: [{ environment: 'prod', rule: 'layout test' }],
      tests: { adapted: [{ file: TESTS }, { file: TESTS }], left: [] },
      warnings: [],
      files: [TESTS, FLAG, EXPERIMENT].map((path) => `flags/${path}`),
      written: false,
      diff: expect.stringContaining('+status: stopped'),
    });
  });

  test.each<[string, number, RegExp, string[]]>([
    [
      'an arm that there is not',
      2,
      /has no arm `blue`\. It has: `off`, `on`/,
      ['page-layout', '--ship', 'blue'],
    ],
    ['a misspelled arm', 2, /has no arm `onn`\. Did you mean `on`\?/, ['page-layout', '--ship', 'onn']],
    [
      'an experiment that there is not',
      1,
      /there is no experiment `page-layot` in flags\. Did you mean `page-layout`\?/,
      ['page-layot', '--ship', 'on'],
    ],
    [
      'an environment where it does not run',
      2,
      /does not run in `dev`\. It runs in: `prod`/,
      ['page-layout', '--ship', 'on', '--environment', 'dev'],
    ],
    [
      'an environment that there is not',
      2,
      /has no environment `live`\. It runs in: `prod`/,
      ['page-layout', '--ship', 'on', '--environment', 'live'],
    ],
    ['nothing to ship', 2, /--ship/, ['page-layout']],
  ])('it refuses %s', async (_, status, message, args) => {
    const { code, stdout, stderr } = await conclude(...args, '--write');
    expect([code, stdout]).toEqual([status, '']);
    expect(stderr).toMatch(message);
    expect(await read(EXPERIMENT)).toContain('status: running');
  });

  test.each([
    ['draft', /is a draft that has assigned nobody: there is nothing to conclude/],
    ['stopped', /is stopped already: there is nothing to conclude/],
  ])('it refuses one that is %s', async (status, message) => {
    await write({ [EXPERIMENT]: (await read(EXPERIMENT)).replace('status: running', `status: ${status}`) });
    const { code, stderr } = await conclude('page-layout', '--ship', 'on', '--write');
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  test('definitions with errors are not touched', async () => {
    await write({ [FLAG]: (await read(FLAG)).replace('segment: staff', 'segment: stuff') });
    const { code, stderr } = await conclude('page-layout', '--ship', 'on', '--write');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/unknown-segment[\s\S]*definitions with errors conclude no experiment/),
    ]);
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
    await expectChecked();
  });

  test('it ends wherever it stood: in rules, in blocks and for everyone else', async () => {
    await write(base);
    await conclude('colours', '--ship', 'blue', '--write');
    const flag = await read('button.yaml');
    expect(flag).not.toContain('experiment');
    expect(flag).toContain('        then:\n          # theirs\n          serve: blue\n');
    expect(await read('colours.yaml')).toBe(EXPERIMENT.replace('running', 'stopped'));
    await expectChecked();
  });

  async function expectChecked(): Promise<void> {
    expect(await halyard(['check'], folder)).toMatchObject({ code: 0 });
  }

  test('line breaks, a byte order mark and quotes stay', async () => {
    const odd = (text: string) =>
      `\uFEFF${text.replaceAll('\n', '\r\n').replace('status: running', '"status": "running"')}`;
    await write({ ...base, 'colours.yaml': odd(EXPERIMENT), 'button.yaml': odd(FLAG) });
    await conclude('colours', '--ship', 'grey', '--write');
    expect(await read('colours.yaml')).toBe(odd(EXPERIMENT).replace('"running"', 'stopped'));
    expect(await read('button.yaml')).toMatch(
      /^\uFEFFflag: button\r\n[\s\S]*serve: grey {20}# all of them\r\n/,
    );
    await expectChecked();
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
    expect(await halyard(['test'], folder)).toMatchObject({ code: 0 });
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
    expect(await halyard(['test'], folder)).toMatchObject({ code: 0 });
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
    expect(await halyard(['test'], folder)).toMatchObject({ code: 0 });
    const { code, stdout } = await conclude('colours', '--ship', 'blue', '--write');
    expect(code).toBe(0);
    expect(stdout).toContain('flags/button.test.yaml: "everyone by arm" does not pass any more: adapt it.\n');
    expect(stdout).toContain('flags/button.test.yaml: "two answers" does not pass any more: adapt it.\n');
    expect(await read('button.test.yaml')).toContain(`staff: "\${staff}" }\n    expect: { reason: SPLIT }\n`);
    expect(stdout).toContain('Next:\n  adapt the 2 cases above\n');
  });
});
