// Proves the list of checks: takes each out, in a copy of the last commit, and has its tests turn red. Slow, so it is run by hand:
// `node test/checks/prove.ts [parts of checks' names]`. Exits with 1 where a test stays green.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTemporaryPostgres } from '../../src/db/embedded-postgres.ts';
import type { Pair } from './pair.ts';
import { PAIRS } from './pairs.ts';

interface Report {
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const parts = process.argv.slice(2);
const isAsked = ({ check }: Pair) => parts.length === 0 || parts.some((part) => check.includes(part));

const copy = await mkdtemp(join(tmpdir(), 'halyard-checks-'));
const postgres = await startTemporaryPostgres();
try {
  await run('git', ['clone', '--quiet', root, copy]);
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const pair of PAIRS.filter(isAsked)) {
    const whole = await outcomes(pair);
    const text = await readFile(join(copy, pair.file), 'utf8');
    const without = pair.edits.reduce((rest, [from, to]) => rest.replace(from, () => to), text);
    await writeFile(join(copy, pair.file), without);
    const broken = await outcomes(pair);
    await writeFile(join(copy, pair.file), text);
    tell(pair, whole, broken);
  }
} finally {
  await postgres.stop();
  await rm(copy, { recursive: true, force: true });
}

function tell({ check, tests }: Pair, whole: Report, broken: Report): void {
  const names = tests.flatMap(([file, ...titles]) => titles.map((title) => ({ file, title })));
  const faults = names.flatMap(({ file, title }) => {
    const before = statuses(whole, file, title);
    if (before.length === 0 || before.some((status) => status !== 'passed'))
      return `not green with it: ${title}`;
    return statuses(broken, file, title).includes('failed') ? [] : `stays green: ${title}`;
  });
  process.stdout.write(`${faults.length === 0 ? 'red  ' : 'GREEN'}  ${check}\n`);
  for (const fault of faults) process.stdout.write(`         ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Of the named tests alone. */
async function outcomes({ tests }: Pair): Promise<Report> {
  const files = tests.map(([file]) => file);
  const output = join(copy, 'outcomes.json');
  const names = tests.flatMap(([, ...titles]) => titles.map(pattern)).join('|');
  const args = ['run', '--reporter=json', `--outputFile=${output}`, '-t', names, ...files];
  const env = { ...process.env, HALYARD_TEST_DATABASE_URL: postgres.url };
  await run(join(root, 'node_modules/.bin/vitest'), args, { cwd: copy, env }).catch(() => {});
  return JSON.parse(await readFile(output, 'utf8')) as Report;
}

function statuses({ testResults }: Report, file: string, title: string): string[] {
  const ran = testResults
    .filter(({ name }) => name.endsWith(file))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed');
  const matching = (end: string) =>
    ran.filter(({ fullName }) => new RegExp(pattern(title) + end).test(fullName));
  // A whole title goes before one that only begins with it.
  const found = matching('$').length > 0 ? matching('$') : matching('');
  return found.map(({ status }) => status);
}

/** A title as it is written in a table of cases stands for all of them. */
function pattern(title: string): string {
  return title
    .replace(/[`$]/g, '')
    .replace(/[.*+?^{}()|[\]\\]/g, '\\$&')
    .replace(/%[sj]/g, '.*');
}
