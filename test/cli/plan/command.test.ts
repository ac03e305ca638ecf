// `halyard plan` as a process, in the sample project's own history: what it prints for each commit, and how it exits.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '../../../src/plan/plan.ts';
import { type Ended, SampleRepository } from '../../support/sample-repository.ts';

const CHECKOUT = 'flags/checkout/one-page-checkout.yaml';
const REORDERED_FROM = `      - name: staff
        if: { segment: staff }
        then: { serve: on }
`;

let sample: SampleRepository;
const commits: Record<string, string> = {};

beforeAll(async () => {
  sample = await SampleRepository.create();
  commits.first = await sample.repository.head();
  commits.raise = await sample.replace('Ramp to 25 %', CHECKOUT, 'percent: 10 ', 'percent: 25 ');
  commits.segment = await sample.replace(
    'Another domain',
    'flags/segments/staff.yaml',
    '@acme.example',
    '@acme.test',
  );
  commits.remark = await sample.replace('A remark', CHECKOUT, '# everyone else', '# all others');
  await sample.repository.edit('README.md', 'Hello.\n');
  commits.readme = await sample.repository.commit('A page');
  const text = await sample.repository.git('show', `HEAD:${CHECKOUT}`);
  const reordered = `${text.replace(REORDERED_FROM, '').replace('    serve: off ', `${REORDERED_FROM}    serve: off `)}\n`;
  commits.reorder = await sample.repository.commit('Staff last', { [CHECKOUT]: reordered });
  commits.salt = await sample.replace('Another salt', 'flags/project.yaml', '"c07d2e"', '"c07d2f"');
  commits.banner = await sample.repository.commit('No banner', {
    'flags/shop/banner.yaml': null,
    'flags/shop/banner.test.yaml': null,
    'flags/shop/banner.before-prod.test.yaml': null,
  });
});
afterAll(() => sample[Symbol.asyncDispose]());

/** What one commit of the history does. */
function planOfCommit(name: string, ...options: string[]): Promise<Ended> {
  const commit = commits[name] ?? '';
  return sample.run(['plan', `${commit}~1`, commit, ...options]);
}

/** The output without its first line's commits. */
async function textOf(name: string): Promise<string> {
  const { code, stdout, stderr } = await planOfCommit(name);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.replace(/^(\S+), from \S+ \(\w+\) to \w+: /, '$1: ');
}

async function jsonOf(name: string): Promise<Plan> {
  return JSON.parse((await planOfCommit(name, '--format', 'json')).stdout) as Plan;
}

test('a raise', async () => {
  expect(await textOf('raise')).toBe(`\
acme/shop: 1 flag changes, and somebody moves. 1 warning.

one-page-checkout  payments
  prod  rule "US ramp"  percent 10 → 25
  prod: on 10% → 25%; 15% move off → on, nobody moves back
          of those for whom country eq US and appVersion semver_gte "4.2.0" and not segment staff and not segment customers
        on 32.5% → 43.75%; 11.25% move off → on, nobody moves back
          of those for whom country eq US and appVersion semver_gte "4.2.0" and segment customers
        rule US ramp: on 10% → 25%; 15% move next rule → on, nobody moves back

Warnings
  ! running-experiment  experiment page-layout in prod: \`page-layout\` is running, and some of its units no longer reach it in \`one-page-checkout\`: results from before and after do not compare.
`);
});

test('a segment says through what it reaches a flag, and no personal value', async () => {
  const text = await textOf('segment');
  expect(text).toMatch(/^acme\/shop: 1 segment changes, and somebody moves\./);
  expect(text).toContain('  segment staff  if changed: email ends_with <personal> (any case)');
  expect(text).toContain('\none-page-checkout  payments\n  prod through segment staff:\n');
  expect(text).not.toContain('@acme');
});

test.each(['remark', 'readme'])('a change that means nothing (%s) is one line', async (name) => {
  expect(await textOf(name)).toBe('acme/shop: nothing changes, and nobody moves.\n');
});

test('rules in another order', async () => {
  const text = await textOf('reorder');
  expect(text).toContain(
    '  prod  rules "staff", "US ramp", "layout test" → "US ramp", "layout test", "staff"\n',
  );
});

test('a salt deals everyone anew, in one environment alone', async () => {
  const { flags, warnings } = await jsonOf('salt');
  expect(
    flags.flatMap(({ flag, environments }) => environments.map((part) => `${flag} ${part.environment}`)),
  ).toEqual(['banner prod', 'free-shipping-from prod', 'one-page-checkout prod']);
  expect(warnings.map(({ code }) => code)).toContain('reshuffle');
});

test('a deleted flag leaves the app with its own default', async () => {
  expect(await textOf('banner')).toContain(`
banner  marketing
  deleted
  dev, staging: everyone gets sale until now, then the app's own default
`);
});

test('--fail-on makes chosen warnings fail, and no others', async () => {
  expect((await planOfCommit('salt')).code).toBe(0);
  expect((await planOfCommit('salt', '--fail-on', 'reshuffle,unreachable')).code).toBe(1);
  expect((await planOfCommit('salt', '--fail-on', 'unreachable', '--fail-on', 'expiry-extended')).code).toBe(
    0,
  );
  expect((await planOfCommit('salt', '--fail-on', '')).code).toBe(0);
});

