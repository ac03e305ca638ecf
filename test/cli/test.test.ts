// `halyard test` as a process: what it prints and writes, how it exits, and how it watches.
import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXPERIMENT, FLAG, testOf } from '../flag-tests/support.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { until } from '../support/until.ts';

const PROJECT = `project: a/b
environments:
  dev: { salt: "1" }
  prod: { salt: "c07d2e" }
`;
const PASSING = testOf(`- { name: named units, context: { targetingKey: alice }, expect: { value: true } }
- { name: the ramp, context: { country: US }, buckets: { 0-999: on, 1000-9999: off } }`);
const FAILING = testOf(
  `- { name: "<a> & \\"b\\" \\u0007", context: { plan: pro }, expect: { rule: ramp, value: true } }`,
);

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder('halyard-test-');
  await project('good', { 'checkout.test.yaml': PASSING });
  await project('bad', {
    'checkout.test.yaml': PASSING,
    'more/pro.test.yaml': FAILING,
    'more/broken.test.yaml': testOf('- { name: a, expect: { rule: rmap } }'),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder of definitions with the tests that are given. */
async function project(name: string, tests: { [path: string]: string }): Promise<string> {
  const place = join(folder, name);
  await mkdir(join(place, 'more'), { recursive: true });
  const files = { 'project.yaml': PROJECT, 'checkout.yaml': FLAG, 'layout.yaml': EXPERIMENT, ...tests };
  for (const [path, text] of Object.entries(files)) await writeFile(join(place, path), text);
  return place;
}

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function halyardTest(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'test', ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe('text', () => {
  test('cases that pass are counted', async () => {
    const { code, stdout, stderr } = await halyardTest('--path', 'good');
    expect(stdout).toMatch(/^2 cases in 1 file: none failed, in \d+\.\d\d s\.\n$/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('a failing case shows expected, actual and how it was decided; the others still run', async () => {
    const { code, stdout } = await halyardTest('--path', 'bad');
    expect(
      stdout.replace(/\d+\.\d\d s/, '… s'),
    ).toBe(`bad/more/broken.test.yaml:4:32  error  unknown-rule  The flag \`checkout\` has no rule \`rmap\` in prod.
    Did you mean \`ramp\`?
bad/more/pro.test.yaml:4:5  failed  checkout in prod: <a> & "b" \\u{7}
    rule: expected "ramp", got "pro"
    how it is decided:
      enabled: yes
      targets: no, targetingKey is missing
      rule "pro": yes, gives on
        yes  plan eq "pro"  it is "pro"

3 cases in 3 files: 1 failed, 1 file with errors not run, in … s.
`);
    expect(code).toBe(1);
  });

  test('buckets that differ are told', async () => {
    const path = await project('ramp', {
      'r.test.yaml': PASSING.replace('0-999: on, 1000-9999', '0-899: on, 900-9999'),
    });
    const { stdout } = await halyardTest('--path', path);
    expect(stdout).toContain('variation: expected "off", got "on" for the buckets 900-999\n');
    expect(stdout).toContain('how it is decided for the bucket 900:\n');
    expect(stdout).toContain('gives on (bucket 900 (fixed) of checkout, on [0, 1000))\n');
  });

  test('whoever a test keeps out of an experiment is said to be kept out', async () => {
    const cases =
      '- { name: out, context: { beta: true }, experiments: { layout: none }, expect: { arm: on } }';
    const { stdout } = await halyardTest('--path', await project('out', { 'c.test.yaml': testOf(cases) }));
    expect(stdout).toContain(
      'rule "#3": yes, experiment layout does not take the unit (traffic: kept out (fixed))\n',
    );
  });

  test('definitions with errors are not tested', async () => {
    const path = await project('broken', { 'checkout.test.yaml': PASSING, 'other.yaml': 'flag: other\n' });
    const { code, stdout } = await halyardTest('--path', path);
    expect(stdout).toMatch(/other\.yaml:1:1 {2}error {2}missing-key/);
    expect(stdout).toMatch(/Definitions with errors are not tested\.\n$/);
    expect(code).toBe(1);
  });

  test('a folder without tests is said to have none, and is fine', async () => {
    const { code, stdout } = await halyardTest('--path', await project('none', {}));
    expect(stdout).toContain('No tests in ');
    expect(code).toBe(0);
  });
});

describe('what is asked for', () => {
  test('a flag without tests is said to have none, and is fine', async () => {
    const path = await project('untested', { 'checkout.test.yaml': PASSING });
    await writeFile(
      join(path, 'other.yaml'),
      FLAG.replace('checkout', 'other').replace('experiment: layout', 'serve: on'),
    );
    const { code, stdout } = await halyardTest('other', '--path', path);
    expect(stdout).toBe(`No test of other in ${path}.\n`);
    expect(code).toBe(0);
    const covered = await halyardTest('other', '--path', path, '--coverage');
    expect(covered.stdout).toContain('no test  other: 7 ways\n');
    expect(covered.stdout).not.toContain('checkout');
  });

  test.each([
    ['a flag', 'checkout', '3 cases in 3 files'],
    ['a file as the shell completes it', 'bad/checkout.test.yaml', '2 cases in 1 file'],
    ['a file as problems name it', 'more/pro.test.yaml', '1 case in 1 file'],
    ['a folder', './bad/more/', '1 case in 2 files'],
    ['the folder in which the shell is', '.', '3 cases in 3 files'],
    [
      'a file on the disk, as an editor names it',
      () => join(folder, 'bad/more/pro.test.yaml'),
      '1 case in 1 file',
    ],
  ])('%s', async (_, name, counted) => {
    const wanted = typeof name === 'string' ? name : name();
    expect((await halyardTest(wanted, '--path', 'bad')).stdout).toContain(counted);
    expect((await halyardTest(wanted, '--path', join(folder, 'bad'))).stdout).toContain(counted);
  });

  test.each([
    ['a flag that there is not', ['chekout', '--path', 'good'], 'Did you mean `checkout`?'],
    ['a name that is empty', ['', '--path', 'good'], 'no flag and no test file ``'],
    ['a file that is no test', ['checkout.yaml', '--path', 'good'], 'no test file'],
    ['a folder that is not there', ['--path', 'nowhere'], 'there is no folder'],
    ['a coverage that is none', ['--min-coverage', 'all'], 'It is a number from 0 to 100'],
    ['JSON on a watch', ['--watch', '--format', 'json'], '--watch prints text'],
    [
      'a report among the definitions',
      ['--path', 'good', '--out', 'good/checkout.yaml'],
      'read as a definition',
    ],
    ['a file that cannot be written', ['--path', 'good', '--out', 'no/where.xml'], 'cannot be written'],
  ])('%s exits with 2', async (_, args, message) => {
    const { code, stderr } = await halyardTest(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('an empty folder exits with 2', async () => {
    await mkdir(join(folder, 'empty'));
    const { code, stderr } = await halyardTest('--path', 'empty');
    expect(stderr).toContain('there are no definitions in "empty"');
    expect(code).toBe(2);
  });
});

describe('coverage', () => {
  test('what no case reaches is listed', async () => {
    const { code, stdout } = await halyardTest('--path', 'good', '--coverage');
    expect(stdout).toContain(`good/checkout.yaml:7:8  no case  checkout in dev: everyone else
good/checkout.yaml:11:9  no case  checkout in prod: rule "pro"
`);
    expect(stdout).toContain('Coverage 50%: 4 of 8 ways through 1 flag.\n');
    expect(code).toBe(0);
  });

  test.each([
    ['50', 0],
    ['50.1', 1],
  ])('less than --min-coverage %s exits with %i', async (percent, expected) => {
    expect((await halyardTest('--path', 'good', '--min-coverage', percent)).code).toBe(expected);
  });
});

test('as JSON', async () => {
  const { code, stdout } = await halyardTest('--path', 'bad', '--format', 'json', '--coverage');
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    path: 'bad',
    files: 3,
    passed: 2,
    failed: 1,
    problems: [{ code: 'unknown-rule', file: 'more/broken.test.yaml', line: 4, column: 32 }],
    cases: [
      { name: 'named units', passed: true, file: 'checkout.test.yaml', line: 4 },
      { name: 'the ramp', passed: true, flag: 'checkout', environment: 'prod' },
      {
        passed: false,
        failures: [{ field: 'rule', anyOf: ['ramp'], actual: 'pro' }],
        explanation: { decision: { variation: 'on' } },
      },
    ],
    coverage: { total: 8, covered: 5, percent: 62.5 },
  });
  expect(code).toBe(1);
});

test('as annotations for GitHub, errors first', async () => {
  const { code, stdout } = await halyardTest('--path', 'bad', '--format', 'github', '--coverage');
  const lines = stdout.split('\n');
  expect(lines[0]).toBe(
    '::error file=bad/more/broken.test.yaml,line=4,endLine=4,col=32,endColumn=33,title=unknown-rule::The flag `checkout` has no rule `rmap` in prod.%0ADid you mean `ramp`?',
  );
  expect(lines[1]).toBe(
    '::error file=bad/more/pro.test.yaml,line=4,endLine=4,col=5,endColumn=6,title=checkout in prod%3A <a> & "b" \\u{7}::rule: expected "ramp", got "pro"',
  );
  expect(lines[2]).toMatch(
    /^::warning file=bad\/checkout\.yaml,line=7,.*::No case reaches checkout in dev: everyone else\.$/,
  );
  expect(lines.at(-2)).toContain('1 failed');
  expect(code).toBe(1);
});

test('as JUnit XML in a file, well-formed and escaped, while text is printed', async () => {
  const file = join(folder, 'report.xml');
  const { code, stdout } = await halyardTest('--path', 'bad', '--format', 'junit', '--out', file);
  expect(stdout).toContain('1 failed');
  const xml = await readFile(file, 'utf8');
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: isMany });
  const { testsuites } = parser.parse(xml);
  expect(testsuites).toMatchObject({
    tests: '4',
    failures: '1',
    errors: '1',
    time: expect.stringMatching(/^\d+\.\d{3}$/),
  });
  const suites = testsuites.testsuite;
  expect(suites).toMatchObject([
    { name: 'checkout in prod', file: 'bad/checkout.test.yaml', tests: '2', failures: '0' },
    { name: 'checkout in prod', file: 'bad/more/pro.test.yaml', tests: '1', failures: '1' },
    { name: 'bad/more/broken.test.yaml', tests: '1', errors: '1' },
  ]);
  expect(suites[1].testcase).toMatchObject([
    {
      name: '<a> & "b" \\u{7}',
      classname: 'prod.checkout',
      file: 'bad/more/pro.test.yaml',
      line: '4',
      failure: { message: 'rule: expected "ramp", got "pro"' },
    },
  ]);
  expect(suites[2].testcase).toMatchObject([{ error: { type: 'unknown-rule' } }]);
  expect(code).toBe(1);
});

describe('coverage that is too low fails where a machine reads it', () => {
  const SENTENCE = 'Coverage 50%: 4 of 8 ways through 1 flag, less than 50.1%.';
  const asked = (format: string, percent: string) =>
    halyardTest('--path', 'good', '--format', format, '--min-coverage', percent);

  test('in JUnit XML, as a case of its own', async () => {
    const { stdout } = await asked('junit', '50.1');
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: isMany });
    const { testsuites } = parser.parse(stdout);
    expect(testsuites).toMatchObject({ tests: '3', failures: '1', errors: '0' });
    expect(testsuites.testsuite[1]).toMatchObject({
      name: 'coverage',
      testcase: [{ name: 'at least 50.1%', failure: { message: SENTENCE } }],
    });
    expect(stdout).toContain('rule &quot;pro&quot;');
    const fine = await asked('junit', '50');
    expect(fine.stdout).toContain('<testcase name="at least 50%" classname="coverage" time="0.000"/>');
    expect(fine.stdout).toContain('tests="3" failures="0"');
  });

  test('for GitHub and in JSON', async () => {
    expect((await asked('github', '50.1')).stdout).toContain(`\n${SENTENCE}\n`);
    const { stdout } = await asked('json', '50.1');
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, coverage: { percent: 50, minimum: 50.1 } });
  });
});

test('definitions with errors are erroneous cases in JUnit XML', async () => {
  const path = await project('broken-too', { 'other.yaml': 'flag: other\n' });
  const { code, stdout } = await halyardTest('--path', path, '--format', 'junit');
  expect(XMLValidator.validate(stdout)).toBe(true);
  expect(stdout).toContain('<error message="');
  expect(code).toBe(1);
});

function isMany(name: string): boolean {
  return name === 'testsuite' || name === 'testcase';
}

test('a watch runs again after each change, survives what is broken, and ends with 0 on Ctrl-C', async () => {
  const path = await project('watched', { 'checkout.test.yaml': PASSING });
  const child = spawn(process.execPath, [MAIN, 'test', '--watch', '--path', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const says = async (text: string) => {
      await until(() => printed.includes(text));
      printed = '';
    };
    await says('none failed');
    await writeFile(join(path, 'checkout.yaml'), FLAG.replace('percent: 10', 'percent: 20'));
    await says('got "on" for the buckets 1000-1999');
    await writeFile(join(path, 'checkout.yaml'), 'flag: [');
    await says('Definitions with errors are not tested.');
    await writeFile(join(path, 'checkout.yaml'), FLAG);
    await says('none failed');
    await rm(path, { recursive: true });
    await says('there is no folder');
    await project('watched', { 'checkout.test.yaml': FAILING });
    await says('1 failed');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});
