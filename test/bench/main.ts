// Runs each bench in a fresh process, so that none disturbs another: `npm run bench`, or `npm run bench -- engine`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const benches: { name: string; file: string; flags: string[] }[] = [
  { name: 'engine', file: 'engine.ts', flags: [] },
  {
    name: 'engine',
    file: 'engine-bytes.ts',
    flags: ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'],
  },
  { name: 'swap', file: 'engine-swap.ts', flags: [] },
  { name: 'http', file: 'http.ts', flags: [] },
  { name: 'grpc', file: 'grpc.ts', flags: [] },
  { name: 'telemetry', file: 'telemetry.ts', flags: [] },
  { name: 'exposures', file: 'exposures.ts', flags: [] },
  { name: 'hostile', file: 'hostile.ts', flags: [] },
  { name: 'workers', file: 'workers.ts', flags: [] },
  { name: 'start', file: 'start.ts', flags: [] },
  { name: 'memory', file: 'memory.ts', flags: [] },
  { name: 'propagation', file: 'propagation.ts', flags: [] },
  { name: 'sync', file: 'sync.ts', flags: [] },
  { name: 'audit', file: 'audit.ts', flags: [] },
];

// A number says how large a bench is that asks for it: `npm run bench -- audit 100000`.
const size = process.argv.slice(2).filter((argument) => /^\d+$/.test(argument));
const wanted = process.argv.slice(2).filter((argument) => !size.includes(argument));
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  const there = [...new Set(benches.map(({ name }) => name))].sort().join(', ');
  process.stderr.write(`There is no bench ${unknown.join(', ')}; there are ${there}.\n`);
  process.exit(2);
}
for (const { name, file, flags } of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { status } = spawnSync(process.execPath, [...flags, join(import.meta.dirname, file), ...size], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
