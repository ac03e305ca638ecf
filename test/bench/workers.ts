// One process against two workers behind one port: requests per second, latency and memory; and with far more callers than there is time for.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLAGS, writeFlags } from './http-calls.ts';
import { closedLoop, percentile, requestBytes } from './http-load.ts';
import { type RelayCommand, startRelayCommand } from './relay-command.ts';
import { median, table } from './report.ts';

const ROUNDS = 5;
const ROUND_MS = 2_000;
/** Connections are there by then: those of workers come by way of their primary process. */
const WARM_UP_MS = 1_000;
const KINDS = [1, 2];
const CROWDS = [16, 64, 512];
const PROBE_EVERY_MS = 50;

const context = { targetingKey: 'user-4711', country: 'US', plan: 'pro', roles: ['buyer'] };
const calls = [
  { name: 'one flag', path: '/v1/evaluate/flag-7', body: { context } },
  { name: `all ${FLAGS} flags, OFREP`, path: '/ofrep/v1/evaluate/flags', body: { context } },
].map(({ body, ...call }) => ({ ...call, request: requestBytes(call.path, JSON.stringify(body)) }));

interface Round {
  perSecond: number;
  p99: number;
  /** The slowest answer of `/readyz` meanwhile, in microseconds. */
  probe: number;
}

/** Asks `/readyz` all the time, as a supervisor does, and returns how long the slowest answer took. */
function probing(url: string): () => Promise<number> {
  let isOver = false;
  let worst = 0;
  const asking = (async () => {
    while (!isOver) {
      const start = performance.now();
      const { ok } = await fetch(`${url}/readyz`);
      if (!ok) throw new Error('a relay that answers says that it is not ready');
      worst = Math.max(worst, (performance.now() - start) * 1_000);
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
  })();
  return async () => {
    isOver = true;
    await asking;
    return worst;
  };
}

async function round(relay: RelayCommand, request: Buffer, connections: number): Promise<Round> {
  const probed = probing(relay.probeUrl);
  const { answers, seconds, latencies } = await closedLoop(
    relay.port,
    request,
    connections,
    ROUND_MS,
    WARM_UP_MS,
  );
  return { perSecond: answers / seconds, p99: percentile(latencies, 0.99), probe: await probed() };
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
await writeFlags(folder);
const relays = await Promise.all(KINDS.map((workers) => startRelayCommand(folder, workers)));
const rows: string[][] = [];
for (const { name, request } of calls) {
  for (const connections of CROWDS) {
    const rounds: Round[][] = relays.map(() => []);
    for (let turn = 0; turn <= ROUNDS; turn++) {
      for (let at = 0; at < relays.length; at++) {
        const which = (at + turn) % relays.length;
        const result = await round(relays[which] as RelayCommand, request, connections);
        if (turn > 0) rounds[which]?.push(result);
      }
    }
    const cells = (read: (round: Round) => number) => {
      const [one = Number.NaN, two = Number.NaN] = rounds.map((all) => median(all.map(read)));
      return [one.toFixed(0), `${two.toFixed(0)} (${(two / one).toFixed(2)})`];
    };
    rows.push([`${name}, ${connections} connections: requests/s`, ...cells(({ perSecond }) => perSecond)]);
    rows.push(['  p99, µs', ...cells(({ p99 }) => p99)]);
    rows.push(['  slowest answer to a probe, µs', ...cells(({ probe }) => probe)]);
  }
}
const memory = await Promise.all(relays.map(({ metric }) => metric('process_resident_memory_bytes')));
rows.push(['resident memory of all processes, MB', ...memory.map((bytes) => (bytes / 1e6).toFixed(0))]);
await Promise.all(relays.map(({ stop }) => stop()));
await rm(folder, { recursive: true });

process.stdout.write(
  `Workers: ${FLAGS} flags; medians of ${ROUNDS} alternated rounds of ${ROUND_MS} ms after ${WARM_UP_MS} ms of warm-up, in brackets as a part of one process'.
Generator: own, on plain sockets (test/bench/http-load.ts). It takes a core of its own, so on a machine of two cores
two workers show little of what they are for.

${table([['', '1 process', '2 workers'], ...rows])}

`,
);
