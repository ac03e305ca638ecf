// `npm run prove:faults -- 20`: plays the whole fault matrix so many times, and says which rows failed how often.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
}

const times = Number(process.argv[2] ?? 20);
const folder = await mkdtemp(join(tmpdir(), 'halyard-prove-'));
const failures = new Map<string, string[]>();
let green = 0;
for (let nth = 1; nth <= times; nth++) {
  const started = performance.now();
  const file = join(folder, 'report.json');
  const args = ['run', '--project', 'pg', 'test/relay/faults', '--reporter=json', `--outputFile=${file}`];
  const vitest = spawn('vitest', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(vitest, 'close');
  const report = JSON.parse(await readFile(file, 'utf8')) as Report;
  const failed = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed');
  for (const { title, failureMessages } of failed) {
    console.log(`  ${title}: ${failureMessages[0]?.split('\n')[0]?.slice(0, 300)}`);
    failures.set(title, [...(failures.get(title) ?? []), failureMessages[0]?.slice(0, 600) ?? '']);
  }
  if (code === 0) green++;
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const counts = `${report.numPassedTests} passed, ${report.numFailedTests} failed, ${report.numPendingTests} skipped`;
  console.log(
    `${nth}/${times}: ${code === 0 ? 'green' : 'RED'}, ${counts}, ${seconds} s, load ${loadavg()[0]?.toFixed(1)}`,
  );
}
await rm(folder, { recursive: true, force: true });
for (const [title, messages] of failures) console.log(`${messages.length}× ${title}\n   ${messages[0]}`);
console.log(`${green} of ${times} runs were green`);
process.exitCode = green === times ? 0 : 1;
