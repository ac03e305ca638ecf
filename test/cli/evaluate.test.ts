// `halyard evaluate` as a process: what it prints and how it exits.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAIN } from '../support/main-file.ts';

const root = join(import.meta.dirname, '../..');
let folder = '';

const PROJECT = `project: a/b
environments:
  dev: { salt: "1" }
  prod: { salt: "c07d2e" }
`;
const SEGMENT = `segment: staff
description: d
include: [eve]
`;
const FLAG = `flag: ramp
description: d
owner: o
permanent: true
type: boolean
environments:
  prod:
    targets: { on: [alice] }
    rules:
      - name: ramp
        if:
          or:
            - { attribute: country, operator: eq, value: US }
            - { segment: staff }
        then: { serve: on, percent: 50 }
    serve: off
`;

const SCHEDULE = `flag: schedule
description: d
owner: o
permanent: true
type: boolean
environments:
  prod:
    rules:
      - name: holidays
        until: 2027-01-02T00:00:00Z
        from: 2026-12-24T00:00:00Z
        if: { attribute: country, operator: eq, value: US }
        then: { serve: on }
    serve: on
    ramp:
      - { at: 2026-12-01T09:00:00Z, percent: 5 }
      - { at: 2026-12-08T09:00:00+01:00, percent: 100 }
    linear: true
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halyard-evaluate-'));
  await writeFile(join(folder, 'project.yaml'), PROJECT);
  await writeFile(join(folder, 'ramp.yaml'), FLAG);
  await writeFile(join(folder, 'schedule.yaml'), SCHEDULE);
  await writeFile(join(folder, 'staff.yaml'), SEGMENT);
  await writeFile(join(folder, 'eve.json'), '{"targetingKey":"eve"}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function evaluate(args: string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const all = [MAIN, 'evaluate', ...args, '--path', folder];
    const child = execFile(process.execPath, all, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

const prod = ['ramp', '--environment', 'prod'];

test('a decision in two lines', async () => {
  expect(await evaluate([...prod, '--context', '{"targetingKey":"alice"}'])).toEqual({
    code: 0,
    stdout: 'ramp = true  variation on\nTARGETING_MATCH in prod: the unit is a target.\n',
    stderr: '',
  });
});

test('each step that led to it', async () => {
  const { code, stdout } = await evaluate([...prod, '--context', `@${folder}/eve.json`, '--explain']);
  expect(stdout).toBe(`ramp = false  variation off
DEFAULT in prod: no target and no rule took the subject.

enabled: yes
targets: no, targetingKey is "eve"
rule "ramp": yes, does not take the unit (bucket 9345 of ramp, on [0, 5000))
  yes  or
    no   country eq "US"  it is missing
    yes  segment staff
fallthrough: gives off

segment staff: yes, included, targetingKey is "eve"
`);
  expect(code).toBe(0);
});

test.each([
  ['2026-12-01T08:59:59.999Z', '0% until 2026-12-01T09:00:00Z, then 5%', 0],
  ['2026-12-01T09:00:00Z', '5% on the way to 100% at 2026-12-08T09:00:00+01:00', 500],
  ['2026-12-04T20:30:00Z', '52.5% on the way to 100% at 2026-12-08T09:00:00+01:00', 5250],
  ['2026-12-08T09:00:00+01:00', '100% since 2026-12-08T09:00:00+01:00', 10000],
])('at %s, where a ramp is and what comes next', async (at, where, share) => {
  const context = ['--context', '{"targetingKey":"eve"}', '--at', at, '--explain'];
  const { stdout } = await evaluate(['schedule', '--environment', 'prod', ...context]);
  expect(stdout.split('\n').slice(3)).toEqual([
    'enabled: yes',
    'rule "holidays": no',
    '  no   from 2026-12-24T00:00:00Z until 2027-01-02T00:00:00Z',
    '  no   country eq "US"  it is missing',
    `fallthrough: ${share > 821 ? 'gives on' : 'does not take the unit'} (${where}; bucket 821 of schedule, on [0, ${share}))`,
    '',
  ]);
});

test('as JSON, the context from standard input', async () => {
  const { code, stdout } = await evaluate(
    [...prod, '--context', '-', '--format', 'json'],
    '{"country":"US"}',
  );
  expect(JSON.parse(stdout)).toEqual({
    flag: 'ramp',
    value: false,
    variation: 'off',
    reason: 'ERROR',
    errorCode: 'TARGETING_KEY_MISSING',
    metadata: { environment: 'prod', revision: 1 },
  });
  expect(code).toBe(0);
});

test('many contexts, a decision a line', async () => {
  const lines = '{"targetingKey":"alice"}\n\n{"targetingKey":"nobody"}\n';
  const { code, stdout } = await evaluate([...prod, '--contexts', '-'], lines);
  const variations = stdout.split('\n').map((line) => line && JSON.parse(line).variation);
  expect(variations).toEqual(['on', 'off', '']);
  expect(code).toBe(0);
});

test('a line that is no context is named', async () => {
  const { code, stdout, stderr } = await evaluate([...prod, '--contexts', '-'], '{}\n7\n');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('line 2 of --contexts must be a JSON object');
});

test('a line that is no JSON is named by its number in the file, and not quoted', async () => {
  const { code, stderr } = await evaluate([...prod, '--contexts', '-'], '{}\n\n{"email": eve@example.com}\n');
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'halyard: line 3 of --contexts is not JSON\n' });
});

test('an explanation as JSON', async () => {
  const { stdout } = await evaluate(['ramp', '--environment', 'dev', '--explain', '--format', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    decision: { value: false, reason: 'DISABLED' },
    steps: [{ step: 'enabled', enabled: false }],
  });
});

test('an unknown flag exits with 1 and names the nearest', async () => {
  const { code, stdout, stderr } = await evaluate(['rump', '--environment', 'prod']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(`halyard: there is no flag \`rump\` in ${folder}. Did you mean \`ramp\`?\n`);
});

test.each([
  ['JSON that is none', ['--context', '{'], '--context is not JSON'],
  ['a context that is no object', ['--context', '["alice"]'], '--context must be a JSON object'],
  ['a file that is not there', ['--context', '@nowhere.json'], '"nowhere.json"'],
  ['a time that is none', ['--at', 'yesterday'], 'It is no instant'],
])('%s exits with 2', async (_, args, message) => {
  const { code, stdout, stderr } = await evaluate([...prod, ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('an unknown environment exits with 2 and names those that there are', async () => {
  const { code, stderr } = await evaluate(['ramp', '--environment', 'prd']);
  expect(code).toBe(2);
  expect(stderr).toContain('dev, prod');
});

test('definitions with errors decide nothing', async () => {
  await writeFile(join(folder, 'broken.yaml'), 'flag: broken\n');
  const { code, stdout, stderr } = await evaluate(prod);
  await rm(join(folder, 'broken.yaml'));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/broken\.yaml:1:1 {2}error/);
});
