// `npm run soak -- [minutes]`: a relay under load for a long time, while commits come, PostgreSQL is restarted and clients are slow.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, cpus, loadavg, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RelayProcess } from '../relay/faults/relay-process.ts';
import { until } from '../support/until.ts';
import { courseOf, type Sample, sampleOf } from './gauges.ts';
import { judge, type LoadSummary, print } from './report.ts';
import { SlowClients } from './slow-clients.ts';
import { ENDINGS, World } from './world.ts';

const PER_SECOND = Number(process.env.SOAK_PER_SECOND ?? 2_000);
const COMMIT_EVERY_MS = 3_000;
const RESTART_EVERY_MS = 30_000;
const SIGHUP_EVERY_MS = 20_000;

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const minutes = Number(process.argv[2] ?? 10);
const seconds = Math.round(minutes * 60);

const cache = await mkdtemp(join(tmpdir(), 'halyard-soak-cache-'));
await using world = await World.create();
await using relay = await RelayProcess.start({
  source: world.url,
  cache,
  args: ['--grpc', '127.0.0.1:0'],
  node: ['--import', here('./gauge.ts')],
});
const statusOf = async () =>
  (await (await fetch(`${relay.url}/v1/status`)).json()) as { revision?: number; stale: boolean };
await until(async () => (await statusOf()).revision === 1, 60_000);
const port = Number(new URL(relay.url).port);

const over = new AbortController();
/** Does something again and again until the soak is over. */
async function every(ms: number, work: (nth: number) => unknown): Promise<void> {
  for (let nth = 0; !over.signal.aborted; nth++) {
    await sleep(ms, undefined, { signal: over.signal }).catch(() => undefined);
    if (!over.signal.aborted) await work(nth);
  }
}

const startedMs = Date.now();
const samples: Sample[] = [];
const load = spawn(
  process.execPath,
  [
    here('./load.ts'),
    `${port}`,
    `${new URL(relay.grpcUrl ?? relay.url).port}`,
    `${PER_SECOND}`,
    `${seconds}`,
  ],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let said = '';
load.stdout.setEncoding('utf8').on('data', (text: string) => {
  said += text;
});
// What follows belongs on other machines than the relay and the app that asks it; PostgreSQL follows with its first restart.
setPriority(constants.priority.PRIORITY_LOW);
let slowEnded = 0;
{
  using slow = new SlowClients(port);
  const happenings = [
    every(COMMIT_EVERY_MS, () => world.commit()),
    every(RESTART_EVERY_MS, (nth) =>
      world.restart(ENDINGS[nth % ENDINGS.length] ?? 'SIGINT', 500 + (nth % 4) * 1_500),
    ),
    every(SIGHUP_EVERY_MS, () => relay.signal('SIGHUP')),
    every(1_000, async () => samples.push(await sampleOf(relay.pid, (Date.now() - startedMs) / 1_000))),
  ];
  await once(load, 'close');
  over.abort();
  await Promise.all(happenings);
  slowEnded = slow.ended;
}
// What was committed last is served when the dust has settled.
await until(async () => (await statusOf()).revision === world.commits && !(await statusOf()).stale, 60_000);

interface Gauge {
  atMs: number;
  oldBytes?: number;
  timers?: number;
}
const gauges = relay
  .lines()
  .filter((line) => line.includes('"msg":"gauge"'))
  .map((line) => JSON.parse(line) as Gauge);
const sampled = (read: (sample: Sample) => number) =>
  courseOf(
    samples.map((sample) => ({ second: sample.second, value: read(sample) })),
    seconds,
  );
const gauged = (name: 'oldBytes' | 'timers', unit = 1) =>
  courseOf(
    gauges.flatMap(({ atMs, [name]: value }) =>
      value === undefined ? [] : [{ second: (atMs - startedMs) / 1_000, value: value / unit }],
    ),
    seconds,
  );
const findings = {
  load: JSON.parse(said) as LoadSummary,
  seconds,
  perSecond: PER_SECOND,
  commits: world.commits,
  restarts: world.restarts,
  slowEnded,
  rssMb: sampled(({ rssMb }) => rssMb),
  heapMb: gauged('oldBytes', 1_048_576),
  descriptors: sampled(({ descriptors }) => descriptors),
  timers: gauged('timers'),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, load ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`,
};
print(findings);
await rm(cache, { recursive: true, force: true });
const broken = judge(findings);
for (const promise of broken) console.log(`BROKEN: ${promise}`);
process.exitCode = broken.length === 0 ? 0 : 1;
