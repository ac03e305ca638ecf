// `npm run fuzz -- 100000 [seed]`: sends so many fuzzed requests to a relay's server, and fails on a 500, a crash, a hang, an answer that the contract does not allow, or growth.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fuzz } from './fuzz.ts';

interface Held {
  heapBytes: number;
  fds: number;
  timers: number;
  inFlight: number;
  failures: string[];
}

const WARM_UP = 2_000;
const MOST_GROWTH_BYTES = 16e6;
const SETTLE_MS = 30_000;
const MOST_SHOWN = 4_000;

const [count = 100_000, seed = Date.now() % 1e9] = process.argv.slice(2).map(Number);
const server = fork(join(import.meta.dirname, 'fuzz-server.ts'), { execArgv: ['--expose-gc'] });
let isDone = false;
server.once('exit', (code) => {
  if (!isDone) fail([`the server ended with ${code}`]);
});
const [url] = (await once(server, 'message')) as [string];
process.stdout.write(`seed ${seed}, ${count} requests\n`);
// The thread that reads large contexts stays for a minute, with files of its own.
await fetch(`${url}/v1/evaluate/none`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ context: { text: 'x'.repeat(5_000) } }),
});
const idle = await held();
await send(WARM_UP, seed + 1);
const before = await settled();
const started = performance.now();
const byStatus = await send(count, seed);
const seconds = (performance.now() - started) / 1_000;
const after = await settled();
const growthBytes = after.heapBytes - before.heapBytes;
const counts = [...byStatus].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
process.stdout.write(
  `${counts.join(', ')}\n${seconds.toFixed(0)} s; heap ${(growthBytes / 1e6).toFixed(1)} MB more than after ${WARM_UP}\n`,
);
const faults = [
  ...after.failures,
  ...(growthBytes > MOST_GROWTH_BYTES ? ['the heap has grown'] : []),
  ...(after.fds > idle.fds ? [`${after.fds - idle.fds} connections are left`] : []),
  ...(after.timers > idle.timers ? [`${after.timers - idle.timers} timers are left`] : []),
  ...(after.inFlight > 0 ? [`${after.inFlight} requests are in flight still`] : []),
];
if (faults.length > 0) fail(faults);
isDone = true;
server.disconnect();

async function send(requests: number, from: number): Promise<Map<number, number>> {
  const { failure, byStatus: counted } = await fuzz(url, from, requests);
  if (failure)
    fail([...failure.faults, 'the request:', failure.bytes.toString('latin1').slice(0, MOST_SHOWN)]);
  return counted;
}

async function held(): Promise<Held> {
  server.send('held');
  const [answer] = (await once(server, 'message')) as [Held];
  return answer;
}

/** Connections and the timers that hold refusals take a moment to go. */
async function settled(): Promise<Held> {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const now = await held();
    if ((now.fds <= idle.fds && now.timers <= idle.timers) || Date.now() > end) return now;
    await sleep(100);
  }
}

function fail(faults: readonly string[]): never {
  process.stderr.write(`${faults.join('\n')}\n`);
  isDone = true;
  server.kill();
  process.exit(1);
}
