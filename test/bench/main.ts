// Runs each bench in a fresh process, so that none disturbs another: `npm run bench`, or `npm run bench -- engine`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const benches: { name: string; file: string; flags: string[] }[] = [
  { name: 'engine', file: 'engine.ts', flags: [] },
  {
    name: 'engine',
    file: 'engine-bytes.ts',
    flags: ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'],
  },
  { name: 'http', file: 'http.ts', flags: [] },
];

const wanted = process.argv.slice(2);
const names = new Set(benches.map(({ name }) => name));
for (const name of wanted) {
  if (!names.has(name)) throw new Error(`no bench is called ${name}; there are ${[...names].join(', ')}`);
}
for (const { name, file, flags } of benches) {
  const path = join(import.meta.dirname, file);
  if ((wanted.length > 0 && !wanted.includes(name)) || !existsSync(path)) continue;
  const { status } = spawnSync(process.execPath, [...flags, path], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