test('one environment alone', async () => {
  const { code, stdout } = await planOfCommit('banner', '--environment', 'prod');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^acme\/shop in prod, from /);
  expect(stdout).not.toContain('dev, staging:');
});

test('Markdown begins with the mark, and is the same however often it is asked for', async () => {
  const { stdout } = await planOfCommit('raise', '--format', 'markdown');
  expect(stdout).toMatch(/^<!-- halyard-plan -->\n### Plan of `acme\/shop`\n/);
  expect((await planOfCommit('raise', '--format', 'markdown')).stdout).toBe(stdout);
});

test('contexts are counted, and only their lines are named', async () => {
  const lines = Array.from({ length: 200 }, (_, n) =>
    JSON.stringify({
      targetingKey: `user-${n}`,
      email: `secret-${n}@example.com`,
      country: 'US',
      appVersion: '4.2.0',
    }),
  );
  const args = ['plan', `${commits.raise}~1`, `${commits.raise}`, '--contexts', '-'];
  const { stdout } = await sample.run(args, `\n${lines.join('\n')}\n`);
  const [, changed] =
    /(\d+) of 200 contexts change: \1 off → on \(lines \d+, \d+, \d+, …\)/.exec(stdout) ?? [];
  expect(Number(changed)).toBeGreaterThan(15);
  expect(Number(changed)).toBeLessThan(45);
  expect(stdout).toMatch(new RegExp(`\n${changed} of 200 contexts get another answer\\.\n`));
  expect(stdout).not.toMatch(/secret|user-/);
  const json = JSON.parse((await sample.run([...args, '--format', 'json'], lines.join('\n'))).stdout);
  expect(json.contexts).toMatchObject({ contexts: 200, changed: Number(changed) });
});

test('a context that is none is named by its line', async () => {
  const { code, stdout, stderr } = await sample.run(
    ['plan', '--contexts', '-'],
    '{}\n\nnobody@example.com\n',
  );
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'halyard: line 3 of --contexts is not JSON\n',
  });
});

test('the folder as it is counts, from within a folder of the repository too', async () => {
  await using other = await SampleRepository.create();
  await other.repository.edit('flags/new.yaml', NEW_FLAG);
  const { stdout } = await other.run(['plan', '--path', './flags/']);
  expect(stdout).toMatch(/^acme\/shop, from main \(\w{10}\) to the folder as it is: 1 flag changes/);
  const inside = await other.run(['plan', 'HEAD', '--path', join(other.repository.folder, 'flags')]);
  expect(inside.stdout).toContain('\nnew  shop\n  created\n');
});

const NEW_FLAG = `flag: new
description: A new one.
owner: shop
permanent: true
type: boolean
environments:
  prod: { serve: on, percent: 5 }
`;

test('a head with errors has no plan: its problems are printed, as a comment too', async () => {
  await using other = await SampleRepository.create();
  await other.repository.edit('flags/new.yaml', NEW_FLAG.replace('serve: on', 'serve: onn'));
  const text = await other.run(['plan']);
  expect([text.code, text.stdout]).toEqual([1, '']);
  expect(text.stderr).toMatch(/^flags\/new\.yaml:7:18 {2}error {2}unknown-variation {2}/);
  const markdown = await other.run(['plan', '--format', 'markdown']);
  expect(markdown.code).toBe(1);
  expect(markdown.stdout).toMatch(
    /^<!-- halyard-plan -->\n### No plan\n\n1 error: .*\n\n```text\nflags\/new\.yaml:7:18 {2}unknown-variation/,
  );
  const json = await other.run(['plan', '--format', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    problems: [{ file: 'new.yaml', code: 'unknown-variation' }],
  });
});

test('a project with another name has no plan, since sync would refuse it', async () => {
  await using other = await SampleRepository.create();
  await other.replace('Another name', 'flags/project.yaml', 'project: acme/shop', 'project: acme/store');
  const { code, stderr } = await other.run(['plan', 'HEAD~1']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^flags\/project\.yaml:2:1 {2}error {2}project-renamed {2}/);
});

test.each([
  [['plan', 'mian'], 'there is no commit `mian` here. Did you mean `main`?'],
  [['plan', '--path', 'nowhere'], 'there is no folder "nowhere"'],
  [['plan', '--fail-on', 'reshufle'], 'There is no warning `reshufle`. There are: reshuffle, '],
  [['plan', '--environment', 'prd'], 'there is no environment `prd`. Did you mean `prod`?'],
  [['plan', '--at', 'soon'], 'It is no instant'],
  [['plan', '--format', 'html'], 'Allowed choices are text, json, markdown.'],
])('%j is wrong use', async (args, message) => {
  const { code, stdout, stderr } = await sample.run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('outside of a repository it is wrong use', async () => {
  const folder = join(sample.repository.folder, '.git/no-repository');
  await mkdir(folder);
  await writeFile(join(folder, 'project.yaml'), 'project: a/b\n');
  const { code, stderr } = await sample.run(['plan', '--path', '/']);
  expect(code).toBe(2);
  expect(stderr).toContain('"/" is in no git repository');
});
